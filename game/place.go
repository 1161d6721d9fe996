package game

import (
	"slices"

	"github.com/sandlot-server/sandlot/game/state"
)

// place is one table whose rows say where they are: its grid, and where its
// rows were in the snapshot of the tick before.
type place struct {
	grid  state.Grid
	ids   []ID    // of this tick
	moved bool    // positions are not what they were
	was   []int32 // if moved: for each position that of the tick before, or -1
}

// step moves on to the snapshot of the next tick.
func (p *place) step(s *state.Snapshot, table int) {
	n := s.Len(table)
	p.moved = n != len(p.ids)
	for pos := 0; pos < n && !p.moved; pos++ {
		p.moved = s.ID(table, pos) != p.ids[pos]
	}
	if !p.moved {
		return
	}
	p.was = slices.Grow(p.was[:0], n)[:n]
	old := 0
	for pos := range n {
		id := s.ID(table, pos)
		for old < len(p.ids) && p.ids[old] < id {
			old++
		}
		p.was[pos] = -1
		if old < len(p.ids) && p.ids[old] == id {
			p.was[pos] = int32(old)
		}
	}
	p.ids = slices.Grow(p.ids[:0], n)[:n]
	for pos := range n {
		p.ids[pos] = s.ID(table, pos)
	}
}

// before is where the row at a position was the tick before, or -1.
func (p *place) before(pos int) int {
	if !p.moved {
		return pos
	}
	return int(p.was[pos])
}
