package bot

import "math"

// Grid finds ways round walls: square cells one ship wide, free where a ship's
// centre can be.
type Grid struct {
	cell   float64
	cols   int
	rows   int
	closed []bool
	next   []int16 // towards the goal of the last search; -1 where it did not reach
	queue  []int16
}

// maxCells bounds a Grid: larger worlds get larger cells.
const maxCells = 4096

// NewGrid makes the grid of a world.
func NewGrid(width, height, radius float64, walls []Rect) *Grid {
	g := &Grid{cell: 2 * radius}
	for (int(width/g.cell)+1)*(int(height/g.cell)+1) > maxCells {
		g.cell *= 1.5
	}
	g.cols, g.rows = int(width/g.cell)+1, int(height/g.cell)+1
	n := g.cols * g.rows
	g.closed, g.next, g.queue = make([]bool, n), make([]int16, n), make([]int16, 0, n)
	for c := range g.closed {
		x, y := g.middle(c)
		g.closed[c] = x < radius || y < radius || x > width-radius || y > height-radius
		for i := range walls {
			w := &walls[i]
			dx, dy := x-min(max(x, w.X), w.X+w.W), y-min(max(y, w.Y), w.Y+w.H)
			g.closed[c] = g.closed[c] || dx*dx+dy*dy < radius*radius
		}
	}
	return g
}

// at is the cell of a place.
func (g *Grid) at(x, y float64) int {
	column := min(max(int(x/g.cell), 0), g.cols-1)
	row := min(max(int(y/g.cell), 0), g.rows-1)
	return row*g.cols + column
}

// middle is the middle of a cell.
func (g *Grid) middle(c int) (x, y float64) {
	return (float64(c%g.cols) + 0.5) * g.cell, (float64(c/g.cols) + 0.5) * g.cell
}

// Way writes into path the middles of the cells that lead from one place to
// another, nearest first, as far as path is long. It is empty if there is no
// way. Breadth first from the goal: each cell is visited at most once.
func (g *Grid) Way(x, y, tx, ty float64, path [][2]float64) [][2]float64 {
	path = path[:0]
	from, goal := g.at(x, y), g.at(tx, ty)
	if from == goal {
		return path
	}
	for i := range g.next {
		g.next[i] = -1
	}
	g.next[goal] = int16(goal)
	g.queue = append(g.queue[:0], int16(goal))
	for head := 0; head < len(g.queue) && g.next[from] < 0; head++ {
		c := int(g.queue[head])
		column := c % g.cols
		if column > 0 {
			g.reach(c-1, c, from)
		}
		if column < g.cols-1 {
			g.reach(c+1, c, from)
		}
		if c >= g.cols {
			g.reach(c-g.cols, c, from)
		}
		if c < len(g.next)-g.cols {
			g.reach(c+g.cols, c, from)
		}
	}
	for c := from; g.next[c] >= 0 && c != goal && len(path) < cap(path); {
		c = int(g.next[c])
		mx, my := g.middle(c)
		path = append(path, [2]float64{mx, my})
	}
	return path
}

// reach puts a cell behind another on the way, if it is free or the start.
func (g *Grid) reach(c, towards, from int) {
	if g.next[c] >= 0 || g.closed[c] && c != from {
		return
	}
	g.next[c] = int16(towards)
	g.queue = append(g.queue, int16(c))
}

// stand is the middle of the cell of a place; next if that is not free, or if
// the place is there already.
func (g *Grid) stand(x, y float64, next [2]float64) (float64, float64) {
	c := g.at(x, y)
	mx, my := g.middle(c)
	if g.closed[c] || math.Hypot(mx-x, my-y) < 0.1*g.cell {
		return next[0], next[1]
	}
	return mx, my
}

// Free is the middle of a free cell, the n-th of those counted round and round;
// false if there is none.
func (g *Grid) Free(n int) (x, y float64, ok bool) {
	for i := range g.closed {
		if c := (n + i) % len(g.closed); !g.closed[c] {
			x, y = g.middle(c)
			return x, y, true
		}
	}
	return 0, 0, false
}
