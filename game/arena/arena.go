package arena

import "github.com/sandlot-server/sandlot/game"

// Bounds of a match.
const (
	maxPlayers = 16
	rate       = 30 // ticks a second
)

// Arena is one match: one round on one map.
type Arena struct {
	Ships   game.Table[Ship]   `sync:"max=16,rewind"`
	Shots   game.Table[Shot]   `sync:"max=256"`
	Pickups game.Table[Pickup] `sync:"max=16"`
	Walls   game.Table[Wall]   `sync:"max=32"`
	Scores  game.Table[Score]  `sync:"max=16"`

	EndsAt    uint32 `sync:""` // the tick at which time is up
	Kills     uint16 `sync:""` // who has so many wins at once; 0 is no limit
	Map       uint8  `sync:""` // which of Maps, from 1
	Width     int32  `sync:""` // of the map, in 1/256 units
	Height    int32  `sync:""`
	ShotSpeed int32  `sync:""` // a tick

	Settings Settings        `sandlot:"settings"`
	Ready    [maxPads]uint32 // per pad, the tick at which it gives again; 0 while its pickup lies there
	Over     bool            // the result is out
}

var (
	_ game.Game    = (*Arena)(nil)
	_ game.Starter = (*Arena)(nil)
)

// New returns a match that has not started.
func New() game.Game { return new(Arena) }

// Start lays out the map.
func (a *Arena) Start(t *game.Tick) {
	n := a.Settings.Map
	if n < 1 || n > len(Maps) {
		n = 1 + t.Rand.IntN(len(Maps))
	}
	m := Maps[n-1]
	a.Map = uint8(n)
	a.Width, a.Height = m.Width, m.Height
	a.ShotSpeed = ShotSpeed
	a.Kills = uint16(a.Settings.Kills)
	a.EndsAt = uint32(a.Settings.Seconds * t.Rate())
	for _, w := range m.Walls {
		a.Walls.Add(0, w)
	}
	for i := range m.Pads {
		a.lay(i, m.Pads[i])
	}
}

// Step advances the match by one tick. The order matters and is part of the
// rules: who comes and goes, ships, rails, shots, pickups, the end.
func (a *Arena) Step(t *game.Tick) {
	if a.Over {
		return
	}
	for _, e := range t.Events {
		switch e.Kind {
		case game.Joined:
			a.join(t, e.Player)
		case game.Left:
			a.leave(e.Player)
		}
	}
	m := a.ground()
	a.respawn(t, m)
	a.fly(t, m)
	a.bump()
	a.rails(t, m)
	a.shoot(t, m)
	a.collect(t)
	a.refill(t, m)
	a.judge(t)
}

// ground is the map of this match.
func (a *Arena) ground() *Map { return Maps[max(a.Map, 1)-1] }

// join gives a player a score and a ship.
func (a *Arena) join(t *game.Tick, p game.Player) {
	if id, _ := a.score(p); id != 0 {
		return
	}
	if _, ok := a.Scores.Add(p, Score{}); ok {
		a.spawn(t, p, a.ground())
	}
}

// leave takes away all that a player has, but for shots under way: those hit,
// and nobody is paid for it.
func (a *Arena) leave(p game.Player) {
	for id := range a.Ships.Owned(p) {
		a.Ships.Remove(id)
	}
	for id := range a.Scores.Owned(p) {
		a.Scores.Remove(id)
	}
}

// score finds the score of a player; 0 and nil if it has none.
func (a *Arena) score(p game.Player) (game.ID, *Score) {
	for id, s := range a.Scores.Owned(p) {
		return id, s
	}
	return 0, nil
}
