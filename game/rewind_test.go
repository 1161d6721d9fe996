package game_test

import (
	"testing"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/gametest"
)

// Range is a game with a target that moves by one each tick, and shooters who
// say what they see of it.
type Range struct {
	Targets game.Table[Target] `sync:"max=2,rewind"`
	Saw     [3]int32           // by player
}

type Target struct {
	X int32 `sync:""`
}

func (g *Range) Step(t *game.Tick) {
	if t.N == 1 {
		g.Targets.Add(0, Target{})
	}
	for p := range t.Players() {
		for _, target := range g.Targets.Then(t.Rewind(p)) {
			g.Saw[p] = target.X
		}
	}
	for _, target := range g.Targets.All() {
		target.X = int32(t.N) // after tick n it is at n
	}
}

func newRange() game.Game { return new(Range) }

var rangeRules = []game.Option{game.Rate(20), game.Players(1, 2), game.Input(Stick{})}

func shootingRange(t *testing.T) (*game.Definition, *game.Runner) {
	t.Helper()
	d, err := game.Define("range", newRange, rangeRules...)
	if err != nil {
		t.Fatal(err)
	}
	r, err := game.NewRunner(d, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	for p := range game.Player(2) {
		if err := r.Join(p+1, "shooter", false, 0); err != nil {
			t.Fatal(err)
		}
	}
	for range 20 {
		r.Step()
	}
	return d, r
}

// At 20 ticks a second a player's view counts for 5 ticks.
func TestRewindIsWhatThePlayerSaw(t *testing.T) {
	for _, c := range []struct{ viewed, sees uint32 }{
		{18, 18}, {20, 20}, {0, 20}, // unknown: the tick before this one
		{16, 16}, {15, 16}, {1, 16}, // 250 ms and no more
		{21, 20}, {1 << 31, 20}, // what is yet to come
	} {
		_, r := shootingRange(t)
		r.Input(1, 1, c.viewed, stick(0, 1, 0, 0))
		r.Step() // 21
		if got := r.Game().(*Range).Saw; got[1] != int32(c.sees) || got[2] != 20 {
			t.Errorf("viewed %d: player 1 sees %d, player 2 %d, want %d and 20", c.viewed, got[1], got[2], c.sees)
		}
	}
}

// A view is clamped when it arrives; one that has waited is bounded all the same.
func TestRewindOfAnInputThatWaited(t *testing.T) {
	_, r := shootingRange(t)
	for seq := uint32(1); seq <= 3; seq++ {
		r.Input(1, seq, 17, stick(0, 1, 0, 0))
	}
	for i, want := range []int32{17, 17, 18, 19} { // ticks 21 to 24, the last repeats
		r.Step()
		if got := r.Game().(*Range).Saw[1]; got != want {
			t.Errorf("tick %d: sees %d, want %d", 21+i, got, want)
		}
	}
}

func TestLatePlayersLookBack(t *testing.T) {
	m := gametest.New(t, newRange, gametest.With(rangeRules...))
	ann, bob := m.Join("ann"), m.Join("bob")
	m.Input(ann, Stick{Gear: 1})
	m.Input(bob, Stick{Gear: 1})
	for _, c := range []struct {
		ann, bob int32
		late     uint32
		steps    int
	}{{19, 15, 4, 20}, {20, 16, 12, 1}} { // 250 ms are 5 ticks
		m.Late(bob, c.late)
		m.Step(c.steps)
		if saw := m.Game().(*Range).Saw; saw[ann] != c.ann || saw[bob] != c.bob {
			t.Errorf("%d ticks late: ann saw %d and bob %d, want %d and %d", c.late, saw[ann], saw[bob], c.ann, c.bob)
		}
	}
}

// A past is part of the state, at every tick.
func TestGamesThatLookBackConform(t *testing.T) {
	gametest.Conform(t, newRange, gametest.With(rangeRules...))
}

func TestHalfASavedPastIsRefused(t *testing.T) {
	d, r := shootingRange(t)
	r.Input(1, 1, 17, stick(0, 1, 0, 0))
	saved := r.Save(nil)
	for n := range saved {
		if _, err := game.Restore(d, saved[:n]); err == nil {
			t.Fatalf("%d of %d bytes are a save", n, len(saved))
		}
	}
}
