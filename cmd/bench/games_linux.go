package main

import (
	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/arena"
	_ "github.com/sandlot-server/sandlot/game/fours" // what a storm's bots play
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
const crowdMax = 1000

// crowd is arena's ships without the arena: as many as there are players, each
// always moving. It measures what a player costs in lobbies of any size.
type crowd struct {
	Ships game.Table[ship] `sync:"max=1000"`
	Side  int32            // of the field, in 1/256 units; ships come out at the other side
	Reach int32            // how far players see; 0: everything
}

// ship has the fields of arena's that are sent, and says where it is.
type ship struct {
	X, Y   int32 `sync:"step=64,lerp,predict,pos"`
	Aim    uint8 `sync:"lerp=angle"`
	HP     uint8 `sync:""`
	Shield bool  `sync:""`
	Rapid  bool  `sync:""`
	VX, VY int32 `sync:"predict"`
	Dash   uint8 `sync:"predict"`
	Ammo   uint8 `sync:"owner"`
	Rail   uint8 `sync:"owner"`
}

func (c *crowd) Step(t *game.Tick) {
	for _, e := range t.Events {
		switch e.Kind {
		case game.Joined:
			c.Ships.Add(e.Player, ship{X: t.Rand.Int32N(c.Side), Y: t.Rand.Int32N(c.Side), HP: 100})
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
		s.X = (s.X + s.VX + 64 + c.Side) % c.Side
		s.Y = (s.Y + s.VY + 64 + c.Side) % c.Side
		s.Aim = in.Aim
	}
}

// sighted is a crowd whose players see no further than its reach.
type sighted struct{ crowd }

func (c *sighted) See(p game.Player, v *game.Viewer) {
	for _, me := range c.Ships.Owned(p) {
		v.Around(me.X, me.Y, c.Reach)
	}
}

// shape is one match of many players: the name of its game, and what it is.
type shape struct {
	game        string
	players     int
	rate        int
	side, reach int32
}

// crowdSide is the side of a field in which all see all, in 1/256 units.
const crowdSide = 400 * 256

// shapes are the matches that -matches measures. The sides of those with a
// reach are such that its circle holds the part of the field that the name
// says, once ships are spread evenly.
var shapes = []shape{
	{game: "see-all-200", players: 200, rate: 20, side: crowdSide},
	{game: "see-25-of-100", players: 100, rate: 20, side: 100000, reach: 31000},
	{game: "see-60-of-300", players: 300, rate: 20, side: 100000, reach: 27500},
	{game: "see-25-of-1000", players: 1000, rate: 20, side: 1 << 20, reach: 93500},
	{game: "see-all-100-60hz", players: 100, rate: 60, side: crowdSide},
}

func (s shape) new() game.Game {
	if s.reach == 0 {
		return &crowd{Side: s.side}
	}
	return &sighted{crowd{Side: s.side, Reach: s.reach}}
}

func registerGames() {
	game.Register(benchGame, func() game.Game { return new(timed) },
		append(arena.Options(), game.Title("Bench"), game.Rate(benchRate))...)
	all := append([]shape{{game: crowdGame, players: crowdMax, rate: benchRate, side: crowdSide}}, shapes...)
	for _, s := range all {
		game.Register(s.game, s.new, game.Rate(s.rate), game.Players(1, s.players), game.LateJoin(), game.Input(arena.Input{}))
	}
}
