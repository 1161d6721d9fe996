package queue_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/lobby/match"
	"github.com/sandlot-server/sandlot/lobby/queue"
)

// cluster is instances that share a bus, within a bubble. The first matches.
type cluster struct {
	t      *testing.T
	shared *swap
	twice  *twice // what is behind it, until it is lost
	links  []*link
	hosts  []*host
	queues []*queue.Queue
	stops  []func()
	stop   func()
}

// swap is a bus whose records can be lost.
type swap struct {
	*bus.Memory
	mu  sync.Mutex
	now bus.Records
}

func (s *swap) records() bus.Records { s.mu.Lock(); defer s.mu.Unlock(); return s.now }
func (s *swap) lose()                { s.mu.Lock(); defer s.mu.Unlock(); s.now = bus.NewMemory() }
func (s *swap) Write(ctx context.Context, kind string, c bus.Change) error {
	return s.records().Write(ctx, kind, c)
}
func (s *swap) Read(ctx context.Context, kind string, ids ...string) ([]bus.Record, error) {
	return s.records().Read(ctx, kind, ids...)
}
func (s *swap) Named(ctx context.Context, kind, name string) (bus.Record, error) {
	return s.records().Named(ctx, kind, name)
}
func (s *swap) Written(ctx context.Context, kind string, from uint64, most int) (bus.Feed, error) {
	return s.records().Written(ctx, kind, from, most)
}
func (s *swap) Renew(ctx context.Context, kind string, epoch, count uint64) error {
	return s.records().Renew(ctx, kind, epoch, count)
}
func (s *swap) Lead(ctx context.Context, kind, who string, ttl time.Duration) (uint64, error) {
	return s.records().Lead(ctx, kind, who, ttl)
}

func together(t *testing.T, n int, change ...func(i int, d *queue.Deps)) *cluster {
	w := newTwice()
	c := &cluster{t: t, shared: &swap{Memory: bus.NewMemory(), now: w}, twice: w}
	ctx, cancel := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() { _ = c.shared.Run(ctx) })
	for i := range n {
		l, h := &link{both: c.shared}, &host{name: fmt.Sprint(i)}
		deps := queue.Deps{Host: h, Records: l, Bus: l}
		for _, f := range change {
			f(i, &deps)
		}
		q, stop := start(t, nil, deps)
		synctest.Wait()
		c.links, c.hosts, c.queues, c.stops = append(c.links, l), append(c.hosts, h), append(c.queues, q), append(c.stops, stop)
	}
	c.stop = func() {
		for _, stop := range c.stops {
			stop()
		}
		cancel()
		run.Wait()
	}
	return c
}

// at is the instance of that index as tests of one have it.
func (c *cluster) at(i int) *world { return &world{Queue: c.queues[i], t: c.t, host: c.hosts[i]} }

// opened is how many matches each instance has opened.
func (c *cluster) opened() (n []int) {
	for _, h := range c.hosts {
		n = append(n, len(h.matches()))
	}
	return n
}

func (c *cluster) wantOpened(want ...int) {
	c.t.Helper()
	if got := c.opened(); !slices.Equal(got, want) {
		c.t.Fatalf("matches opened by instance: %v, want %v", got, want)
	}
}

// Whoever matches may die, be cut off or freeze: another one takes over within
// three seconds, and what was asked for before is matched.
func TestTheMatcherIsReplaced(t *testing.T) {
	for how, fault := range map[string]func(c *cluster) (after func()){
		"dies":     func(c *cluster) func() { c.links[0].set(true); c.stops[0](); return func() {} },
		"is cut":   func(c *cluster) func() { c.links[0].set(true); return func() { c.links[0].set(false) } },
		"freezes":  func(c *cluster) func() { return c.links[0].freeze() },
		"is ended": func(c *cluster) func() { c.stops[0](); return func() {} },
	} {
		t.Run(how, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := together(t, 3)
				defer c.stop()
				ann := c.at(1).ticket("ann", "duel")
				pass(time.Second)
				after := fault(c)
				defer after()
				bob := c.at(2).ticket("bob", "duel")
				pass(3 * time.Second)
				c.at(2).want("ann", ann.ID, queue.Matched, "")
				c.at(1).want("bob", bob.ID, queue.Matched, "")
				if n := c.opened(); n[0] != 0 || n[1]+n[2] != 1 {
					t.Errorf("opened by instance: %v", n)
				}
			})
		})
	}
}

// A matcher that was frozen while it opened a match finds that it is no longer
// its own to decide.
func TestALateMatcherWritesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := together(t, 2)
		defer c.stop()
		c.hosts[0].opening = make(chan struct{})
		ann, bob := c.at(1).ticket("ann", "duel"), c.at(1).ticket("bob", "duel")
		pass(time.Second)
		thaw := c.links[0].freeze()
		close(c.hosts[0].opening)
		synctest.Wait() // it has opened the match, and what it writes is on its way
		pass(4 * time.Second)
		first := c.at(1).want("ann", ann.ID, queue.Matched, "")
		thaw()
		pass(4 * time.Second)
		c.wantOpened(1, 1)
		if c.links[0].late != 1 {
			t.Errorf("%d late writes were refused", c.links[0].late)
		}
		for _, v := range []queue.View{c.at(0).want("ann", ann.ID, queue.Matched, ""), c.at(0).want("bob", bob.ID, queue.Matched, "")} {
			if v.Lobby != first.Lobby || v.Version != first.Version {
				t.Errorf("it became %+v", v)
			}
		}
		c.at(0).ticket("cat", "duel") // and it serves on
		c.at(1).ticket("dan", "duel")
		pass(time.Second)
		c.wantOpened(1, 2)
	})
}

// Everything that players do works wherever they ask.
func TestAnyInstanceWillDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := together(t, 3)
		defer c.stop()
		ask := func(i int) (queue.View, error) {
			return c.queues[i].Queue(t.Context(), who("ann"), queue.Request{Game: "tag", Mode: "polite", Key: "k"})
		}
		ann, err := ask(1)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := ask(2); err != nil || again.ID != ann.ID {
			t.Errorf("the same key elsewhere gave %+v, %v", again, err)
		}
		_, err = c.queues[0].Queue(t.Context(), who("ann"), queue.Request{Game: "tag", Mode: "duel"})
		wantCode(t, err, lobby.CodeQueued)
		var waiting sync.WaitGroup
		waiting.Go(func() {
			began := time.Now()
			v, err := c.queues[1].Get(t.Context(), who("ann"), ann.ID, ann.Version)
			if err != nil || v.State != queue.Offered || time.Since(began) > time.Second {
				t.Errorf("after %v ann sees %+v, %v", time.Since(began), v, err)
			}
		})
		bob := c.at(2).ticket("bob", "polite")
		waiting.Wait()
		for i, name := range []string{"ann", "bob"} {
			id := map[string]string{"ann": ann.ID, "bob": bob.ID}[name]
			if _, err := c.queues[2-i].Answer(t.Context(), who(name), id, true); err != nil {
				t.Fatal(err)
			}
		}
		pass(time.Second)
		c.at(0).want("ann", ann.ID, queue.Matched, "")
		if v := c.at(1).want("bob", bob.ID, queue.Matched, ""); len(v.Seats) != 1 || v.Seats[0].Pass != "pass of bob" {
			t.Errorf("bob got %+v", v)
		}
		cat := c.at(1).ticket("cat", "polite")
		if err := c.queues[2].Cancel(t.Context(), who("cat"), cat.ID); err != nil {
			t.Fatal(err)
		}
		c.at(0).want("cat", cat.ID, queue.Cancelled, queue.ByPlayer)
		if est := c.at(1).ticket("dan", "polite").Estimate; est == 0 {
			t.Error("nobody knows how long it takes, where ann was matched")
		}
	})
}

// Members of a party may be anywhere.
func TestPartyOverInstances(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := together(t, 2)
		defer c.stop()
		p, err := c.queues[0].NewParty(t.Context(), who("ann"))
		if err != nil {
			t.Fatal(err)
		}
		var seen sync.WaitGroup
		seen.Go(func() {
			if v, err := c.queues[0].Party(t.Context(), who("ann"), p.Code, p.Version); err != nil || len(v.Members) != 2 {
				t.Errorf("ann sees %+v, %v", v, err)
			}
		})
		synctest.Wait()
		if _, err := c.queues[1].JoinParty(t.Context(), who("bob"), p.Code); err != nil {
			t.Fatal(err)
		}
		seen.Wait()
		ticket, err := c.queues[0].Queue(t.Context(), who("ann"), queue.Request{Game: "tag", Mode: "duel", Party: p.Code})
		if err != nil {
			t.Fatal(err)
		}
		v, err := c.queues[1].Party(t.Context(), who("bob"), p.Code, 0)
		if err != nil || v.Ticket != ticket.ID {
			t.Fatalf("bob sees %+v, %v", v, err)
		}
		pass(time.Second)
		if v := c.at(1).want("bob", v.Ticket, queue.Matched, ""); len(v.Seats) != 1 || v.Seats[0].Player.Name != "bob" {
			t.Errorf("bob got %+v", v)
		}
		if _, err := c.queues[1].NewParty(t.Context(), who("bob")); err != nil {
			t.Fatal(err)
		}
		if v, err := c.queues[0].Party(t.Context(), who("ann"), p.Code, 0); err != nil || len(v.Members) != 1 {
			t.Errorf("ann sees %+v, %v", v, err)
		}
	})
}

// Without the records new tickets are refused at once, and who waits goes on
// waiting.
func TestRecordsAreGoneForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := together(t, 2)
		defer c.stop()
		ann := c.at(1).ticket("ann", "duel")
		var waiting sync.WaitGroup
		waiting.Go(func() {
			if v, err := c.queues[1].Get(t.Context(), who("ann"), ann.ID, ann.Version); err != nil || v.State != queue.Matched {
				t.Errorf("ann got %+v, %v", v, err)
			}
		})
		synctest.Wait()
		for _, l := range c.links {
			l.set(true)
		}
		pass(20 * time.Second)
		_, err := c.queues[1].Queue(t.Context(), who("bob"), queue.Request{Game: "tag", Mode: "duel"})
		wantCode(t, err, lobby.CodeUnavailable)
		if own := new(lobby.Error); !errors.As(err, &own) || own.RetryAfter == 0 {
			t.Errorf("it does not say when to come again: %v", err)
		}
		for _, l := range c.links {
			l.set(false)
		}
		pass(2 * time.Second)
		c.at(1).ticket("bob", "duel")
		waiting.Wait()
	})
}

// The matcher may be an instance that does not have the game.
func TestTheMatcherDoesNotKnowTheGame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := together(t, 2, func(i int, d *queue.Deps) {
			if i == 0 {
				d.Games = func(string) (*game.Definition, bool) { return nil, false }
			}
		})
		defer c.stop()
		c.at(1).ticket("ann", "duel")
		c.at(1).ticket("bob", "duel")
		pass(time.Second)
		c.wantOpened(1, 0)
	})
}

// A ticket that was refused because its answer was lost is not in its player's
// way later.
func TestTicketsInDoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := together(t, 2)
		defer c.stop()
		c.links[1].lose(true)
		_, err := c.queues[1].Queue(t.Context(), who("ann"), queue.Request{Game: "tag", Mode: "duel"})
		wantCode(t, err, lobby.CodeUnavailable)
		c.links[1].lose(false)
		pass(2 * time.Second)
		c.at(1).ticket("ann", "duel")
	})
}

// Records that are lost are written again by those who know of them, and what
// was matched is not matched again.
func TestRecordsAreLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := together(t, 3)
		defer c.stop()
		ann, bob := c.at(1).ticket("ann", "duel"), c.at(2).ticket("bob", "duel")
		p, err := c.queues[2].NewParty(t.Context(), who("eve"))
		if err != nil {
			t.Fatal(err)
		}
		pass(time.Second)
		was := c.at(1).want("ann", ann.ID, queue.Matched, "")
		cat := c.at(1).ticket("cat", "duel")
		pass(2 * time.Second)
		c.shared.lose()
		pass(5 * time.Second)
		if v := c.at(2).want("bob", bob.ID, queue.Matched, ""); v.Lobby != was.Lobby {
			t.Errorf("bob is in %s, not in %s", v.Lobby, was.Lobby)
		}
		c.at(2).want("cat", cat.ID, queue.Queued, "")
		if v, err := c.queues[0].Party(t.Context(), who("eve"), p.Code, 0); err != nil || len(v.Members) != 1 {
			t.Errorf("eve sees %+v, %v", v, err)
		}
		c.at(2).ticket("dan", "duel")
		pass(time.Second)
		c.at(0).want("cat", cat.ID, queue.Matched, "")
		if n := c.opened(); n[0]+n[1]+n[2] != 2 {
			t.Errorf("opened by instance: %v", n)
		}
	})
}

// Results count once, wherever they are told and however often.
func TestRatingsOverInstances(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := together(t, 2)
		defer c.stop()
		end := lobby.MatchEnd{Lobby: "x", Game: "tag", Mode: "duel", Ranked: true, Players: []lobby.Ranked{{ID: "id-ann", Rank: 1}, {ID: "id-bob", Rank: 2}}}
		c.links[1].set(true)
		for i := range c.queues {
			c.queues[i].Ended(end)
		}
		pass(10 * time.Second)
		c.links[1].set(false)
		pass(10 * time.Second)
		fresh := match.NewRating()
		want := match.Rate([][]match.Rating{{fresh}, {fresh}}, []int{1, 2})
		if v := c.at(1).ticket("ann", "duel"); v.Rating != want[0][0].Points() {
			t.Errorf("ann has %d, want %d", v.Rating, want[0][0].Points())
		}
	})
}

// A match is played where it is near for all, whichever instance they asked.
func TestRegionOfAMatch(t *testing.T) {
	each(t, func(t *testing.T, open opener) {
		w := open(t, nil)
		defer w.stop()
		var polite []string
		for i, mode := range []string{"duel", "polite"} {
			for name, far := range map[string]map[string]int{"ann": {"eu": 90, "us": 20, "moon": 1}, "bob": {"eu": 80, "us": 40}} {
				v, err := w.Queue.Queue(t.Context(), who(fmt.Sprint(name, i)), queue.Request{Game: "tag", Mode: mode, Latencies: far})
				if err != nil {
					t.Fatal(err)
				}
				if mode == "polite" {
					polite = append(polite, v.ID, fmt.Sprint(name, i))
				}
			}
		}
		pass(time.Second)
		for of := range slices.Chunk(polite, 2) {
			if _, err := w.Answer(t.Context(), who(of[1]), of[0], true); err != nil {
				t.Fatal(err)
			}
		}
		pass(time.Second)
		if len(w.host.opened) != 2 {
			t.Fatalf("opened %v", w.host.matches())
		}
		for _, o := range w.host.opened {
			if o.Region != "us" {
				t.Errorf("%s is played in %q", o.Mode, o.Region)
			}
		}
	})
}
