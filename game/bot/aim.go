package bot

import "math"

// point turns the aim towards where the target will be when a shot arrives, as
// far as a hand turns in a tick, and lets the hand tremble.
func (p *Pilot) point(s *Scene, t *track) {
	p.tremble += -0.1*p.tremble + (0.4+1.4*(1-p.skill))*p.rand.NormFloat64()
	want := p.aim
	if t != nil {
		x, y := p.lead(s, t)
		want = math.Atan2(y-s.Me.Y, x-s.Me.X) * (128 / math.Pi)
	} else if p.going {
		want = math.Atan2(p.goalY-s.Me.Y, p.goalX-s.Me.X) * (128 / math.Pi)
	}
	most := 5 + 9*p.skill
	p.aim += min(max(0.4*apart(p.aim, want), -most), most)
	p.aim = math.Mod(p.aim+256, 256)
}

// lead is where to shoot: the target as seen late, carried on at the speed it
// had for as long as it was seen late and the shot flies.
func (p *Pilot) lead(s *Scene, t *track) (x, y float64) {
	x, y, vx, vy := t.recall(p.late)
	ahead := float64(p.late)
	for range 2 {
		far := math.Hypot(x+vx*ahead-s.Me.X, y+vy*ahead-s.Me.Y)
		ahead = float64(p.late) + far/max(s.ShotSpeed, 1)
	}
	return min(max(x+vx*ahead, 0), s.Width), min(max(y+vy*ahead, 0), s.Height)
}

// fire says whether to hold the trigger: in bursts, at what is in reach, in
// sight and in front.
func (p *Pilot) fire(s *Scene, t *track, foe *Ship) bool {
	if s.Tick >= p.burst {
		p.fires = !p.fires
		p.burst = s.Tick + 8 + uint32(p.rand.IntN(14))
		if p.fires {
			p.burst += 10 + uint32(20*p.skill)
		}
	}
	if t == nil || foe.Shield || s.Ammo == 0 || !p.fires {
		return false
	}
	x, y := p.lead(s, t)
	far := math.Hypot(x-s.Me.X, y-s.Me.Y)
	if far > 0.85*s.Range {
		return false
	}
	want := math.Atan2(y-s.Me.Y, x-s.Me.X) * (128 / math.Pi)
	if math.Abs(apart(p.aim, want)) > 4+40*s.Radius/max(far, s.Radius) {
		return false
	}
	return clearWay(s.Walls, s.Me.X, s.Me.Y, x, y, 0)
}
