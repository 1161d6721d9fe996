package lobby_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/net/wire"
)

// puts is a Store that counts the leases on lobbies that are put, and how often
// all are listed.
type puts struct {
	lists
	leases atomic.Int64
}

func (p *puts) Put(ctx context.Context, kind string, l []bus.Lease, ttl time.Duration) error {
	if kind == "lobby" {
		p.leases.Add(int64(len(l)))
	}
	return p.lists.Put(ctx, kind, l, ttl)
}

// What the Store is asked for because one lobby changes all the time does not grow with
// the lobbies that do not: of those it is told once a beat, and it lists once a beat.
// The change itself is told at once.
func TestOneLobbyThatChangesCostsTheStoreLittle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, _ := airs(t)
		counted := &puts{lists: lists{Store: one}}
		const every, others, changes = 2 * time.Second, 20, 100
		a := one.over(t, "a", setup{
			config: func(c *lobby.Config) { c.Beat, c.Lease = every, 4*every },
			deps:   func(d *lobby.Deps) { d.Store = counted },
		})
		for i := range others {
			a.create(fmt.Sprint("p", i), lobby.CreateOptions{})
		}
		ann := a.create("ann", lobby.CreateOptions{})
		ann.sleep(every)
		leases, listed, began := counted.leases.Load(), counted.n.Load(), time.Now()
		for i := range changes {
			players := 4 + i%2
			ann.sayAndSettle(wire.AppendManage(nil, wire.Manage{Action: wire.ActPlayers, Value: uint32(players)}))
			ann.sleep(100 * time.Millisecond)
			if lease, err := one.Get(t.Context(), "lobby", ann.lobby); err != nil || !strings.Contains(string(lease), fmt.Sprintf(`"maxPlayers":%d,`, players)) {
				t.Fatalf("after 100 ms the lease says %s, %v", lease, err)
			}
		}
		beats := int64(time.Since(began)/(every*3/4)) + 1
		if n, most := counted.leases.Load()-leases, changes+1+beats*(others+1); n > most {
			t.Errorf("%d changes of one lobby beside %d put %d leases, want at most %d", changes, others, n, most)
		}
		if n := counted.n.Load() - listed; n > beats {
			t.Errorf("they list all lobbies %d times, want at most %d", n, beats)
		}
	})
}
