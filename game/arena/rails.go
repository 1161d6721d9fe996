package arena

import "github.com/sandlot-server/sandlot/game"

// Rails. Lengths are 1/256 of a unit, times are ticks.
const (
	RailCharges = 3
	RailRange   = 40 * Unit
	RailTicks   = 24 // from one rail to the next shot of any kind
	RailDamage  = 60
	railStep    = 64 // between two looks for a wall, which is thicker
)

// rails fires the rails of those who pull the trigger, once all ships are where
// they are in this tick.
func (a *Arena) rails(t *game.Tick, m *Map) {
	for id, s := range a.Ships.All() {
		if s.Rail == 0 || s.Cool > 0 {
			continue
		}
		p := a.Ships.Owner(id)
		if in, ok := t.Input(p).(*Input); ok && in.Fire {
			a.rail(t, m, id, s, p)
		}
	}
}

// rail fires one: straight from the ship as far as the first wall or ship. Ships
// are where the shooter saw them when it fired, as far back as that counts; one
// that was destroyed since is passed through.
func (a *Arena) rail(t *game.Tick, m *Map, id game.ID, s *Ship, by game.Player) {
	s.Shield, s.ShieldLeft = false, 0
	s.Rail--
	s.Cool = RailTicks
	cos, sin := Cos(s.Aim), Sin(s.Aim)
	far := m.reach(s.X, s.Y, cos, sin)
	var victim game.ID
	for other, o := range a.Ships.Then(t.Rewind(by)) {
		if other == id || a.Ships.Get(other) == nil || a.Ships.Owner(other) == by {
			continue
		}
		dx, dy := int64(o.X-s.X), int64(o.Y-s.Y)
		along := int32((dx*int64(cos) + dy*int64(sin)) >> 14)
		aside := int32((dx*int64(sin) - dy*int64(cos)) >> 14)
		if along > 0 && along < far && abs(aside) < Radius {
			far, victim = along, other
		}
	}
	e := Railed{Shooter: by, X: s.X, Y: s.Y, ToX: s.X + cos*(far>>2)>>12, ToY: s.Y + sin*(far>>2)>>12}
	t.Broadcast(e)
	if victim != 0 {
		a.hit(t, victim, by, e.ToX, e.ToY, RailDamage)
	}
}

// reach is how far it is from a point to the first wall, up to RailRange.
func (m *Map) reach(x, y, cos, sin int32) int32 {
	for far := int32(railStep); far < RailRange; far += railStep {
		if m.Solid(x+cos*(far>>2)>>12, y+sin*(far>>2)>>12) {
			return far
		}
	}
	return RailRange
}
