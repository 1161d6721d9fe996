package state

import "math/bits"

// Held is what one client has that is sent within a budget: which rows, and of
// what tick each. It takes 24 bytes a row in sight. The zero value is a client
// that has nothing.
type Held struct {
	tables []heldTable
	turn   int  // where the rows that just do not fit are begun with
	whole  bool // nothing was left out of what was sent last
}

// heldTable is in ascending id order. Rows in sight that the client does not have
// yet are in it too, for the time they have waited.
type heldTable struct {
	rows, spare []heldRow
}

type heldRow struct {
	id   ID
	base uint32 // tick of the values that the client has
	wait uint8  // urgency gathered since
	has  bool
}

// Whole reports whether the client has all that is in its sight as it was at the
// tick sent last: nothing waits.
func (h *Held) Whole() bool { return h.whole }

// Fill notes that the client was sent all of now that view shows: a keyframe.
func (h *Held) Fill(now *Snapshot, view *View) {
	h.size(len(now.tables))
	h.whole = true
	for i := range now.tables {
		t, n := &h.tables[i], len(now.tables[i].ids)
		t.rows = t.rows[:0]
		for w := 0; w*64 < n; w++ {
			for rest := view.word(i, w, n); rest != 0; rest &= rest - 1 {
				id := now.tables[i].ids[w*64+bits.TrailingZeros64(rest)]
				t.rows = append(t.rows, heldRow{id: id, base: now.Tick, has: true})
			}
		}
	}
}

func (h *Held) size(n int) {
	if len(h.tables) != n {
		h.tables = make([]heldTable, n)
	}
}
