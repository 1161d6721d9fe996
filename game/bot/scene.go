package bot

// Scene is what a Pilot sees in one tick. Lengths and speeds are in any unit, a
// tick at a time; Y grows downward. The caller may reuse its slices.
type Scene struct {
	Tick          uint32
	Width, Height float64
	Walls         []Rect  // the same in every scene of a match
	Radius        float64 // of a ship; the Pilot's measure of near and far
	ShotSpeed     float64
	Range         float64 // how far a shot flies

	Alive bool // Me is there; else only Tick counts
	Me    Ship
	Ammo  int
	Rail  bool // what it fires is there at once
	Dash  bool // it could dash now
	Foes  []Ship
	Shots []Shot // those of others
	Goals []Goal
}

// Ship is one ship.
type Ship struct {
	ID     uint32 // the same ship in every scene
	X, Y   float64
	Health float64 // 0..1
	Shield bool    // not worth a shot
}

// Shot is one shot in flight.
type Shot struct {
	ID           uint32
	X, Y, VX, VY float64
	Age          uint32 // ticks since it was fired
}

// Goal is something worth fetching.
type Goal struct {
	X, Y  float64
	Worth float64 // 0: not at all; 1: now
}

// Rect is a wall.
type Rect struct{ X, Y, W, H float64 }

// Act is what a Pilot does.
type Act struct {
	MoveX, MoveY int8  // -127..127
	Aim          uint8 // 256 a turn, 0 along +X, 64 along +Y
	Fire, Dash   bool
}

// clearWay says whether the way from (x, y) to (tx, ty) stays more than margin away
// from every wall, corners cut square.
func clearWay(walls []Rect, x, y, tx, ty, margin float64) bool {
	for i := range walls {
		if walls[i].meets(x, y, tx, ty, margin) {
			return false
		}
	}
	return true
}

// meets says whether a segment touches the rectangle grown by margin.
func (r *Rect) meets(x, y, tx, ty, margin float64) bool {
	from, to := 0.0, 1.0
	if !slab(x, tx-x, r.X-margin, r.X+r.W+margin, &from, &to) {
		return false
	}
	return slab(y, ty-y, r.Y-margin, r.Y+r.H+margin, &from, &to)
}

// slab narrows from..to to the part of start + t·way that lies in lo..hi and says
// whether any is left.
func slab(start, way, lo, hi float64, from, to *float64) bool {
	if way == 0 {
		return start > lo && start < hi
	}
	a, b := (lo-start)/way, (hi-start)/way
	if a > b {
		a, b = b, a
	}
	*from, *to = max(*from, a), min(*to, b)
	return *from < *to
}
