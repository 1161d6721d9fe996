package state_test

import (
	"testing"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// crowd is 300 ships, each a player's, in a square.
type crowd struct {
	Ships state.Table[placedShip] `sync:"max=300"`
}

type placedShip struct {
	X, Y   int32 `sync:"step=64,lerp,predict,pos"`
	VX, VY int32 `sync:"predict"`
	Aim    uint8 `sync:"lerp=angle"`
	HP     uint8 `sync:""`
	Ammo   uint8 `sync:"owner"`
}

// bench is a crowd with what sends it.
type bench struct {
	layout *state.Layout
	game   *crowd
	ring   *state.Ring
	differ *state.Differ
	out    *wire.Writer
	views  [2][]state.View // of this tick and the one before
	grid   state.Grid
	tick   uint32
}

const benchSide = 100000

func newBench(t testing.TB, ships int32) *bench {
	b := &bench{layout: compile[crowd](t), game: &crowd{}, out: wire.NewWriter(nil)}
	b.layout.Bind(b.game)
	for i := range ships {
		b.game.Ships.Add(state.Player(i+1), placedShip{X: i * 7919 % benchSide, Y: i * 104729 % benchSide, HP: 100})
	}
	b.ring, b.differ = state.NewRing(b.layout, 20), state.NewDiffer(b.layout.Tables())
	b.differ.Share(wire.NewWriter(nil))
	b.views = [2][]state.View{make([]state.View, ships), make([]state.View, ships)}
	b.step()
	b.look()
	return b
}

// step has everyone move.
func (b *bench) step() *state.Snapshot {
	b.tick++
	for id, s := range b.game.Ships.All() {
		s.VX, s.VY = int32(b.tick+uint32(id)*7)%601-300, int32(b.tick*3+uint32(id)*13)%601-300
		s.X, s.Y = min(max(s.X+s.VX, 0), benchSide), min(max(s.Y+s.VY, 0), benchSide)
		s.Aim += uint8(id)
	}
	return b.ring.Capture(b.tick, b.game)
}

// look works out what everyone sees: some 60 rows.
func (b *bench) look() (was, now []state.View) {
	snap := b.ring.Newest()
	was, now = b.views[(b.tick+1)%2], b.views[b.tick%2]
	pos := 0
	for _, s := range b.game.Ships.All() {
		circle := state.Circle{X: int64(s.X), Y: int64(s.Y), Enter: 25000, Leave: 28000}
		now[pos].Reset(snap)
		b.grid.Build(b.layout, snap, 0, circle.Leave)
		b.grid.Near(&now[pos], 0, circle, func(at int) bool { return was[pos].Has(0, at) })
		pos++
	}
	return was, now
}

// sights sends everyone what it sees.
func (b *bench) sights() {
	base := b.ring.Newest()
	now := b.step()
	was, views := b.look()
	for i := range views {
		b.out.Empty()
		b.differ.Body(b.out, base, now, &was[i], &views[i])
		b.differ.Owner(b.out, base, now, &was[i], &views[i], state.Player(i+1))
	}
}

// budgets sends everyone of all there is what fits into 400 bytes.
func (b *bench) budgets(held []state.Held) {
	base := b.ring.Newest()
	now := b.step()
	for i := range held {
		b.out.Empty()
		b.differ.Within(b.out, 400, &held[i], b.ring, base, now, nil, state.Player(i+1))
	}
}

func TestCrowdAllocatesNothing(t *testing.T) {
	b := newBench(t, 40)
	for range 500 {
		b.sights()
	}
	if n := testing.AllocsPerRun(100, b.sights); n != 0 {
		t.Errorf("%v allocations a tick of sights", n)
	}
	held := make([]state.Held, 40)
	for range 300 {
		b.budgets(held)
	}
	if n := testing.AllocsPerRun(100, func() { b.budgets(held) }); n != 0 {
		t.Errorf("%v allocations a tick of budgets", n)
	}
}

// BenchmarkLook works out what 300 players see of 300 rows, some 60 each.
func BenchmarkLook(b *testing.B) {
	c := newBench(b, 300)
	b.ReportAllocs()
	for b.Loop() {
		c.step()
		c.look()
	}
}

// BenchmarkSights is all that 300 players who see some 60 of 300 rows are sent
// in a tick, with step, capture and sight.
func BenchmarkSights(b *testing.B) {
	c := newBench(b, 300)
	b.ReportAllocs()
	for b.Loop() {
		c.sights()
	}
}

// BenchmarkBudgets is all that 300 players who see 300 rows are sent in a tick
// of 400 bytes each, with step and capture.
func BenchmarkBudgets(b *testing.B) {
	c := newBench(b, 300)
	held := make([]state.Held, 300)
	b.ReportAllocs()
	for b.Loop() {
		c.budgets(held)
	}
}
