package client_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/ws/dial"
)

// A thousand clients are dropped at once, and the door takes nobody in for three
// seconds. They come back spread out, and all of them.
func TestAThousandComeBackSpreadOut(t *testing.T) {
	const (
		clients = 1000
		closed  = 3 * time.Second
		slot    = 50 * time.Millisecond
	)
	for _, c := range []struct {
		name string
		code uint16
		text string
		wait time.Duration // nobody comes sooner
		most int           // dials in one slot
	}{
		// By the first ceiling of 500 ms: 100 to a slot, and some of the second attempts.
		{"lost", 1006, "", 0, 200},
		{"restart", 1001, "restart;after=2", 2 * time.Second, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var mu sync.Mutex
				var cut time.Time // zero: not yet
				dials, backs := map[int]int{}, 0
				var open [clients]*socket
				chance := rand.New(rand.NewPCG(1, 2))
				var all sync.WaitGroup
				run, stop := context.WithCancel(context.Background())
				for i := range clients {
					w := &world{}
					w.dial = func(int, dial.Options) (client.Socket, error) {
						mu.Lock()
						defer mu.Unlock()
						if !cut.IsZero() {
							dials[int(time.Since(cut)/slot)]++
							if time.Since(cut) < c.wait {
								t.Errorf("one came after %v", time.Since(cut))
							}
							if time.Since(cut) < closed {
								return nil, errNetwork
							}
							backs++
						}
						open[i] = newSocket(welcome("r", 0))
						return open[i], nil
					}
					o := w.options()
					o.Chance = func() float64 {
						mu.Lock()
						defer mu.Unlock()
						return chance.Float64()
					}
					all.Go(func() { _ = client.New(o).Run(run) })
				}
				synctest.Wait()
				mu.Lock()
				cut = time.Now()
				for _, s := range open {
					s.ends(c.code, c.text)
				}
				mu.Unlock()
				<-time.After(30 * time.Second)
				synctest.Wait()
				mu.Lock()
				crowded, attempts := 0, 0
				for _, n := range dials {
					crowded, attempts = max(crowded, n), attempts+n
				}
				t.Logf("%d attempts, at most %d in %v, in %d different slots", attempts, crowded, slot, len(dials))
				if backs != clients || crowded > c.most || attempts > 5*clients {
					t.Errorf("%d came back, by %d attempts, up to %d at a time", backs, attempts, crowded)
				}
				mu.Unlock()
				stop()
				all.Wait()
			})
		})
	}
}
