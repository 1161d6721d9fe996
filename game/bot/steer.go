package bot

import "math"

// plan decides where to be: at something worth fetching, at a target that is
// out of sight, or nowhere in particular.
func (p *Pilot) plan(s *Scene) {
	was := p.going
	p.going = false
	best := 0.35
	for _, g := range s.Goals {
		far := math.Hypot(g.X-s.Me.X, g.Y-s.Me.Y) / s.Radius
		worth := g.Worth * 24 / (24 + far) * (0.8 + 0.4*p.rand.Float64())
		if was && g.X == p.goalX && g.Y == p.goalY {
			worth *= 1.5 // on its way there already, perhaps by a detour
		}
		if worth > best {
			best = worth
			p.to(g.X, g.Y)
		}
	}
	if p.going {
		return
	}
	t, _ := p.foe(s)
	if t == nil {
		if x, y, ok := p.grid.Free(p.rand.IntN(maxCells)); ok {
			p.to(x, y)
		}
		return
	}
	if x, y, _, _ := t.recall(p.late); !clearWay(s.Walls, s.Me.X, s.Me.Y, x, y, 0.5*s.Radius) {
		p.to(x, y)
	}
}

// to sets out for a place.
func (p *Pilot) to(x, y float64) {
	p.goalX, p.goalY, p.going = x, y, true
	p.look = 0
}

// steer is where to push the stick, about 1 long.
func (p *Pilot) steer(s *Scene, t *track) (x, y float64) {
	switch {
	case p.going:
		x, y = p.follow(s)
	case t != nil:
		x, y = p.circle(s, t)
	}
	return p.avoid(s, x, y)
}

// follow goes to the goal: straight if the way is clear, else to the farthest
// cell of the way that is.
func (p *Pilot) follow(s *Scene) (x, y float64) {
	if math.Hypot(p.goalX-s.Me.X, p.goalY-s.Me.Y) < 0.5*s.Radius {
		p.going = false
		return 0, 0
	}
	if s.Tick >= p.look || math.Hypot(p.wayX-s.Me.X, p.wayY-s.Me.Y) < s.Radius {
		p.look = s.Tick + 6
		p.wayX, p.wayY = p.way(s)
	}
	return unit(p.wayX-s.Me.X, p.wayY-s.Me.Y)
}

// way is the farthest place on the way to the goal that can be reached straight.
func (p *Pilot) way(s *Scene) (x, y float64) {
	margin := 0.95 * s.Radius
	if clearWay(s.Walls, s.Me.X, s.Me.Y, p.goalX, p.goalY, margin) {
		return p.goalX, p.goalY
	}
	p.path = p.grid.Way(s.Me.X, s.Me.Y, p.goalX, p.goalY, p.path)
	if len(p.path) == 0 {
		return p.goalX, p.goalY
	}
	x, y = p.grid.stand(s.Me.X, s.Me.Y, p.path[0]) // past a corner: to where the way is clear
	for _, c := range p.path {
		if !clearWay(s.Walls, s.Me.X, s.Me.Y, c[0], c[1], margin) {
			break
		}
		x, y = c[0], c[1]
	}
	return x, y
}

// circle keeps the distance it likes from the target, farther when hurt, and
// moves round it, one way and then the other.
func (p *Pilot) circle(s *Scene, t *track) (x, y float64) {
	if s.Tick >= p.turn {
		p.turn = s.Tick + 25 + uint32(p.rand.IntN(55))
		p.side = -p.side
	}
	fx, fy, _, _ := t.recall(p.late)
	dx, dy := unit(fx-s.Me.X, fy-s.Me.Y)
	like := p.reach
	if s.Me.Health < 0.4 || s.Ammo == 0 {
		like *= 1.6
	}
	near := math.Hypot(fx-s.Me.X, fy-s.Me.Y)/s.Radius - like
	pull := min(max(near/4, -1), 1)
	return unit(dx*pull-dy*p.side, dy*pull+dx*p.side)
}

// avoid turns away from walls that the ship would run into.
func (p *Pilot) avoid(s *Scene, x, y float64) (float64, float64) {
	if p.going || x == 0 && y == 0 {
		return x, y
	}
	look := 3 * s.Radius
	tx, ty := s.Me.X+x*look, s.Me.Y+y*look
	inside := tx > s.Radius && ty > s.Radius && tx < s.Width-s.Radius && ty < s.Height-s.Radius
	if inside && clearWay(s.Walls, s.Me.X, s.Me.Y, tx, ty, s.Radius) {
		return x, y
	}
	p.side = -p.side
	p.turn = s.Tick + 20
	cx, cy := unit(s.Width/2-s.Me.X, s.Height/2-s.Me.Y)
	return unit(0.3*x+cx, 0.3*y+cy)
}

// dodge sidesteps shots that are about to hit, those it notices, and says
// whether to dash out of the way, or ahead on a long way.
func (p *Pilot) dodge(s *Scene, x, y *float64) (dash bool) {
	for i := range s.Shots {
		b := &s.Shots[i]
		if int(b.Age) < p.late/2 || float64(b.ID*2654435761>>24) > 150*p.skill {
			continue // not seen yet, or overlooked for good
		}
		rx, ry := s.Me.X-b.X, s.Me.Y-b.Y
		vv := b.VX*b.VX + b.VY*b.VY
		when := (rx*b.VX + ry*b.VY) / max(vv, 1)
		if when < 0 || when > 16 {
			continue
		}
		mx, my := rx-b.VX*when, ry-b.VY*when // from its line to me
		if math.Hypot(mx, my) > 1.8*s.Radius {
			continue
		}
		nx, ny := unit(-b.VY, b.VX)
		if mx*nx+my*ny < 0 {
			nx, ny = -nx, -ny
		}
		*x, *y = unit(0.5**x+nx, 0.5**y+ny)
		return s.Dash && when < 9 && p.rand.Float64() < 0.12*p.skill
	}
	far := p.going && math.Hypot(p.goalX-s.Me.X, p.goalY-s.Me.Y) > 14*s.Radius
	return s.Dash && far && p.rand.Float64() < 0.02
}

// unstick notices that pushing the stick leads nowhere and then tries some other
// way for a moment.
func (p *Pilot) unstick(s *Scene, x, y float64) (float64, float64) {
	const window = 24
	if s.Tick < p.freeing {
		return p.freeX, p.freeY
	}
	p.pushed += math.Hypot(x, y)
	if s.Tick < p.check {
		return x, y
	}
	moved := math.Hypot(s.Me.X-p.lastX, s.Me.Y-p.lastY)
	if p.check != 0 && p.pushed > 0.6*window && moved < s.Radius {
		a := 2 * math.Pi * p.rand.Float64()
		p.freeX, p.freeY = math.Cos(a), math.Sin(a)
		p.freeing = s.Tick + 12
		p.think = s.Tick
	}
	p.lastX, p.lastY, p.check, p.pushed = s.Me.X, s.Me.Y, s.Tick+window, 0
	return x, y
}

// unit is a vector made 1 long; zero stays zero.
func unit(x, y float64) (float64, float64) {
	n := math.Hypot(x, y)
	if n == 0 {
		return 0, 0
	}
	return x / n, y / n
}
