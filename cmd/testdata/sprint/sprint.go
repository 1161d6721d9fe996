// Package sprint is a race: who presses most often is first at the line.
package sprint

import (
	"embed"
	"io/fs"
	"math/rand/v2"

	"github.com/sandlot-server/sandlot/game"
)

const line = 60

// Sprint is one race.
type Sprint struct {
	Runners game.Table[Runner] `sync:"max=8"`
	First   uint16             `sync:""` // the winner's number, 0 while they run
}

// Runner is one player on the track.
type Runner struct {
	At uint8 `sync:"lerp"`
}

// Input is the one button.
type Input struct {
	Go bool `press:""`
}

// New returns a race before its start.
func New() game.Game { return new(Sprint) }

// Step implements game.Game.
func (s *Sprint) Step(t *game.Tick) {
	for _, e := range t.Events {
		switch e.Kind {
		case game.Joined:
			s.Runners.Add(e.Player, Runner{})
		case game.Left:
			for id := range s.Runners.Owned(e.Player) {
				s.Runners.Remove(id)
			}
		}
	}
	for id, r := range s.Runners.All() {
		p := s.Runners.Owner(id)
		if in, ok := t.Input(p).(*Input); ok && in.Go && r.At < line {
			r.At++
		}
		if r.At == line && s.First == 0 {
			s.First = uint16(p)
		}
	}
	if s.First != 0 {
		t.End(s.result())
	}
}

func (s *Sprint) result() (r game.Result) {
	for id, one := range s.Runners.All() {
		place := game.Place{Player: s.Runners.Owner(id), Rank: 1, Score: int64(one.At)}
		for _, other := range s.Runners.All() {
			if other.At > one.At {
				place.Rank++
			}
		}
		r.Places = append(r.Places, place)
	}
	return r
}

type brain struct{ chance *rand.Rand }

func (b brain) Think(_ *game.View, in any) any {
	in.(*Input).Go = b.chance.IntN(2) == 0
	return nil
}

//go:embed web
var files embed.FS

func init() {
	web, err := fs.Sub(files, "web")
	if err != nil {
		panic(err)
	}
	game.Register("sprint", New, game.Title("Sprint"), game.Rate(30), game.Players(2, 8), game.LateJoin(),
		game.Input(Input{}), game.Web(web),
		game.Bots(func(seed uint64) game.Brain { return brain{rand.New(rand.NewPCG(seed, 1))} }))
}
