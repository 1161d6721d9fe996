package lobby_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/bus"
)

// lists is a Store that counts how often all lobbies are listed.
type lists struct {
	bus.Store
	n atomic.Int64
}

func (l *lists) List(ctx context.Context, kind string) ([]bus.Lease, error) {
	if kind == "lobby" {
		l.n.Add(1)
	}
	return l.Store.List(ctx, kind)
}

// Whoever asks again and again for lobbies that are nowhere does not have all of them
// listed each time. Those who ask for the first time do not wait, and what is there
// is found, however new it is.
func TestMissesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, two := airs(t)
		counted := &lists{Store: two}
		slow := setup{config: func(c *lobby.Config) { c.Beat, c.Lease = time.Minute, time.Hour }}
		a, b := one.over(t, "a", slow), two.over(t, "b", slow, setup{deps: func(d *lobby.Deps) { d.Store = counted }})
		synctest.Wait()
		made := func(name string) string {
			t.Helper()
			ann := a.create(name, lobby.CreateOptions{Private: true})
			<-time.After(time.Second) // its lease is put
			return ann.code(a)
		}
		miss := func(i int) {
			if _, err := b.Get(t.Context(), who("eve"), fmt.Sprintf("%08d", i)); code(err) != lobby.CodeNotFound {
				t.Errorf("what is nowhere: %v", err)
			}
		}
		found := func(what, code string, within time.Duration) {
			t.Helper()
			began := time.Now()
			if _, err := b.Get(t.Context(), who("eve"), code); err != nil {
				t.Errorf("%s: %v", what, err)
			}
			if took := time.Since(began); took > within {
				t.Errorf("%s: found after %s, want %s at most", what, took, within)
			}
		}
		first := made("ann")
		miss(0)
		found("just after a miss", first, 0)
		before, began := counted.n.Load(), time.Now()
		for i := range 100 {
			miss(i)
		}
		took := time.Since(began)
		if n, most := counted.n.Load()-before, 20+int64(took/(200*time.Millisecond))+1; n > most || took == 0 {
			t.Errorf("100 misses in %s list all lobbies %d times, at most %d", took, n, most)
		}
		found("known", first, 0)
		found("new, behind a hundred misses", made("bob"), 200*time.Millisecond)
		before, began = counted.n.Load(), time.Now()
		for i := range 1000 {
			if _, err := b.Get(t.Context(), who("eve"), fmt.Sprintf("nowhere%05d", i)); code(err) != lobby.CodeNotFound {
				t.Errorf("an id that is nowhere: %v", err)
			}
		}
		if n := counted.n.Load() - before; n > 1 || time.Since(began) > 0 {
			t.Errorf("1,000 ids that are nowhere list all lobbies %d times, in %s", n, time.Since(began))
		}
		cat := a.create("cat", lobby.CreateOptions{})
		<-time.After(time.Second)
		found("by its id", cat.lobby, 0)
		before, began = counted.n.Load(), time.Now()
		var all sync.WaitGroup
		for i := range 1000 {
			all.Go(func() { miss(i) })
		}
		all.Wait()
		if n, took := counted.n.Load()-before, time.Since(began); n > 21 || took > 200*time.Millisecond {
			t.Errorf("1,000 misses at once list all lobbies %d times in %s", n, took)
		}
	})
}
