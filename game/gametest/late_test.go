package gametest_test

import (
	"testing"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/gametest"
)

// watchers is a game of players who note what they see of a clock.
type watchers struct {
	Clocks game.Table[clockRow] `sync:"max=1,rewind"`
	Saw    [3]uint32            // by player
}

type clockRow struct {
	N uint32 `sync:""`
}

func (g *watchers) Step(t *game.Tick) {
	if t.N == 1 {
		g.Clocks.Add(0, clockRow{})
	}
	for p := range t.Players() {
		for _, c := range g.Clocks.Then(t.Rewind(p)) {
			g.Saw[p] = c.N
		}
	}
	for _, c := range g.Clocks.All() {
		c.N = t.N
	}
}

type wave struct{ Up bool }

var watching = gametest.With(game.Rate(30), game.Players(1, 2), game.Input(wave{}))

func TestLatePlayersLookBack(t *testing.T) {
	m := gametest.New(t, func() game.Game { return new(watchers) }, watching)
	ann, bob := m.Join("ann"), m.Join("bob")
	m.Input(ann, wave{})
	m.Input(bob, wave{})
	m.Late(bob, 4)
	m.Step(20)
	if saw := m.Game().(*watchers).Saw; saw[ann] != 19 || saw[bob] != 15 {
		t.Errorf("in tick 20 ann saw %d and bob %d", saw[ann], saw[bob])
	}
	m.Late(bob, 12) // 250 ms are 7 ticks
	m.Step(1)
	if saw := m.Game().(*watchers).Saw; saw[bob] != 14 {
		t.Errorf("in tick 21 bob saw %d", saw[bob])
	}
}

// A past is saved and restored with the match, at every tick.
func TestGamesThatLookBackConform(t *testing.T) {
	gametest.Conform(t, func() game.Game { return new(watchers) }, watching)
}
