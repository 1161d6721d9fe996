package session_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/session"
)

// TestBudgetHolds has more in sight than fits: no delta is above the budget, all
// are near it, everyone's own pawn comes each tick, and no pawn is forgotten.
func TestBudgetHolds(t *testing.T) {
	const players, budget = 120, 200
	f := newMeadow(t, 1<<18, 0, game.Budget(budget))
	for p := range state.Player(players) {
		f.join(t, p+1)
	}
	stale := map[game.ID]int{} // ticks since player 7 was sent a pawn
	own, sent := 0, 0
	for tick := range 200 {
		for i, w := range f.watchers {
			turn := (tick/10 + i) % 4
			w.steer(f, int64(turn%2*2-1), int64(turn/2*2-1))
		}
		w := f.watchers[6]
		before := map[game.ID][]int64{}
		held := w.mirror.Table("pawns")
		for pos := range held.Len() {
			before[held.ID(pos)] = pawnOf(held, pos)
		}
		f.tick(t)
		for pos := range held.Len() {
			id := held.ID(pos)
			if stale[id]++; !reflect.DeepEqual(before[id], pawnOf(held, pos)) {
				stale[id] = 0
				sent++
				if held.Owner(pos) == 7 {
					own++
				}
			}
			if stale[id] > 30 {
				t.Fatalf("tick %d: pawn %d was forgotten", tick, id)
			}
		}
	}
	for _, w := range f.watchers {
		if w.largest > budget || w.largest < budget*8/10 {
			t.Fatalf("player %d was sent %d bytes at once, of %d", w.me, w.largest, budget)
		}
	}
	if own < 180 || sent < 200*25 {
		t.Fatalf("%d times its own pawn, %d pawns in 200 ticks", own, sent)
	}
	t.Logf("%.1f of %d pawns a tick in %d bytes", float64(sent)/200, players, budget)
}

// starred is a crowd in which everyone keeps an eye on pawn 50.
type starred struct{ crowd }

func (s *starred) See(_ game.Player, v *game.Viewer) { v.Prefer(&s.Pawns, 50) }

// TestPreferredComesFirst has six times more in sight than fits: what the game
// prefers comes several times as often as the rest.
func TestPreferredComesFirst(t *testing.T) {
	f := newMeadowOf(t, func() game.Game { return &starred{crowd{Side: 1 << 18}} }, game.Budget(100))
	for p := range state.Player(100) {
		f.join(t, p+1)
	}
	w, star, others := f.watchers[6], 0, 0
	for tick := range 200 {
		for i, w := range f.watchers {
			turn := (tick/10 + i) % 4
			w.steer(f, int64(turn%2*2-1), int64(turn/2*2-1))
		}
		held := w.mirror.Table("pawns")
		before := map[game.ID][]int64{}
		for pos := range held.Len() {
			before[held.ID(pos)] = pawnOf(held, pos)
		}
		f.tick(t)
		for pos := range held.Len() {
			switch id := held.ID(pos); {
			case held.Owner(pos) == 7 || reflect.DeepEqual(before[id], pawnOf(held, pos)):
			case id == 50:
				star++
			default:
				others++
			}
		}
	}
	if mean := float64(others) / 98; float64(star) < 2*mean {
		t.Fatalf("the preferred pawn came %d times, others %.1f times", star, mean)
	}
}

// narrow is a match with a budget and one sight.
type narrow struct {
	*match
	view   state.View
	hidden func(id state.ID) bool
}

func (n *narrow) Budget() int                   { return 64 }
func (n *narrow) View(state.Player) *state.View { return &n.view }
func (n *narrow) step() {
	n.match.step()
	snap := n.ring.Newest()
	n.view.Reset(snap)
	n.view.ShowAll(0, snap)
	for pos := range snap.Len(0) {
		if n.hidden(snap.ID(0, pos)) {
			n.view.Hide(0, pos)
		}
	}
}

// TestCatchingUp: rows that were too many to be sent leave sight before they
// are; what follows must not take them for sent.
func TestCatchingUp(t *testing.T) {
	n := &narrow{match: newMatch(), hidden: func(state.ID) bool { return false }}
	now := time.Now()
	c := newClient(t, 1, nil, now)
	g := session.NewGroup(schema, nil)
	g.Add(c.s)
	tick := func(want int) {
		t.Helper()
		n.step()
		now = now.Add(period)
		g.Send(n, now)
		c.read()
		c.ack(now)
		ships := c.mirror.Table("ships")
		if ships.Len() != want {
			t.Fatalf("tick %d: %d ships, want %d", n.tick, ships.Len(), want)
		}
		for pos := range ships.Len() {
			if x, _, _ := ships.Field("x"); ships.Int(pos, x) != int64(n.world.Ships.Get(ships.ID(pos)).X) {
				t.Fatalf("tick %d: ship %d is at %d", n.tick, ships.ID(pos), ships.Int(pos, x))
			}
		}
	}
	first, _ := n.world.Ships.Add(2, ship{X: 5})
	tick(1) // a keyframe
	for range 9 {
		n.world.Ships.Add(2, ship{X: 1 << 30, Y: -1 << 30})
	}
	tick(3)
	n.hidden = func(id state.ID) bool { return id > 3 }
	tick(3)
	n.world.Ships.Get(first).X++
	tick(3)
	n.hidden = func(state.ID) bool { return false }
	tick(5)
	tick(7)
	tick(9)
	tick(10)
	if got, want := c.tick, n.tick; got != want {
		t.Fatalf("at tick %d of %d", got, want)
	}
}
