package lobby_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/bus"
)

// What tests of several instances are set up with. All of it ends with the test.

// The times of instances that share something.
const (
	beat  = 200 * time.Millisecond
	lease = time.Second
)

// over is an instance that shares a bus and a store with others.
func over(t *testing.T, name string, b bus.Bus, s bus.Store, more ...setup) *world {
	return open(t, append([]setup{{
		config: func(c *lobby.Config) {
			c.Instance, c.AdvertiseURL, c.Beat, c.Lease = name, "https://"+name+".example.com", beat, lease
		},
		deps: func(d *lobby.Deps) { d.Bus, d.Store = b, s },
	}}, more...)...)
}

// memory is what instances share.
func memory(t *testing.T) *bus.Memory {
	m := bus.NewMemory()
	ctx, cancel := context.WithCancel(context.Background())
	var run sync.WaitGroup
	run.Go(func() { _ = m.Run(ctx) })
	t.Cleanup(func() { cancel(); run.Wait() })
	return m
}

// pair is two instances, a by its link, on one bus and store.
func pair(t *testing.T, linkA ...*severed) (a, b *world) {
	m := memory(t)
	plain := setup{config: func(c *lobby.Config) { c.AdvertiseURL = "http://b.example.com:7777/" }}
	if len(linkA) == 0 {
		return over(t, "a", m, m), over(t, "b", m, m, plain)
	}
	linkA[0].Bus, linkA[0].Store = m, m
	return over(t, "a", linkA[0], linkA[0]), over(t, "b", m, m, plain)
}

// airs is two ways to one memory.
func airs(t *testing.T) (a, b *air) {
	m := memory(t)
	return &air{with: m}, &air{with: m}
}

// over is one instance that reaches others through the air.
func (a *air) over(t *testing.T, name string, more ...setup) *world {
	served := setup{deps: func(d *lobby.Deps) { d.Served = func() []string { return []string{"duel", "tag"} } }}
	return over(t, name, a, a, append([]setup{served}, more...)...)
}

// town is up to three instances that ask each other, each through an air of its own, at
// the addresses given; "" is none.
func town(t *testing.T, addresses map[string]string, names ...string) (map[string]*world, *wires, []*air) {
	one, two := airs(t)
	all := []*air{one, two, {with: one.with}}
	w := &wires{at: map[string]*world{}, cut: map[string]bool{}}
	for i, name := range names {
		in := all[i].over(t, name, setup{
			config: func(c *lobby.Config) {
				c.AdvertiseURL, c.PeerURL, c.Region = addresses[name], "http://"+name+".inside", "r-"+name
			},
			deps: func(d *lobby.Deps) { d.Peers = w },
		})
		w.mu.Lock()
		w.at[name] = in
		w.mu.Unlock()
	}
	<-time.After(2 * beat)
	return w.at, w, all
}

// wires carries what instances ask of each other, where it is not cut.
type wires struct {
	mu   sync.Mutex
	at   map[string]*world
	cut  map[string]bool
	busy bool // that they are cut is for something else than their absence
	cuts int  // questions to those that are cut
}

func (w *wires) Ask(ctx context.Context, to lobby.Instance, what string, question []byte) ([]byte, error) {
	w.mu.Lock()
	of, cut := w.at[to.Name], w.cut[to.Name]
	if cut {
		w.cuts++
	}
	busy := w.busy
	w.mu.Unlock()
	if cut && busy {
		return nil, &lobby.Error{Code: lobby.CodeUnavailable, Message: "busy", RetryAfter: time.Second, Err: lobby.ErrUnasked}
	}
	if of == nil || cut {
		return nil, &lobby.Error{Code: lobby.CodeUnavailable, Message: "cut", RetryAfter: time.Second, Err: errCut}
	}
	return of.Answer(ctx, what, question)
}

func (w *wires) sever(name string, is bool) { w.mu.Lock(); defer w.mu.Unlock(); w.cut[name] = is }
