// The program under attack: Sandlot, its games, and traps.
package main

import (
	"github.com/sandlot-server/sandlot/cmd"
	"github.com/sandlot-server/sandlot/game"
	_ "github.com/sandlot-server/sandlot/game/arena"
	_ "github.com/sandlot-server/sandlot/game/fours"
)

// Traps is a game that misbehaves when told to.
type Traps struct {
	Things game.Table[Thing] `sync:"max=64"`
	Secret uint32
}

// Thing is a row with something of each kind; its owner alone may know Hand.
type Thing struct {
	X, Y int16  `sync:""`
	Face uint32 `sync:""`      // hidden with the whole row
	Hand uint32 `sync:"owner"` // its owner's alone
	Runs int32  `sync:""`      // commands that reached the game
	Acts int32  `sync:""`      // inputs that did
}

// Push is one input.
type Push struct {
	DX, DY int8 `range:"-1..1"`
}

// Spring sets a trap off.
type Spring struct {
	What uint8 `range:"0..3"`
}

const (
	nothing = iota
	panics
	loops
	eats
)

// eaten keeps what a match ate for as long as the process runs.
var eaten [][]byte

// What nobody else may see: values that no other bytes look like.
const (
	handMark = 0x5EC2E700
	faceMark = 0x3ACEF000
	neverOut = 0x7D00DBAD
)

// Step is one tick.
func (g *Traps) Step(t *game.Tick) {
	g.Secret = neverOut
	for _, e := range t.Events {
		switch e.Kind {
		case game.Joined:
			g.Things.Add(e.Player, Thing{Hand: handMark + uint32(e.Player), Face: faceMark + uint32(e.Player)})
		case game.Left:
			for id := range g.Things.Owned(e.Player) {
				g.Things.Remove(id)
			}
		case game.Commanded:
			g.spring(e.Player, e.Command.(*Spring).What)
		}
	}
	for id, row := range g.Things.All() {
		p := t.Input(g.Things.Owner(id)).(*Push)
		row.X += int16(p.DX)
		row.Y += int16(p.DY)
		if p.DX != 0 {
			row.Acts++
		}
	}
}

func (g *Traps) spring(p game.Player, what uint8) {
	for _, row := range g.Things.Owned(p) {
		row.Runs++
	}
	switch what {
	case panics:
		panic("sprung")
	case loops:
		for n := 0; ; n++ {
			g.Secret = uint32(n)
		}
	case eats:
		for range 48 {
			meal := make([]byte, 1<<20)
			for i := range meal {
				meal[i] = byte(i)
			}
			eaten = append(eaten, meal)
		}
	}
}

// See hides everybody from everybody else.
func (g *Traps) See(p game.Player, v *game.Viewer) {
	v.HideAll(&g.Things)
	for id := range g.Things.Owned(p) {
		v.Show(&g.Things, id)
	}
}

func main() {
	game.Register("traps", func() game.Game { return new(Traps) },
		game.Rate(20), game.Players(1, 8), game.LateJoin(), game.Input(Push{}), game.Commands(Spring{}))
	cmd.Main()
}
