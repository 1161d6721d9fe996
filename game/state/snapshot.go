package state

import "slices"

// Snapshot is the captured rows of one state: quantised values, ids and
// owners, in ascending id order. It is filled by Layout.Capture and read by
// Differ; its memory is used again by the next capture into it.
type Snapshot struct {
	Tick  uint32 // the newest tick that had this state
	First uint32 // the oldest tick of the unbroken range that had it

	serial uint64 // changes with each capture; a Differ's caches go by it
	tables []rows
}

// rows is one table of a Snapshot or a Mirror: parallel columns. ints has
// columns.width words a row and strs columns.texts strings a row.
type rows struct {
	ids    []ID
	owners []Player
	ints   []int64
	strs   []string
	owned  owned // of captured rows
}

// Tables is the number of tables.
func (s *Snapshot) Tables() int { return len(s.tables) }

// Len is the number of rows of a table.
func (s *Snapshot) Len(table int) int { return len(s.tables[table].ids) }

// ID is the id of the row at a position.
func (s *Snapshot) ID(table, pos int) ID { return s.tables[table].ids[pos] }

// Owner is the owner of the row at a position.
func (s *Snapshot) Owner(table, pos int) Player { return s.tables[table].owners[pos] }

// Find returns the position of the row with that id, or -1.
func (s *Snapshot) Find(table int, id ID) int { return s.tables[table].find(id) }

// Equal reports whether both hold the same rows; ticks do not count.
func (s *Snapshot) Equal(o *Snapshot) bool {
	return slices.EqualFunc(s.tables, o.tables, func(a, b rows) bool {
		return slices.Equal(a.ids, b.ids) && slices.Equal(a.owners, b.owners) &&
			slices.Equal(a.ints, b.ints) && slices.Equal(a.strs, b.strs)
	})
}

func (r *rows) find(id ID) int {
	n := len(r.ids)
	if n == 0 || id < r.ids[0] {
		return -1
	}
	// Ids rise by at least one a position: exact where none is missing.
	hi := min(int(id-r.ids[0]), n-1)
	if r.ids[hi] == id {
		return hi
	}
	pos, ok := slices.BinarySearch(r.ids[:hi], id)
	if !ok {
		return -1
	}
	return pos
}

func (r *rows) reset() {
	r.ids, r.owners, r.ints = r.ids[:0], r.owners[:0], r.ints[:0]
	clear(r.strs)
	r.strs = r.strs[:0]
}
