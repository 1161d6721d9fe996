package arena

import "github.com/sandlot-server/sandlot/game"

// A ship's body and guns. Times are ticks, lengths 1/256 of a unit.
const (
	MaxHP        = 100
	MaxAmmo      = 24
	ShieldTicks  = 60  // after a spawn, or until it fires
	RespawnTicks = 75  // from being destroyed to the new ship
	FireTicks    = 7   // from one shot to the next
	RapidFire    = 4   // the same while Rapid
	RapidTicks   = 210 // that Rapid lasts
	LoadTicks    = 12  // to load one more shot
	shove        = 14  // speed that two ships which overlap gain apart, each tick
	wide         = 20 * Unit
)

// respawn brings back the ships whose time has come.
func (a *Arena) respawn(t *game.Tick, m *Map) {
	for id, s := range a.Scores.All() {
		if s.RespawnAt != 0 && t.N >= s.RespawnAt {
			a.spawn(t, a.Scores.Owner(id), m)
		}
	}
}

// spawn puts a player's ship where the others are far.
func (a *Arena) spawn(t *game.Tick, p game.Player, m *Map) {
	at := a.place(t, m)
	ship := Ship{X: at.X, Y: at.Y, HP: MaxHP, Ammo: MaxAmmo, Shield: true, ShieldLeft: ShieldTicks}
	if at.X > m.Width/2 {
		ship.Aim = 128 // both sides look to the middle
	}
	if _, ok := a.Ships.Add(p, ship); !ok {
		return
	}
	if _, s := a.score(p); s != nil {
		s.RespawnAt = 0
	}
	t.Broadcast(Respawned{Player: p, X: at.X, Y: at.Y})
}

// place chooses a spawn: the farther from the next ship the better, up to wide,
// and some chance.
func (a *Arena) place(t *game.Tick, m *Map) Point {
	best, at := int32(-1), m.Spawns[0]
	for _, p := range m.Spawns {
		near := int32(wide)
		for _, s := range a.Ships.All() {
			near = min(near, max(abs(s.X-p.X), abs(s.Y-p.Y)))
		}
		if near += t.Rand.Int32N(4 * Unit); near > best {
			best, at = near, p
		}
	}
	return at
}

// fly moves every ship by its player's input and fires its gun.
func (a *Arena) fly(t *game.Tick, m *Map) {
	for id, s := range a.Ships.All() {
		p := a.Ships.Owner(id)
		in, ok := t.Input(p).(*Input)
		if !ok {
			continue
		}
		Move(s, in, m)
		s.wear()
		if !in.Fire || s.Cool > 0 || s.Ammo == 0 || s.Rail > 0 {
			continue
		}
		if _, ok := a.Shots.Add(p, Shot{X: s.X, Y: s.Y, Aim: s.Aim, Born: t.N}); ok {
			s.fired()
		}
	}
}

// wear lets one tick pass for a ship's gun, shield and powers.
func (s *Ship) wear() {
	if s.Cool > 0 {
		s.Cool--
	}
	if s.ShieldLeft > 0 {
		s.ShieldLeft--
	}
	s.Shield = s.ShieldLeft > 0
	if s.RapidLeft > 0 {
		s.RapidLeft--
	}
	s.Rapid = s.RapidLeft > 0
	if s.Ammo >= MaxAmmo {
		s.Load = 0
		return
	}
	if s.Load++; s.Load >= LoadTicks {
		s.Load = 0
		s.Ammo++
	}
}

// fired is what a shot costs: time, ammunition unless Rapid, and the shield.
func (s *Ship) fired() {
	s.Shield, s.ShieldLeft = false, 0
	if s.Rapid {
		s.Cool = RapidFire
		return
	}
	s.Cool = FireTicks
	s.Ammo--
	s.Load = 0
}

// bump shoves ships that overlap apart. It is the one thing besides its own
// input that changes a ship's velocity.
func (a *Arena) bump() {
	for i, s := range a.Ships.All() {
		for j, o := range a.Ships.All() {
			if j <= i {
				continue
			}
			dx, dy := o.X-s.X, o.Y-s.Y
			if abs(dx) >= 2*Radius || abs(dy) >= 2*Radius {
				continue
			}
			n := dx*dx + dy*dy
			if n >= 4*Radius*Radius {
				continue
			}
			if n == 0 {
				dx, n = 1, 1 // the older ship goes left
			}
			r := root(n)
			s.push(-dx*shove/r, -dy*shove/r)
			o.push(dx*shove/r, dy*shove/r)
		}
	}
}

// push adds to a ship's speed, to DashSpeed at most.
func (s *Ship) push(x, y int32) {
	s.VX += x
	s.VY += y
	if n := s.VX*s.VX + s.VY*s.VY; n > DashSpeed*DashSpeed {
		r := root(n) + 1
		s.VX, s.VY = s.VX*DashSpeed/r, s.VY*DashSpeed/r
	}
}

func abs(v int32) int32 { return max(v, -v) }
