package state

import (
	"math/bits"
	"slices"
)

// View is the set of rows of one Snapshot that one viewer sees: a bitmap by
// position for each table. A nil *View is everything. One-row tables are
// always seen, whatever a View says.
type View struct {
	tables []bitmap
}

type bitmap []uint64

// Reset makes the view one of s that shows nothing yet.
func (v *View) Reset(s *Snapshot) {
	if cap(v.tables) < len(s.tables) {
		v.tables = append(v.tables[:cap(v.tables)], make([]bitmap, len(s.tables)-cap(v.tables))...)
	}
	v.tables = v.tables[:len(s.tables)]
	for i := range v.tables {
		words := (len(s.tables[i].ids) + 63) / 64
		v.tables[i] = slices.Grow(v.tables[i][:0], words)[:words]
		clear(v.tables[i])
	}
}

// Show makes the row at a position seen. The position is one of the Snapshot
// given to Reset.
func (v *View) Show(table, pos int) { v.tables[table][pos/64] |= 1 << (pos % 64) }

// ShowAll makes every row of a table of s, the Snapshot given to Reset, seen.
func (v *View) ShowAll(table int, s *Snapshot) {
	for pos := range s.tables[table].ids {
		v.Show(table, pos)
	}
}

// Hide makes the row at a position unseen.
func (v *View) Hide(table, pos int) { v.tables[table][pos/64] &^= 1 << (pos % 64) }

// Has reports whether the row at a position is seen.
func (v *View) Has(table, pos int) bool {
	if v == nil {
		return true
	}
	if table >= len(v.tables) || pos/64 >= len(v.tables[table]) {
		return false
	}
	return v.tables[table][pos/64]>>(pos%64)&1 != 0
}

// Set makes the view a copy of o, in its own memory. A nil o cannot be copied.
func (v *View) Set(o *View) {
	if cap(v.tables) < len(o.tables) {
		v.tables = append(v.tables[:cap(v.tables)], make([]bitmap, len(o.tables)-cap(v.tables))...)
	}
	v.tables = v.tables[:len(o.tables)]
	for i := range v.tables {
		v.tables[i] = append(v.tables[i][:0], o.tables[i]...)
	}
}

// Equal reports whether both show the same positions. A nil View equals only
// another nil one.
func (v *View) Equal(o *View) bool {
	if v == nil || o == nil {
		return v == o
	}
	return slices.EqualFunc(v.tables, o.tables, func(a, b bitmap) bool { return slices.Equal(a, b) })
}

// Key is a hash of what Equal compares: 0 for a nil View, else not 0. Caches
// that go by it confirm with Equal.
func (v *View) Key() uint64 {
	if v == nil {
		return 0
	}
	h := uint64(14695981039346656037) // FNV-1a over words
	for _, t := range v.tables {
		h = (h ^ uint64(len(t))) * 1099511628211
		for _, w := range t {
			h = (h ^ w) * 1099511628211
			h ^= h >> 32
		}
	}
	return max(h, 1)
}

// rank counts the rows of a table that are seen before a position.
func (v *View) rank(table, pos int) int {
	if v == nil {
		return pos
	}
	if table >= len(v.tables) {
		return 0
	}
	n := 0
	t := v.tables[table]
	for _, w := range t[:min(pos/64, len(t))] {
		n += bits.OnesCount64(w)
	}
	if pos/64 < len(t) {
		n += bits.OnesCount64(t[pos/64] & (1<<(pos%64) - 1))
	}
	return n
}
