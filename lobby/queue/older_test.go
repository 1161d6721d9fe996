package queue_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/lobby/queue"
)

// twice is records that are kept twice, until one of the two is saved and stays as it
// is. It needs the clock of a bubble, by which both are the same.
type twice struct {
	mu         sync.Mutex
	now, saved *bus.Memory
	apart      bool
}

func newTwice() *twice { return &twice{now: bus.NewMemory(), saved: bus.NewMemory()} }

// save keeps what is there now for putBack.
func (w *twice) save() { w.mu.Lock(); defer w.mu.Unlock(); w.apart = true }

// putBack is a server that comes back with what it had saved.
func (w *twice) putBack() { w.mu.Lock(); defer w.mu.Unlock(); w.now = w.saved }

func kept[T any](w *twice, call func(bus.Records) (T, error)) (T, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.apart {
		_, _ = call(w.saved) // as the other
	}
	return call(w.now)
}

func (w *twice) Write(ctx context.Context, kind string, c bus.Change) error {
	_, err := kept(w, func(r bus.Records) (int, error) { return 0, r.Write(ctx, kind, c) })
	return err
}

func (w *twice) Read(ctx context.Context, kind string, ids ...string) ([]bus.Record, error) {
	return kept(w, func(r bus.Records) ([]bus.Record, error) { return r.Read(ctx, kind, ids...) })
}

func (w *twice) Named(ctx context.Context, kind, name string) (bus.Record, error) {
	return kept(w, func(r bus.Records) (bus.Record, error) { return r.Named(ctx, kind, name) })
}

func (w *twice) Written(ctx context.Context, kind string, from uint64, most int) (bus.Feed, error) {
	return kept(w, func(r bus.Records) (bus.Feed, error) { return r.Written(ctx, kind, from, most) })
}

func (w *twice) Renew(ctx context.Context, kind string, epoch, count uint64) error {
	_, err := kept(w, func(r bus.Records) (int, error) { return 0, r.Renew(ctx, kind, epoch, count) })
	return err
}

func (w *twice) Lead(ctx context.Context, kind, who string, ttl time.Duration) (uint64, error) {
	return kept(w, func(r bus.Records) (uint64, error) { return r.Lead(ctx, kind, who, ttl) })
}

// Records that come back as they were some time ago are taken for lost, and written
// again: nobody is matched twice, nobody is forgotten, and parties are as they were,
// whoever leads then.
func TestOlderRecords(t *testing.T) {
	for what, fault := range map[string]func(c *cluster){
		"the matcher goes on": func(*cluster) {},
		"another one matches": func(c *cluster) { c.stops[0]() },
		"it was away":         func(c *cluster) { c.links[0].set(true); c.links[1].set(true); pass(20 * time.Second) },
	} {
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := together(t, 2)
				defer c.stop()
				ann := c.at(1).ticket("ann", "duel")
				left, err := c.queues[1].NewParty(t.Context(), who("eve"))
				if err != nil {
					t.Fatal(err)
				}
				pass(10 * time.Second)
				c.twice.save()
				bob := c.at(1).ticket("bob", "duel")
				if err := c.queues[1].LeaveParty(t.Context(), who("eve"), left.Code, ""); err != nil {
					t.Fatal(err)
				}
				pass(2 * time.Second)
				room := c.at(1).want("ann", ann.ID, queue.Matched, "").Lobby
				cat := c.at(1).ticket("cat", "duel")
				made, err := c.queues[1].NewParty(t.Context(), who("fay"))
				if err != nil {
					t.Fatal(err)
				}
				pass(2 * time.Second)
				fault(c)
				c.twice.putBack()
				c.links[0].set(false)
				c.links[1].set(false)
				pass(8 * time.Second)
				c.at(1).want("cat", cat.ID, queue.Queued, "")
				dan := c.at(1).ticket("dan", "duel")
				pass(2 * time.Second)
				for name, id := range map[string]string{"ann": ann.ID, "bob": bob.ID} {
					if got := c.at(1).want(name, id, queue.Matched, "").Lobby; got != room {
						t.Errorf("%s was in %s and is in %s", name, room, got)
					}
				}
				if one, two := c.at(1).want("cat", cat.ID, queue.Matched, ""), c.at(1).want("dan", dan.ID, queue.Matched, ""); one.Lobby != two.Lobby {
					t.Errorf("cat is in %s, and dan in %s", one.Lobby, two.Lobby)
				}
				if n := c.opened(); n[0]+n[1] != 2 {
					t.Errorf("matches opened by instance: %v", n)
				}
				if v, err := c.queues[1].Party(t.Context(), who("fay"), made.Code, 0); err != nil || len(v.Members) != 1 {
					t.Errorf("the party that was made since is %+v, %v", v, err)
				}
				_, err = c.queues[1].Party(t.Context(), who("eve"), left.Code, 0)
				wantCode(t, err, lobby.CodeNoParty)
			})
		})
	}
}
