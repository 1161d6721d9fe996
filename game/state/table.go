package state

import (
	"iter"
	"math"
)

// DefaultMax is the bound of a table whose field has no max=N in its sync tag.
const DefaultMax = 1024

// Table is a typed collection of rows inside a game that clients see. Its zero
// value is empty and ready to use, with a bound of DefaultMax rows.
//
// A removed row stays in memory, unseen, until a later Add reuses the room: so
// rows may be removed while the table is iterated, and a pointer from Get or
// All stays valid until the next Add, even past a Remove of its row.
//
// A Table must not be copied after its first Add.
type Table[T any] struct {
	core
	rows []T
}

// core is the part of a Table that does not depend on the type of its rows. It
// comes first in Table, and rows follow it: rawTable relies on that.
type core struct {
	ids       []ID     // ascending, those of removed rows included
	owners    []Player // beside ids
	gone      []bool   // beside ids: the row was removed
	removed   int      // how many are gone
	last      ID       // the newest id given
	max       int      // bound on live rows; 0 is DefaultMax
	iterating int      // loops over the table that are under way
}

// Add puts in a row and gives its id. It returns false, and changes nothing,
// when the table is full: at Max rows, or once every id was given. Pointers to
// rows become invalid. A row added during a loop is not visited by that loop.
func (t *Table[T]) Add(owner Player, row T) (ID, bool) {
	if t.Len() >= t.Max() || t.last == math.MaxUint32 {
		return 0, false
	}
	if t.iterating == 0 && t.removed > 0 && (len(t.rows) == cap(t.rows) || t.removed > t.Len()) {
		t.compact()
	}
	t.last++
	t.ids = append(t.ids, t.last)
	t.owners = append(t.owners, owner)
	t.gone = append(t.gone, false)
	t.rows = append(t.rows, row)
	return t.last, true
}

// Get returns the row with that id, or nil. The pointer is valid until the
// next Add to this table.
func (t *Table[T]) Get(id ID) *T {
	i := t.find(id)
	if i < 0 {
		return nil
	}
	return &t.rows[i]
}

// Owner returns the player that a row belongs to; 0 for nobody and for a row
// that does not exist.
func (t *Table[T]) Owner(id ID) Player {
	i := t.find(id)
	if i < 0 {
		return 0
	}
	return t.owners[i]
}

// Remove takes a row out and reports whether it was there. Its id is never
// given again.
func (t *Table[T]) Remove(id ID) bool {
	i := t.find(id)
	if i < 0 {
		return false
	}
	t.gone[i] = true
	t.removed++
	return true
}

// All iterates over the rows in ascending id order. Rows may be removed on the
// way, the current one included; a row removed before its turn is passed over.
func (t *Table[T]) All() iter.Seq2[ID, *T] {
	return func(yield func(ID, *T) bool) {
		t.iterating++
		defer func() { t.iterating-- }()
		for i, n := 0, len(t.ids); i < n; i++ {
			if !t.gone[i] && !yield(t.ids[i], &t.rows[i]) {
				return
			}
		}
	}
}

// Owned iterates over the rows of one player as All does over all rows.
func (t *Table[T]) Owned(p Player) iter.Seq2[ID, *T] {
	return func(yield func(ID, *T) bool) {
		t.iterating++
		defer func() { t.iterating-- }()
		for i, n := 0, len(t.ids); i < n; i++ {
			if t.owners[i] == p && !t.gone[i] && !yield(t.ids[i], &t.rows[i]) {
				return
			}
		}
	}
}

// compact drops the removed rows. Only outside of loops.
func (t *Table[T]) compact() {
	n := 0
	for i := range t.ids {
		if t.gone[i] {
			continue
		}
		t.ids[n], t.owners[n], t.rows[n] = t.ids[i], t.owners[i], t.rows[i]
		n++
	}
	clear(t.rows[n:]) // what they referred to can be collected
	clear(t.gone)
	t.ids, t.owners, t.gone, t.rows = t.ids[:n], t.owners[:n], t.gone[:n], t.rows[:n]
	t.removed = 0
}

// Len is the number of rows.
func (c *core) Len() int { return len(c.ids) - c.removed }

// Max is the bound on the number of rows.
func (c *core) Max() int {
	if c.max == 0 {
		return DefaultMax
	}
	return c.max
}

// find returns the index of a live row, or -1.
func (c *core) find(id ID) int {
	if len(c.ids) == 0 || id < c.ids[0] {
		return -1
	}
	// The index cannot be above the distance from the first id: exact, and
	// found at once, where nothing was compacted away in between.
	lo, hi := 0, min(int(id-c.ids[0]), len(c.ids)-1)
	if c.ids[hi] != id {
		for lo < hi {
			mid := int(uint(lo+hi) / 2)
			if c.ids[mid] < id {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
	}
	if c.ids[hi] != id || c.gone[hi] {
		return -1
	}
	return hi
}
