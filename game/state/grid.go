package state

import "slices"

// Grid finds the rows of one table of a Snapshot that are near a point: a
// uniform grid over where they are, made anew for each snapshot. It works on
// captured values, so that what is seen follows from what is sent. It holds
// at most four cells a row and allocates only while tables grow. The zero value
// is ready to use.
type Grid struct {
	snap   *Snapshot
	serial uint64
	size   int64 // what the cells were made for

	x, y       []int64 // of each row
	at         []point // of the rows by cell
	minX, minY int64
	shift      uint // a cell is 1<<shift wide
	cols, rows int64
	start      []int32 // of each cell in at, and the end of the last
}

type point struct {
	x, y int64
	pos  int32
}

// Build sorts the rows of a table, which must be Placed, by where they are.
// Reach is about how far Near will look: it sets the size of cells, and nothing
// else. If the grid is of the same snapshot, Build does nothing.
func (g *Grid) Build(l *Layout, s *Snapshot, table int, reach int64) {
	if g.snap == s && g.serial == s.serial && g.size >= reach/2 {
		return
	}
	g.snap, g.serial, g.size = s, s.serial, reach
	r, where := &s.tables[table], l.synced[table].where
	n := len(r.ids)
	g.x, g.y = slices.Grow(g.x[:0], n)[:n], slices.Grow(g.y[:0], n)[:n]
	if n == 0 {
		return
	}
	width := l.synced[table].width
	for i := range n {
		row := r.ints[i*width:]
		g.x[i], g.y[i] = row[where[0].word]*where[0].step, row[where[1].word]*where[1].step
	}
	g.cells(n, reach)
	for i := range n {
		g.start[g.cell(i)+1]++
	}
	for i := 1; i < len(g.start); i++ {
		g.start[i] += g.start[i-1]
	}
	// start[c] is where cell c begins; filling moves it to where it ends.
	for i := range n {
		c := g.cell(i)
		g.at[g.start[c]] = point{g.x[i], g.y[i], int32(i)}
		g.start[c]++
	}
	copy(g.start[1:], g.start)
	g.start[0] = 0
}

// cells lays out empty cells.
func (g *Grid) cells(n int, reach int64) {
	g.minX, g.minY = slices.Min(g.x), slices.Min(g.y)
	maxX, maxY := slices.Max(g.x)-g.minX, slices.Max(g.y)-g.minY
	for g.shift = 0; int64(2)<<g.shift <= reach/2; {
		g.shift++
	}
	// Not more than there is use for. Coordinates are below 2^33.
	for (maxX>>g.shift+1)*(maxY>>g.shift+1) > int64(4*n) || (maxX|maxY)>>g.shift > 1<<20 {
		g.shift++
	}
	g.cols, g.rows = maxX>>g.shift+1, maxY>>g.shift+1
	cells := int(g.cols * g.rows)
	g.start = slices.Grow(g.start[:0], cells+1)[:cells+1]
	clear(g.start)
	g.at = slices.Grow(g.at[:0], n)[:n]
}

func (g *Grid) cell(i int) int64 {
	return (g.y[i]-g.minY)>>g.shift*g.cols + (g.x[i]-g.minX)>>g.shift
}

// Circle is where one looks: what is nearer than Enter comes into sight, and what
// was in sight stays until it is further than Leave. Of what is seen, the rows
// within half of Enter are preferred when not all can be sent.
type Circle struct {
	X, Y         int64
	Enter, Leave int64 // 0 <= Enter <= Leave <= 3e9
}

// Near shows in v the rows of the table within a circle. Was reports whether
// the row at a position was in sight before; it is asked only of those between
// Enter and Leave.
func (g *Grid) Near(v *View, table int, c Circle, was func(pos int) bool) {
	if len(g.x) == 0 {
		return
	}
	x0, x1 := max(c.X-c.Leave-g.minX, 0)>>g.shift, min((c.X+c.Leave-g.minX)>>g.shift, g.cols-1)
	y0, y1 := max(c.Y-c.Leave-g.minY, 0)>>g.shift, min((c.Y+c.Leave-g.minY)>>g.shift, g.rows-1)
	if x0 > x1 {
		return
	}
	enter, leave, half := uint64(c.Enter*c.Enter), uint64(c.Leave)*uint64(c.Leave), uint64(c.Enter/2)*uint64(c.Enter/2)
	seen, preferred := v.tables[table], v.preferable(table)
	for y := y0; y <= y1; y++ {
		row := g.start[y*g.cols:]
		for i := range g.at[row[x0]:row[x1+1]] {
			p := &g.at[int(row[x0])+i]
			dx, dy := abs(p.x-c.X), abs(p.y-c.Y)
			if dx > c.Leave || dy > c.Leave {
				continue
			}
			word, bit := p.pos/64, uint64(1)<<(p.pos%64)
			switch far := uint64(dx)*uint64(dx) + uint64(dy)*uint64(dy); {
			case far <= half:
				seen[word] |= bit
				preferred[word] |= bit
			case far <= enter, far <= leave && was(int(p.pos)):
				seen[word] |= bit
			}
		}
	}
}

func abs(v int64) int64 {
	if v < 0 {
		return -v
	}
	return v
}
