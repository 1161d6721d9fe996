package cmd

import (
	"os"
	"testing"

	"github.com/sandlot-server/sandlot/game"
)

// One of every kind of field there is, under a name that is another type's.
type oddGame struct {
	Cards game.Table[oddCard]
	Round uint8    `sync:""`
	Board [9]int16 `sync:""`
}

type oddCard struct {
	Face  string  `sync:"max=24"`
	Marks [5]bool `sync:""`
	X     int32   `sync:"step=16,lerp,predict"`
	Turn  uint8   `sync:"lerp=angle"`
	Hand  [3]int8 `sync:"owner"`
	Open  bool    `sync:""`
}

type oddInput struct {
	Pull [2]int8 `range:"-9..9"`
	Jump bool    `press:""`
	Say  string  `max:"12"`
}

type oddDraw struct {
	Pile uint8  `range:"1..4"`
	Note string `max:"40"`
}

type oddPass struct{}

type oddDrawn struct {
	Cards [4]uint8
	Last  bool
}

func (*oddGame) Step(*game.Tick) {}

func TestTypesOfEveryKind(t *testing.T) {
	d, err := game.Define("settings", func() game.Game { return new(oddGame) },
		game.Input(oddInput{}), game.Commands(oddDraw{}, oddPass{}), game.Events(oddDrawn{}))
	if err != nil {
		t.Fatal(err)
	}
	const file = "testdata/types/settings.ts"
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := typeScript(d); got != string(want) {
		t.Errorf("%s is not what is printed any longer:\n%s", file, got)
	}
}
