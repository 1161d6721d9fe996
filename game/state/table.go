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
// Rows do not move. A pointer from Get or All stays valid as long as its row is
// in the table; the memory of a removed row is used again by a later Add, but
// never during a loop over the table. So rows may be added and removed while
// the table is iterated.
//
// A Table must not be copied after its first Add.
type Table[T any] struct {
	core
	chunks [][]T       // of chunkRows rows each
	past   []moment[T] // oldest first, at most keep; see Then
}

// chunkRows is how many rows are allocated at a time.
const chunkRows = 16

// core is the part of a Table that does not depend on the type of its rows. It
// comes first in Table, and chunks and past follow it: rawTable relies on that.
type core struct {
	ids       []ID     // ascending, those of removed rows included
	owners    []Player // beside ids
	gone      []bool   // beside ids: the row was removed
	slots     []int32  // beside ids: where in the chunks the row lies
	free      []int32  // slots that no id has
	removed   int      // how many are gone; their slots are not free yet
	last      ID       // the newest id given
	max       int      // bound on live rows; 0 is DefaultMax
	keep      int      // ticks of the past that are kept; 0: not rewindable
	iterating int      // loops over the table that are under way
	owned     owned
}

// Add puts in a row and gives its id. It returns false, and changes nothing,
// when the table is full: at Max rows, or once every id was given. A row added
// during a loop is not visited by that loop.
func (t *Table[T]) Add(owner Player, row T) (ID, bool) {
	if t.Len() >= t.Max() || t.last == math.MaxUint32 {
		return 0, false
	}
	if t.iterating == 0 && t.removed > 0 && (len(t.free) == 0 || t.removed > t.Len()) {
		t.compact()
	}
	if len(t.free) == 0 {
		t.extend()
	}
	slot := t.free[len(t.free)-1]
	t.free = t.free[:len(t.free)-1]
	t.last++
	t.ids = append(t.ids, t.last)
	t.owners = append(t.owners, owner)
	t.gone = append(t.gone, false)
	t.slots = append(t.slots, slot)
	t.owned.stale = true
	*t.at(slot) = row
	return t.last, true
}

// Get returns the row with that id, or nil. The pointer is valid as long as
// the row is in the table.
func (t *Table[T]) Get(id ID) *T {
	i := t.find(id)
	if i < 0 {
		return nil
	}
	return t.at(t.slots[i])
}

func (t *Table[T]) at(slot int32) *T { return &t.chunks[slot/chunkRows][slot%chunkRows] }

// extend makes room for more rows.
func (t *Table[T]) extend() {
	first := int32(len(t.chunks) * chunkRows)
	t.chunks = append(t.chunks, make([]T, chunkRows))
	for slot := first + chunkRows - 1; slot >= first; slot-- {
		t.free = append(t.free, slot)
	}
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
			if !t.gone[i] && !yield(t.ids[i], t.at(t.slots[i])) {
				return
			}
		}
	}
}

// Owned iterates over the rows of one player as All does over all rows. It
// costs what the player has, and once after an Add a pass over the table.
func (t *Table[T]) Owned(p Player) iter.Seq2[ID, *T] {
	return func(yield func(ID, *T) bool) {
		t.iterating++
		defer func() { t.iterating-- }()
		n := len(t.ids)
		for i := t.firstOf(p); i >= 0 && i < n; i = int(t.owned.next[i]) - 1 {
			if !t.gone[i] && !yield(t.ids[i], t.at(t.slots[i])) {
				return
			}
		}
	}
}

// compact forgets the removed rows and frees their slots. Only outside of loops.
func (t *Table[T]) compact() {
	n := 0
	for i := range t.ids {
		if t.gone[i] {
			var zero T // what it referred to can be collected
			*t.at(t.slots[i]) = zero
			t.free = append(t.free, t.slots[i])
			continue
		}
		t.ids[n], t.owners[n], t.slots[n] = t.ids[i], t.owners[i], t.slots[i]
		n++
	}
	clear(t.gone)
	t.ids, t.owners, t.gone, t.slots = t.ids[:n], t.owners[:n], t.gone[:n], t.slots[:n]
	t.removed, t.owned.stale = 0, true
}

// firstOf is the index of p's first row, gone ones included, or -1.
func (c *core) firstOf(p Player) int {
	if c.owned.stale {
		c.owned.index(c.owners)
	}
	return c.owned.firstOf(p)
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
