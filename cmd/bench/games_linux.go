package main

import (
	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/arena"
)

// timed is arena that notes when its ticks begin. A game must not look at the
// clock; this one does so for the measurement alone.
type timed arena.Arena

func (a *timed) Start(t *game.Tick) { (*arena.Arena)(a).Start(t) }

func (a *timed) Step(t *game.Tick) {
	noteTick(a, t.N)
	(*arena.Arena)(a).Step(t)
}

// crowdMax is how many ships fit in one crowd.
const crowdMax = 256

// crowd is arena's ships without the arena: as many as there are players, each
// always moving, all in sight of all. It measures what a player costs in
// lobbies of any size.
type crowd struct {
	Ships game.Table[arena.Ship] `sync:"max=256"`
}

// reach is the side of the crowd's field, in 1/256 units.
const reach = 400 * 256

func (c *crowd) Step(t *game.Tick) {
	for _, e := range t.Events {
		switch e.Kind {
		case game.Joined:
			c.Ships.Add(e.Player, arena.Ship{X: t.Rand.Int32N(reach), Y: t.Rand.Int32N(reach), HP: 100})
		case game.Left:
			for id := range c.Ships.Owned(e.Player) {
				c.Ships.Remove(id)
			}
		}
	}
	for id, s := range c.Ships.All() {
		in, ok := t.Input(c.Ships.Owner(id)).(*arena.Input)
		if !ok {
			continue
		}
		s.VX += int32(in.MoveX) * 4
		s.VY += int32(in.MoveY) * 4
		s.VX, s.VY = s.VX-s.VX/16, s.VY-s.VY/16
		s.X = (s.X + s.VX + 64 + reach) % reach
		s.Y = (s.Y + s.VY + 64 + reach) % reach
		s.Aim = in.Aim
	}
}

func registerGames() {
	game.Register(benchGame, func() game.Game { return new(timed) },
		append(arena.Options(), game.Title("Bench"), game.Rate(benchRate))...)
	game.Register(crowdGame, func() game.Game { return new(crowd) },
		game.Title("Crowd"), game.Rate(benchRate), game.Players(1, crowdMax), game.LateJoin(), game.Input(arena.Input{}))
}
