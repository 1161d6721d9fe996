package bot

import (
	"math"
	"math/rand/v2"
)

// Pilot flies one ship. It plays like a person: it sees what is there some ticks
// late, its hand is not steady, it fires in bursts and changes its mind.
type Pilot struct {
	rand *rand.Rand

	// What it is like, from the seed.
	skill float64 // 0.35..1
	late  int     // ticks from happening to seeing
	reach float64 // the distance it likes to fight at, in radii

	memory memory
	grid   *Grid
	walls  int // how many it knows

	aim     float64 // where it points, 256 a turn
	tremble float64 // how far off its hand is now
	target  uint32  // id of the ship it fights, 0 if none
	fires   bool    // within a burst
	side    float64 // which way it circles, ±1
	think   uint32  // ticks at which it reconsiders: the target and where to go,
	burst   uint32  // whether to fire,
	turn    uint32  // which way to circle

	goalX, goalY float64 // where it wants to be
	going        bool    // it goes there instead of circling
	path         [][2]float64
	wayX, wayY   float64 // the next place on the way there
	look         uint32  // tick at which to look for a new one

	lastX, lastY float64 // where it was at check
	check        uint32
	pushed       float64 // how hard it has tried to move since
	freeX, freeY float64 // the way out when stuck
	freeing      uint32  // until this tick
}

// NewPilot returns a pilot whose character and chance come from a seed.
func NewPilot(seed uint64) *Pilot {
	p := &Pilot{rand: rand.New(rand.NewPCG(seed, 0x70696c6f74)), side: 1, path: make([][2]float64, 0, 24)}
	p.skill = 0.35 + 0.65*p.rand.Float64()
	p.late = 4 + int(4*(1-p.skill)+2*p.rand.Float64())
	p.reach = 8 + 7*p.rand.Float64()
	return p
}

// Ease makes the pilot worse: at 0 it stays as it is, at 1 it sees later and is
// clumsier, at 2 it is for somebody's very first match. It is called once, before
// Decide.
func (p *Pilot) Ease(level int) {
	level = min(max(level, 0), 2)
	p.skill *= [...]float64{1, 0.5, 0.1}[level]
	p.late += [...]int{0, 2, 4}[level] // within what memory holds
}

// Decide says what to do in this tick.
func (p *Pilot) Decide(s *Scene) Act {
	if p.grid == nil || p.walls != len(s.Walls) {
		p.grid, p.walls = NewGrid(s.Width, s.Height, s.Radius, s.Walls), len(s.Walls)
	}
	for i := range s.Foes {
		p.memory.see(s.Tick, &s.Foes[i])
	}
	if !s.Alive {
		p.target, p.going, p.check, p.freeing = 0, false, 0, 0
		return Act{Aim: angle(p.aim)}
	}
	if s.Tick >= p.think {
		p.think = s.Tick + 8 + uint32(p.rand.IntN(8))
		p.choose(s)
		p.plan(s)
	}
	var a Act
	t, foe := p.foe(s)
	p.point(s, t)
	a.Aim = angle(p.aim + p.tremble)
	a.Fire = p.fire(s, t, foe)
	x, y := p.steer(s, t)
	a.Dash = p.dodge(s, &x, &y)
	x, y = p.unstick(s, x, y)
	if n := math.Hypot(x, y); n > 0.1 {
		a.MoveX, a.MoveY = int8(127*x/max(n, 1)), int8(127*y/max(n, 1))
	}
	return a
}

// foe is the target, as remembered and as it is; nils if there is none.
func (p *Pilot) foe(s *Scene) (*track, *Ship) {
	if p.target == 0 {
		return nil, nil
	}
	for i := range s.Foes {
		if s.Foes[i].ID == p.target {
			return p.memory.find(p.target), &s.Foes[i]
		}
	}
	p.target = 0
	p.think = min(p.think, s.Tick+uint32(p.late)) // it is gone: look for another soon
	return nil, nil
}

// choose picks whom to fight: the near, the weak and the visible; whoever it
// fights already has an edge.
func (p *Pilot) choose(s *Scene) {
	best, old := math.Inf(-1), p.target
	p.target = 0
	for i := range s.Foes {
		f := &s.Foes[i]
		far := math.Hypot(f.X-s.Me.X, f.Y-s.Me.Y) / s.Radius
		worth := -far - 8*f.Health + 6*p.rand.Float64()
		if f.Shield {
			worth -= 10
		}
		if f.ID == old {
			worth += 6
		}
		if !clearWay(s.Walls, s.Me.X, s.Me.Y, f.X, f.Y, 0) {
			worth -= 14
		}
		if worth > best {
			best, p.target = worth, f.ID
		}
	}
}

// angle folds an angle into 0..255.
func angle(a float64) uint8 { return uint8(int(math.Floor(a+0.5)) & 255) }

// apart is the turn from one angle to another, -128..128.
func apart(from, to float64) float64 {
	d := math.Mod(to-from, 256)
	switch {
	case d > 128:
		return d - 256
	case d < -128:
		return d + 256
	}
	return d
}
