package game_test

import (
	"fmt"

	"github.com/sandlot-server/sandlot/game"
)

// Herd is a game in which players see what is within 100 of their sheep, but no
// wolf that lies low.
type Herd struct {
	Sheep  game.Table[Beast] `sync:"max=64"`
	Wolves game.Table[Beast] `sync:"max=64"`
	Flags  game.Table[Flag]  // is nowhere: everyone sees all of it
}

// Beast says where it is by its two fields tagged pos.
type Beast struct {
	X, Y int16 `sync:"lerp,pos"`
	Low  bool  `sync:""`
}

// Flag is a player's colour.
type Flag struct {
	Colour uint8 `sync:""`
}

// Walk is what a player holds down.
type Walk struct {
	X, Y int8 `range:"-1..1"`
}

// Step walks the sheep; the wolves stay where they are.
func (h *Herd) Step(t *game.Tick) {
	for _, e := range t.Events {
		switch e.Kind {
		case game.Joined:
			at := int16(e.Player) * 60
			h.Sheep.Add(e.Player, Beast{X: at})
			h.Wolves.Add(0, Beast{X: at + 50, Low: e.Player%2 == 0})
			h.Flags.Add(e.Player, Flag{Colour: uint8(e.Player)})
		case game.Left:
			for id := range h.Sheep.Owned(e.Player) {
				h.Sheep.Remove(id)
			}
			for id := range h.Flags.Owned(e.Player) {
				h.Flags.Remove(id)
			}
		}
	}
	for id, sheep := range h.Sheep.All() {
		in := t.Input(h.Sheep.Owner(id)).(*Walk)
		sheep.X, sheep.Y = sheep.X+int16(in.X), sheep.Y+int16(in.Y)
	}
}

// See is what makes the difference: what is near, and exceptions from it.
func (h *Herd) See(p game.Player, v *game.Viewer) {
	if p == 0 {
		return // spectators see all
	}
	v.HideAll(&h.Sheep) // who has no sheep sees none
	v.HideAll(&h.Wolves)
	for _, mine := range h.Sheep.Owned(p) {
		v.Around(int32(mine.X), int32(mine.Y), 100)
	}
	for id, wolf := range h.Wolves.All() {
		if wolf.Low {
			v.Hide(&h.Wolves, id)
		}
	}
}

var _ game.Sight = (*Herd)(nil)

func newHerd() game.Game { return new(Herd) }

var herdOptions = []game.Option{game.Players(1, 8), game.LateJoin(), game.Input(Walk{})}

func ExampleViewer_Around() {
	herd, err := game.Define("herd", newHerd, herdOptions...)
	if err != nil {
		fmt.Println(err)
		return
	}
	match, err := game.NewRunner(herd, 1, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for p := game.Player(1); p <= 4; p++ {
		if err := match.Join(p, "ann", false, 0); err != nil {
			fmt.Println(err)
			return
		}
	}
	match.Step()
	state := match.Ring().Newest()
	for p := game.Player(1); p <= 4; p++ {
		view := match.View(p)
		fmt.Printf("player %d sees", p)
		for table, name := range []string{"sheep", "wolves"} {
			fmt.Print(" ", name)
			for pos := range state.Len(table) {
				if view.Has(table, pos) {
					fmt.Print(" ", state.ID(table, pos))
				}
			}
		}
		fmt.Println()
	}
	// Output:
	// player 1 sees sheep 1 2 wolves 1
	// player 2 sees sheep 1 2 3 wolves 1
	// player 3 sees sheep 2 3 4 wolves 1 3
	// player 4 sees sheep 3 4 wolves 3
}
