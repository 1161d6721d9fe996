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
	near   []bitmap // of those seen, the ones to be sent first; see Prefer
}

type bitmap []uint64

// all makes the first n bits set.
func (b bitmap) all(n int) {
	for i := range b {
		b[i] = ^uint64(0)
	}
	if n%64 != 0 {
		b[len(b)-1] = 1<<(n%64) - 1
	}
}

func (b bitmap) has(pos int) bool { return pos/64 < len(b) && b[pos/64]>>(pos%64)&1 != 0 }

// sized makes n bitmaps, using memory again.
func sized(b []bitmap, n int) []bitmap {
	if cap(b) < n {
		b = append(b[:cap(b)], make([]bitmap, n-cap(b))...)
	}
	return b[:n]
}

// Reset makes the view one of s that shows nothing yet.
func (v *View) Reset(s *Snapshot) {
	v.tables, v.near = sized(v.tables, len(s.tables)), sized(v.near, len(s.tables))
	for i := range v.tables {
		words := (len(s.tables[i].ids) + 63) / 64
		v.tables[i] = slices.Grow(v.tables[i][:0], words)[:words]
		clear(v.tables[i])
		v.near[i] = v.near[i][:0]
	}
}

// Show makes the row at a position seen. The position is one of the Snapshot
// given to Reset.
func (v *View) Show(table, pos int) { v.tables[table][pos/64] |= 1 << (pos % 64) }

// ShowAll makes every row of a table of s, the Snapshot given to Reset, seen.
func (v *View) ShowAll(table int, s *Snapshot) { v.tables[table].all(len(s.tables[table].ids)) }

// ShowOwned makes the rows of a table of s that p owns seen.
func (v *View) ShowOwned(table int, s *Snapshot, p Player) {
	s.tables[table].ownedBy(p, func(pos int) { v.Show(table, pos) })
}

// Hide makes the row at a position unseen.
func (v *View) Hide(table, pos int) { v.tables[table][pos/64] &^= 1 << (pos % 64) }

// HideAll makes every row of a table unseen.
func (v *View) HideAll(table int) { clear(v.tables[table]) }

// Prefer has the row at a position sent before others, where a budget does not
// let all be sent. It does not make it seen, and does not count for Equal.
func (v *View) Prefer(table, pos int) { v.preferable(table)[pos/64] |= 1 << (pos % 64) }

// preferable is the bitmap of the rows that Prefer was called for.
func (v *View) preferable(table int) bitmap {
	if len(v.near[table]) == 0 {
		n := len(v.tables[table])
		v.near[table] = slices.Grow(v.near[table], n)[:n]
		clear(v.near[table])
	}
	return v.near[table]
}

// preferred reports whether Prefer was called for it.
func (v *View) preferred(table, pos int) bool {
	return v != nil && table < len(v.near) && v.near[table].has(pos)
}

// Has reports whether the row at a position is seen.
func (v *View) Has(table, pos int) bool {
	return v == nil || table < len(v.tables) && v.tables[table].has(pos)
}

// Set makes the view show what o shows, in its own memory. A nil o cannot be
// copied. What o prefers is not copied.
func (v *View) Set(o *View) {
	v.tables, v.near = sized(v.tables, len(o.tables)), v.near[:0]
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

// word is the w-th 64 positions of a table with n rows, as bits.
func (v *View) word(table, w, n int) uint64 {
	if v != nil {
		if table >= len(v.tables) || w >= len(v.tables[table]) {
			return 0
		}
		return v.tables[table][w]
	}
	if left := n - 64*w; left < 64 {
		return 1<<left - 1
	}
	return ^uint64(0)
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
