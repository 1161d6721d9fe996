package arena

// Lengths in 1/256 of a unit, speeds in lengths a tick, times in ticks.
const (
	Unit      = 256
	Radius    = 192 // of a ship
	TopSpeed  = 100 // with the stick all the way
	DashSpeed = 300 // at the start of a dash
	DashWait  = 45  // from one dash to the next
	full      = 127 // a stick all the way
	pickUp    = 4   // each tick the speed closes 1/pickUp of the gap to what is asked for
	glide     = 8   // the same with no stick, or when faster than TopSpeed
)

// Move advances ship s by one tick of input on map m. It reads and changes X, Y,
// VX, VY, Aim and Dash, and nothing else: a browser that ports this file has the
// server's movement to the bit. Divisions truncate toward zero.
func Move(s *Ship, in *Input, m *Map) {
	mx, my := stick(int32(in.MoveX), int32(in.MoveY))
	s.Aim = in.Aim
	if s.Dash > 0 {
		s.Dash--
	}
	if in.Dash && s.Dash == 0 {
		dash(s, mx, my)
	} else {
		gain := int32(pickUp)
		if mx == 0 && my == 0 || s.VX*s.VX+s.VY*s.VY > TopSpeed*TopSpeed {
			gain = glide
		}
		s.VX = ease(s.VX, mx*TopSpeed/full, gain)
		s.VY = ease(s.VY, my*TopSpeed/full, gain)
	}
	// Two halves, each shorter than Radius: a ship's centre never enters a wall.
	hx, hy := s.VX/2, s.VY/2
	rx, ry := s.VX-hx, s.VY-hy
	slide(s, hx, hy, m)
	slide(s, rx, ry, m)
}

// stick shortens a stick's position to length full at most.
func stick(x, y int32) (int32, int32) {
	n := x*x + y*y
	if n <= full*full {
		return x, y
	}
	r := root(n)
	return x * full / r, y * full / r
}

// dash sets the ship's speed to DashSpeed along the stick, or along its aim.
func dash(s *Ship, x, y int32) {
	if x == 0 && y == 0 {
		x, y = Cos(s.Aim)>>7, Sin(s.Aim)>>7
	}
	n := (x*x + y*y) * 256 // 16 times as long, for a finer length
	r := root(n)
	if r*r < n {
		r++ // never above DashSpeed
	}
	s.VX, s.VY = x*16*DashSpeed/r, y*16*DashSpeed/r
	s.Dash = DashWait
}

// ease brings v nearer to want by 1/gain of the gap, by at least one.
func ease(v, want, gain int32) int32 {
	gap := want - v
	if step := gap / gain; step != 0 {
		return v + step
	}
	switch {
	case gap > 0:
		return v + 1
	case gap < 0:
		return v - 1
	}
	return v
}

// slide moves a ship by (x, y), at most Radius long, and out of what it then
// touches. What speed it had into a wall is gone, what it had along it stays.
func slide(s *Ship, x, y int32, m *Map) {
	s.X += x
	s.Y += y
	for i := range m.Walls {
		s.leave(&m.Walls[i])
	}
	s.X, s.VX = within(s.X, s.VX, m.Width)
	s.Y, s.VY = within(s.Y, s.VY, m.Height)
}

// leave pushes a ship that overlaps a wall straight out of it.
func (s *Ship) leave(w *Wall) {
	dx := s.X - min(max(s.X, w.X), w.X+w.W) // from the wall's nearest point
	dy := s.Y - min(max(s.Y, w.Y), w.Y+w.H)
	n := dx*dx + dy*dy
	if n >= Radius*Radius || n == 0 {
		return
	}
	r := root(n)
	s.X += dx*Radius/r - dx
	s.Y += dy*Radius/r - dy
	if into := s.VX*dx + s.VY*dy; into < 0 {
		s.VX -= dx * into / n
		s.VY -= dy * into / n
	}
}

// within keeps a ship's centre one Radius inside 0..size on one axis.
func within(x, v, size int32) (int32, int32) {
	switch {
	case x < Radius:
		return Radius, max(v, 0)
	case x > size-Radius:
		return size - Radius, min(v, 0)
	}
	return x, v
}
