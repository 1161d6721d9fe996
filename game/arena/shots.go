package arena

import "github.com/sandlot-server/sandlot/game"

// Shots. Lengths are 1/256 of a unit, times are ticks.
const (
	ShotSpeed  = 288 // a tick
	ShotTicks  = 36  // it flies no longer than that
	ShotRadius = 40
	Damage     = 25
	parts      = 3 // steps of a shot within a tick, each shorter than a ship
)

// shoot moves every shot and deals with what it meets.
func (a *Arena) shoot(t *game.Tick, m *Map) {
	for id, s := range a.Shots.All() {
		age := t.N - s.Born
		if age == 0 {
			continue // leaves its ship with the next tick
		}
		if age > ShotTicks || a.advance(t, m, s, a.Shots.Owner(id), int32(age)) {
			a.Shots.Remove(id)
		}
	}
}

// advance takes a shot through tick number age of its flight and says whether it
// ended there.
func (a *Arena) advance(t *game.Tick, m *Map, s *Shot, by game.Player, age int32) bool {
	cos, sin := Cos(s.Aim), Sin(s.Aim)
	for part := int32(1); part <= parts; part++ {
		far := ((age-1)*parts + part) * ShotSpeed / parts
		x, y := s.X+cos*far>>14, s.Y+sin*far>>14
		if m.Solid(x, y) {
			return true
		}
		if id := a.struck(x, y, by); id != 0 {
			a.hit(t, id, by, x, y, Damage)
			return true
		}
	}
	return false
}

// struck finds a ship at a point that a shot of player by can hit, or 0.
func (a *Arena) struck(x, y int32, by game.Player) game.ID {
	const reach = Radius + ShotRadius
	for id, s := range a.Ships.All() {
		dx, dy := abs(s.X-x), abs(s.Y-y)
		if dx >= reach || dy >= reach || dx*dx+dy*dy >= reach*reach {
			continue
		}
		if a.Ships.Owner(id) != by {
			return id
		}
	}
	return 0
}

// hit takes hit points from a ship; a shield takes the shot and keeps them.
func (a *Arena) hit(t *game.Tick, id game.ID, by game.Player, x, y int32, damage uint8) {
	s := a.Ships.Get(id)
	e := Hit{Shooter: by, Victim: a.Ships.Owner(id), X: x, Y: y}
	if !s.Shield {
		e.Damage = min(damage, s.HP)
	}
	t.Send(e.Victim, e)
	if _, score := a.score(by); score != nil {
		t.Send(by, e)
	}
	if s.HP -= e.Damage; s.HP == 0 {
		a.destroy(t, id, by)
	}
}
