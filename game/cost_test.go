package game_test

import (
	"testing"

	"github.com/sandlot-server/sandlot/game"
)

// TestStepAllocatesNothing covers inputs, sight, capture and the hash; what a
// game allocates in its Step is its own.
func TestStepAllocatesNothing(t *testing.T) {
	r := lab(t, nil)
	join(t, r, 1, 2, 3)
	seq, in := uint32(0), stick(1, 1, 1, 0)
	tick := func() {
		seq++
		for p := game.Player(1); p <= 3; p++ {
			r.Input(p, seq, seq, in)
		}
		r.Step()
		r.Applied(1)
		r.Hash()
	}
	for range 100 {
		tick()
	}
	if n := testing.AllocsPerRun(200, tick); n != 0 {
		t.Errorf("%v allocations a tick", n)
	}
}

func TestSightAllocatesNothing(t *testing.T) {
	r := fog(t)
	for p := game.Player(1); p <= 8; p++ {
		if err := r.Join(p, "ann", false, 0); err != nil {
			t.Fatal(err)
		}
	}
	g := r.Game().(*Fog)
	tick := func() {
		g.Far = (g.Far + 1) % 4
		r.Step()
	}
	for range 100 {
		tick()
	}
	if n := testing.AllocsPerRun(200, tick); n != 0 {
		t.Errorf("%v allocations a tick", n)
	}
}

func TestBroadcastOfAPointerAllocatesNothing(t *testing.T) {
	said := &Heard{Word: "hi"}
	r := lab(t, func(tick *game.Tick) {
		for p := range tick.Players() {
			tick.Send(p, said)
		}
		tick.Broadcast(said)
	})
	join(t, r, 1, 2)
	for range 10 {
		r.Step()
	}
	if n := testing.AllocsPerRun(200, r.Step); n != 0 {
		t.Errorf("%v allocations a tick", n)
	}
}

func BenchmarkStep(b *testing.B) {
	r := lab(b, nil)
	join(b, r, 1, 2, 3, 4)
	seq, in := uint32(0), stick(1, 1, 1, 0)
	b.ReportAllocs()
	for b.Loop() {
		seq++
		for p := game.Player(1); p <= 4; p++ {
			r.Input(p, seq, 0, in)
		}
		r.Step()
	}
}
