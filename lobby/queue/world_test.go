package queue_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/lobby/queue"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type plain struct{}

func (*plain) Step(*game.Tick) {}

type brain struct{}

func (brain) Think(*game.View, any) any { return nil }

// games is one game with a mode of each kind.
func games(t testing.TB) func(string) (*game.Definition, bool) {
	d, err := game.Define("tag", func() game.Game { return new(plain) }, game.Players(2, 8), game.Teams(2), game.LateJoin(),
		game.Bots(func(uint64) game.Brain { return brain{} }), game.Modes(
			game.Mode{Name: "open", Size: 4, Min: 2},
			game.Mode{Name: "duel", Size: 2, Ranked: true},
			game.Mode{Name: "teams", Teams: 2, Size: 2, Ranked: true},
			game.Mode{Name: "polite", Size: 2, Ranked: true, Accept: true},
		))
	if err != nil {
		t.Fatal(err)
	}
	return func(name string) (*game.Definition, bool) { return d, name == "tag" }
}

// host is a queue.Host that remembers.
type host struct {
	mu      sync.Mutex
	opened  []lobby.MatchOptions
	filled  []string
	rooms   []lobby.Room
	failing error
	opening chan struct{} // a match opens when it is closed; nil: at once
	name    string        // begins the names of its lobbies
}

func (h *host) OpenMatch(_ context.Context, o lobby.MatchOptions) (string, error) {
	if h.opening != nil {
		<-h.opening
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.failing != nil {
		return "", h.failing
	}
	h.opened = append(h.opened, o)
	return fmt.Sprintf("%slobby%d", h.name, len(h.opened)), nil
}

func (h *host) FillMatch(_ context.Context, id string, team int, players []lobby.Placed) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range players {
		h.filled = append(h.filled, fmt.Sprint(id, team, p.Who.Name))
	}
	return h.failing
}

func (h *host) Rooms() []lobby.Room {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.rooms)
}

func (h *host) Regions() []string { return []string{"eu", "us"} }

func (h *host) Join(_ context.Context, who lobby.Who, id string, _ lobby.Role) (lobby.Joined, error) {
	return lobby.Joined{Lobby: lobby.Info{ID: id}, URL: "/v1/ws?lobby=" + id, Pass: "pass of " + who.Name}, nil
}

func (h *host) matches() (out []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, o := range h.opened {
		line := o.Mode
		for _, team := range o.Teams {
			var names []string
			for _, p := range team {
				names = append(names, p.Who.Name)
			}
			line += fmt.Sprint(names)
		}
		out = append(out, line)
	}
	return out
}

// world is a queue that runs, within a bubble.
type world struct {
	*queue.Queue
	t    *testing.T
	host *host
	stop func()
}

type opener func(t *testing.T, change func(*queue.Config)) *world

// each runs a test in a bubble for a queue alone, and for one of two instances
// of which the other one matches.
func each(t *testing.T, test func(t *testing.T, open opener)) {
	t.Run("alone", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { test(t, open) })
	})
	t.Run("shared", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { test(t, openSecond) })
	})
}

func open(t *testing.T, change func(*queue.Config)) *world {
	w := &world{t: t, host: &host{}}
	w.Queue, w.stop = start(t, change, queue.Deps{Host: w.host})
	return w
}

func openSecond(t *testing.T, change func(*queue.Config)) *world {
	w := &world{t: t, host: &host{}}
	b := bus.NewMemory()
	ctx, cancel := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() { _ = b.Run(ctx) })
	deps := queue.Deps{Host: w.host, Records: b, Bus: b}
	_, stopFirst := start(t, change, deps)
	synctest.Wait() // it matches
	second, stopSecond := start(t, change, deps)
	w.Queue = second
	w.stop = func() { stopSecond(); stopFirst(); cancel(); run.Wait() }
	return w
}

// start runs a queue until stop is called.
func start(t *testing.T, change func(*queue.Config), deps queue.Deps) (*queue.Queue, func()) {
	cfg := queue.Defaults()
	if change != nil {
		change(&cfg)
	}
	if deps.Games == nil {
		deps.Games = games(t)
	}
	q, err := queue.New(cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() { _ = q.Run(ctx) })
	return q, sync.OnceFunc(func() { cancel(); run.Wait() })
}

func who(name string) lobby.Who {
	return lobby.Who{ID: "id-" + name, Name: name, Expires: time.Now().Add(time.Hour)}
}

func (w *world) ticket(name, mode string) queue.View {
	w.t.Helper()
	v, err := w.Queue.Queue(w.t.Context(), who(name), queue.Request{Game: "tag", Mode: mode})
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

func (w *world) get(name, id string) queue.View {
	w.t.Helper()
	v, err := w.Get(w.t.Context(), who(name), id, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

func (w *world) want(name, id string, s queue.State, reason string) queue.View {
	w.t.Helper()
	v := w.get(name, id)
	if v.State != s || v.Reason != reason {
		w.t.Fatalf("%s's ticket is %s (%s), want %s (%s)", name, v.State, v.Reason, s, reason)
	}
	return v
}

// pass lets time go by, with everything that is due in it.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	e, ok := err.(*lobby.Error)
	if !ok || e.Code != code {
		t.Fatalf("got %v, want %s", err, code)
	}
}
