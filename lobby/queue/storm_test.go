package queue_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/lobby/queue"
)

// Whatever players do at the same time, nobody is in two matches at once, and
// every ticket comes to an end.
func TestStorm(t *testing.T) {
	each(t, func(t *testing.T, open opener) {
		w := open(t, nil)
		defer w.stop()
		const players, rounds = 60, 8
		var all sync.WaitGroup
		var mu sync.Mutex
		matched := map[string]bool{} // ticket and player
		for i := range players {
			all.Go(func() {
				chance := rand.New(rand.NewPCG(1, uint64(i)))
				name := fmt.Sprint("p", i)
				for range rounds {
					mode := []string{"open", "duel", "teams", "polite"}[chance.IntN(4)]
					v, err := w.Queue.Queue(t.Context(), who(name), queue.Request{Game: "tag", Mode: mode})
					if err != nil {
						t.Errorf("%s: %v", name, err)
						return
					}
					for v.State == queue.Queued || v.State == queue.Offered {
						ctx, cancel := context.WithTimeout(t.Context(), time.Duration(chance.IntN(40_000))*time.Millisecond)
						if next, err := w.Get(ctx, who(name), v.ID, v.Version); err == nil {
							v = next
						}
						cancel()
						switch {
						case v.State == queue.Offered && v.Offer != nil && !v.Offer.You:
							_, _ = w.Answer(t.Context(), who(name), v.ID, chance.IntN(3) > 0)
						case chance.IntN(4) == 0:
							_ = w.Cancel(t.Context(), who(name), v.ID)
						}
						if next, err := w.Get(t.Context(), who(name), v.ID, 0); err == nil {
							v = next
						}
					}
					if v.State == queue.Matched {
						mu.Lock()
						matched[v.Lobby+" "+name] = true
						mu.Unlock()
					}
				}
			})
		}
		all.Wait()
		w.host.mu.Lock()
		defer w.host.mu.Unlock()
		in := 0
		for i, o := range w.host.opened {
			known, people := 0, 0
			for _, team := range o.Teams {
				for _, p := range team {
					people++
					if matched[fmt.Sprintf("lobby%d %s", i+1, p.Who.Name)] {
						known++
					}
				}
			}
			// Somebody may cancel at the very moment: then it counts for nobody.
			if known != 0 && known != people {
				t.Errorf("of %d in lobby%d only %d know", people, i+1, known)
			}
			in += known
		}
		if in == 0 || in != len(matched) {
			t.Errorf("%d places, %d matched", in, len(matched))
		}
	})
}
