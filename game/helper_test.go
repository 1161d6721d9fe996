package game_test

import (
	"testing"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
)

// Lab is a game that shows what a Runner does.
type Lab struct {
	Rows    game.Table[Row] `sync:"max=8"`
	Clock   uint32          `sync:""`
	Chance  uint64
	Options Dials `sandlot:"settings"`

	step func(*game.Tick) `sandlot:"scratch"`
}

type Row struct {
	X    int32  `sync:""`
	Card uint8  `sync:"owner"`
	Note string `sync:"max=8"`
}

type Dials struct {
	Speed int8 `range:"-5..5" default:"2"`
	Fast  bool `default:"true"`
}

type Stick struct {
	Move int8  `range:"-1..1"`
	Gear uint8 `range:"1..5"`
	Jump bool  `press:""`
	Bits uint8 `press:"" range:"0..7"`
}

type Say struct {
	Word string `max:"8"`
	N    [2]int16
}

type Take struct {
	N uint8 `range:"1..3"`
}

type Heard struct {
	Word string `max:"8"`
	N    int32  `range:"0..100"`
}

func (l *Lab) Step(t *game.Tick) {
	for _, e := range t.Events {
		switch e.Kind {
		case game.Joined:
			l.Rows.Add(e.Player, Row{Card: uint8(t.Rand.Uint32N(256)), Note: e.Name})
		case game.Left:
			for id := range l.Rows.Owned(e.Player) {
				l.Rows.Remove(id)
			}
		case game.Commanded:
			if say, ok := e.Command.(*Say); ok {
				t.Broadcast(Heard{Word: say.Word, N: 1})
			}
		}
	}
	for id, row := range l.Rows.All() {
		in := t.Input(l.Rows.Owner(id)).(*Stick)
		row.X += int32(in.Move) * int32(l.Options.Speed)
		if in.Jump {
			row.X += 1000
		}
	}
	l.Clock = t.N
	l.Chance = t.Rand.Uint64()
	if l.step != nil {
		l.step(t)
	}
}

func newLab() game.Game { return new(Lab) }

func labOptions(more ...game.Option) []game.Option {
	return append([]game.Option{
		game.Rate(10), game.Players(1, 4), game.LateJoin(), game.Teams(2),
		game.Input(Stick{}), game.Commands(Say{}, Take{}), game.Events(Heard{}),
	}, more...)
}

// lab starts a match whose ticks also run step, which may be nil.
func lab(t testing.TB, step func(*game.Tick), more ...game.Option) *game.Runner {
	t.Helper()
	d, err := game.Define("lab", func() game.Game { return &Lab{step: step} }, labOptions(more...)...)
	if err != nil {
		t.Fatal(err)
	}
	return start(t, d)
}

func start(t testing.TB, d *game.Definition) *game.Runner {
	t.Helper()
	r, err := game.NewRunner(d, 7, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func join(t testing.TB, r *game.Runner, players ...game.Player) {
	t.Helper()
	for _, p := range players {
		if err := r.Join(p, "ann", false, 1); err != nil {
			t.Fatal(err)
		}
	}
}

// code is that of a *game.Error, "" for none.
func code(t testing.TB, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	e, ok := err.(*game.Error)
	if !ok {
		t.Fatalf("%v is a %T, not a *game.Error", err, err)
	}
	return e.Code
}

// stick is an input on the wire.
func stick(move int64, gear int64, jump, bits int64) []state.Value {
	return []state.Value{{Int: move}, {Int: gear}, {Int: jump}, {Int: bits}}
}
