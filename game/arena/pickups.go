package arena

import "github.com/sandlot-server/sandlot/game"

// Pickups. Times are ticks, lengths 1/256 of a unit.
const (
	HealthGain  = 50
	HealthTicks = 300 // until a pad gives again
	AmmoTicks   = 240
	RapidWait   = 600
	RailWait    = 750
	grab        = Radius + 160 // a ship this near takes it
)

// lay puts a pad's pickup onto it.
func (a *Arena) lay(i int, pad Pad) {
	if _, ok := a.Pickups.Add(0, Pickup{X: pad.X, Y: pad.Y, Kind: pad.Kind, Pad: uint8(i)}); ok {
		a.Ready[i] = 0
	}
}

// collect gives pickups to the ships on them; of two ships the older one wins.
// What a ship has no use for stays.
func (a *Arena) collect(t *game.Tick) {
	for id, s := range a.Ships.All() {
		for pid, p := range a.Pickups.All() {
			dx, dy := abs(s.X-p.X), abs(s.Y-p.Y)
			if dx >= grab || dy >= grab || dx*dx+dy*dy >= grab*grab {
				continue
			}
			wait, ok := s.take(p.Kind)
			if !ok {
				continue
			}
			a.Ready[p.Pad] = t.N + wait
			t.Broadcast(Picked{Player: a.Ships.Owner(id), Kind: p.Kind, X: p.X, Y: p.Y})
			a.Pickups.Remove(pid)
		}
	}
}

// take applies a pickup and says how long its pad then rests; false if the ship
// has no use for it.
func (s *Ship) take(kind uint8) (wait uint32, ok bool) {
	switch kind {
	case Health:
		ok = s.HP < MaxHP
		s.HP = min(s.HP+HealthGain, MaxHP)
		return HealthTicks, ok
	case Ammo:
		ok = s.Ammo < MaxAmmo
		s.Ammo = MaxAmmo
		return AmmoTicks, ok
	case Rail:
		ok = s.Rail < RailCharges
		s.Rail = RailCharges
		return RailWait, ok
	default:
		s.Ammo = MaxAmmo
		s.Rapid, s.RapidLeft = true, RapidTicks
		return RapidWait, true
	}
}

// refill lays the pickups whose pads have rested.
func (a *Arena) refill(t *game.Tick, m *Map) {
	for i := range m.Pads {
		if at := a.Ready[i]; at != 0 && t.N >= at {
			a.lay(i, m.Pads[i])
		}
	}
}
