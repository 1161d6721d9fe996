package gametest

import (
	"strings"
	"testing"

	"github.com/sandlot-server/sandlot/game"
)

// hunt is a sound game with all that the kit looks at.
type hunt struct {
	Hunters game.Table[hunter] `sync:"max=6"`
	Traps   game.Table[trap]   `sync:"max=12"`
	Left    int32              `sync:""`
	Secret  int32
	Seen    uint32
	Rules   struct {
		Ticks int `range:"10..1000" default:"120"`
	} `sandlot:"settings"`

	wrong func(*hunt, *game.Tick) `sandlot:"scratch"` // what makes it unsound
	kept  int                     `sandlot:"scratch"`
}

type hunter struct {
	X, Y int32    `sync:"step=16,lerp,predict"`
	VX   int16    `sync:"predict"`
	Name string   `sync:"max=16"`
	Card uint8    `sync:"owner"`
	Load [3]uint8 `sync:"owner"`
	Mind int64
}

type trap struct {
	X, Y int32 `sync:""`
}

type lean struct {
	X, Y int8 `range:"-1..1"`
	Leap bool `press:""`
}

type set struct {
	At   uint8  `range:"0..3"`
	Note string `max:"12"`
}

type sprung struct{ By game.Player }

func (h *hunt) Step(t *game.Tick) {
	for _, e := range t.Events {
		switch e.Kind {
		case game.Joined:
			h.Hunters.Add(e.Player, hunter{X: t.Rand.Int32N(1000) - 500, Card: uint8(t.Rand.UintN(52)), Name: cut(e.Name)})
		case game.Left:
			for id := range h.Hunters.Owned(e.Player) {
				h.Hunters.Remove(id)
			}
		case game.Commanded:
			for _, hunter := range h.Hunters.Owned(e.Player) {
				h.Traps.Add(e.Player, trap{X: hunter.X, Y: int32(e.Command.(*set).At)})
			}
		}
	}
	for id, hunter := range h.Hunters.All() {
		in := t.Input(h.Hunters.Owner(id)).(*lean)
		hunter.VX += int16(in.X)
		hunter.X += int32(hunter.VX)
		hunter.Y += int32(in.Y) * 5
		if in.Leap {
			hunter.Mind++
			hunter.Load[hunter.Mind%3]++
			t.Send(h.Hunters.Owner(id), sprung{h.Hunters.Owner(id)})
		}
	}
	if h.Traps.Len() > 9 {
		for id := range h.Traps.All() {
			h.Traps.Remove(id)
			break
		}
	}
	h.Seen++
	h.Secret = int32(t.Rand.Uint32())
	h.Left = int32(h.Rules.Ticks) - int32(h.Seen)
	if h.wrong != nil {
		h.wrong(h, t)
	}
	if h.Left <= 0 {
		t.End(game.Result{})
	}
}

func (h *hunt) See(p game.Player, v *game.Viewer) {
	if p == 0 {
		return
	}
	for id, trap := range h.Traps.All() {
		if h.Traps.Owner(id) != p && trap.X%2 == 0 {
			v.Hide(&h.Traps, id)
		}
	}
}

func cut(name string) string { return name[:min(len(name), 16)] }

type huntBot struct{ n uint64 }

func (b *huntBot) Think(v *game.View, in any) any {
	b.n++
	in.(*lean).X = int8(b.n%3) - 1
	if b.n%50 == 0 {
		return set{At: uint8(v.Me % 4)}
	}
	return nil
}

var huntOptions = With(game.Rate(10), game.Players(2, 6), game.LateJoin(), game.Teams(2), game.Input(lean{}), game.Commands(set{}), game.Events(sprung{}),
	game.Bots(func(seed uint64) game.Brain { return &huntBot{seed} }))

func newHunt() game.Game { return new(hunt) }

func TestConformPassesASoundGame(t *testing.T) {
	Conform(t, newHunt, huntOptions, Ticks(200))
}

// kitOf is a kit for a hunt that goes wrong each tick.
func kitOf(t *testing.T, wrong func(*hunt, *game.Tick)) *kit {
	newGame := func() game.Game { return &hunt{wrong: wrong} }
	c, d := configure(t, newGame, []Option{huntOptions, Ticks(150)})
	return &kit{config: c, d: d, newGame: newGame, settings: c.values(t, d)}
}

func TestConformFinds(t *testing.T) {
	matches := int32(0)
	for name, test := range map[string]struct {
		wrong func(*hunt, *game.Tick)
		check func(*kit) error
		want  []string
	}{
		"state that matches share": {
			func(h *hunt, t *game.Tick) {
				if matches++; t.N == 17 {
					h.Left = matches
				}
			},
			(*kit).equal, []string{"seed 1", "part at tick 17", "table match"},
		},
		"state that is not synced": {
			func(h *hunt, t *game.Tick) {
				if matches++; t.N == 17 {
					h.Seen += uint32(matches) << 16 >> 16 & 1
				}
			},
			(*kit).equal, []string{"part at tick"},
		},
		"scratch that matters": {
			func(h *hunt, t *game.Tick) {
				h.kept++
				h.Secret = int32(h.kept)
			},
			(*kit).restored, []string{"part at tick"},
		},
		"a command that it cannot take": {
			func(h *hunt, t *game.Tick) {
				for _, e := range t.Events {
					if c, ok := e.Command.(*set); ok && c.At == 3 && h.Hunters.Len() > 1 {
						panic("trap 3")
					}
				}
			},
			(*kit).hostile, []string{"trap 3", "tick ", "conform_test.go"},
		},
		"an empty match": {
			func(h *hunt, t *game.Tick) { _ = 100 / t.Count() },
			(*kit).storm, []string{"divide by zero"},
		},
		"a table that is replaced": {
			func(h *hunt, t *game.Tick) {
				if t.N == 20 {
					h.Traps = game.Table[trap]{}
				}
			},
			(*kit).hostile, []string{"table Traps was replaced", "tick 20"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := test.check(kitOf(t, test.wrong))
			if err == nil {
				t.Fatal("nothing was found")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("no %q in:\n%v", want, err)
				}
			}
		})
	}
}
