package arena

// Map is the ground of a match. Maps are data of the build; clients draw a map
// from the walls table and the match row.
type Map struct {
	Name          string
	Width, Height int32
	Walls         []Wall
	Spawns        []Point
	Pads          []Pad
}

// Point is a place, in 1/256 units.
type Point struct{ X, Y int32 }

// Pad is where a pickup of one kind appears again and again.
type Pad struct {
	Point
	Kind uint8
}

// maxPads bounds the pads of any map.
const maxPads = 16

// Maps are all maps; Settings.Map counts from 1. A wall is at least one unit
// thick, and a ship passes between any two.
var Maps = []*Map{crossroads, pillars, bunkers}

// crossroads: a box with a health pad in the middle, corners to hide behind.
var crossroads = draw("crossroads", 64, 40, []Wall{
	{X: 26, Y: 12, W: 12, H: 2}, {X: 26, Y: 26, W: 12, H: 2}, // above and below the middle
	{X: 18, Y: 16, W: 2, H: 8}, {X: 44, Y: 16, W: 2, H: 8}, // left and right of it
	{X: 8, Y: 8, W: 7, H: 2}, {X: 8, Y: 8, W: 2, H: 6}, // corners
	{X: 49, Y: 8, W: 7, H: 2}, {X: 54, Y: 8, W: 2, H: 6},
	{X: 8, Y: 30, W: 7, H: 2}, {X: 8, Y: 26, W: 2, H: 6},
	{X: 49, Y: 30, W: 7, H: 2}, {X: 54, Y: 26, W: 2, H: 6},
}, []Pad{
	at(32, 20, Rapid),
	at(32, 6, Health), at(32, 34, Health),
	at(12, 12, Ammo), at(52, 28, Ammo), at(52, 12, Health), at(12, 28, Health),
	at(5, 20, Rail), at(59, 20, Rail),
})

// pillars: columns everywhere, no wall to hide behind for long.
var pillars = draw("pillars", 64, 40, []Wall{
	{X: 11, Y: 9, W: 4, H: 4}, {X: 23, Y: 9, W: 4, H: 4}, {X: 37, Y: 9, W: 4, H: 4}, {X: 49, Y: 9, W: 4, H: 4},
	{X: 17, Y: 18, W: 4, H: 4}, {X: 43, Y: 18, W: 4, H: 4},
	{X: 11, Y: 27, W: 4, H: 4}, {X: 23, Y: 27, W: 4, H: 4}, {X: 37, Y: 27, W: 4, H: 4}, {X: 49, Y: 27, W: 4, H: 4},
}, []Pad{
	at(32, 20, Rapid),
	at(32, 5, Ammo), at(32, 35, Ammo),
	at(6, 20, Health), at(58, 20, Health), at(25, 20, Health), at(39, 20, Health),
	at(32, 12, Rail), at(32, 28, Rail),
})

// bunkers: two long walls with gates make three lanes.
var bunkers = draw("bunkers", 64, 40, []Wall{
	{X: 10, Y: 13, W: 12, H: 2}, {X: 27, Y: 13, W: 10, H: 2}, {X: 42, Y: 13, W: 12, H: 2},
	{X: 10, Y: 25, W: 12, H: 2}, {X: 27, Y: 25, W: 10, H: 2}, {X: 42, Y: 25, W: 12, H: 2},
	{X: 31, Y: 4, W: 2, H: 5}, {X: 31, Y: 31, W: 2, H: 5},
	{X: 18, Y: 18, W: 2, H: 4}, {X: 44, Y: 18, W: 2, H: 4},
}, []Pad{
	at(32, 20, Rapid),
	at(14, 20, Health), at(50, 20, Health),
	at(24, 6, Ammo), at(40, 34, Ammo), at(40, 6, Health), at(24, 34, Health),
	at(5, 20, Rail), at(59, 20, Rail),
})

func at(x, y int32, kind uint8) Pad { return Pad{Point{x, y}, kind} }

// draw makes a map from whole units, with twelve spawns around its edge.
func draw(name string, width, height int32, walls []Wall, pads []Pad) *Map {
	m := &Map{Name: name, Width: width * Unit, Height: height * Unit}
	for _, w := range walls {
		m.Walls = append(m.Walls, Wall{X: w.X * Unit, Y: w.Y * Unit, W: w.W * Unit, H: w.H * Unit})
	}
	for _, p := range pads {
		m.Pads = append(m.Pads, Pad{Point{p.X * Unit, p.Y * Unit}, p.Kind})
	}
	for _, x := range []int32{4, 18, width - 18, width - 4} {
		m.Spawns = append(m.Spawns, Point{x * Unit, 4 * Unit}, Point{x * Unit, (height - 4) * Unit})
	}
	for _, x := range []int32{4, width - 4} {
		m.Spawns = append(m.Spawns, Point{x * Unit, 15 * Unit}, Point{x * Unit, (height - 15) * Unit})
	}
	return m
}

// Solid says whether a point is in a wall or outside of the map.
func (m *Map) Solid(x, y int32) bool {
	if x < 0 || y < 0 || x > m.Width || y > m.Height {
		return true
	}
	for i := range m.Walls {
		w := &m.Walls[i]
		if x >= w.X && x <= w.X+w.W && y >= w.Y && y <= w.Y+w.H {
			return true
		}
	}
	return false
}
