package state

import "slices"

// owned finds the rows of each player: a list of positions for each.
type owned struct {
	first []int32 // by player: its first position plus one; 0: none
	next  []int32 // by position: the next one of the same player plus one; 0: none
	stale bool    // what it was made of has changed
}

// index makes it anew of the owners of rows.
func (o *owned) index(owners []Player) {
	o.stale = false
	clear(o.first)
	o.next = slices.Grow(o.next[:0], len(owners))[:len(owners)]
	for pos := len(owners) - 1; pos >= 0; pos-- {
		p := int(owners[pos])
		if p >= len(o.first) {
			o.first = append(o.first, make([]int32, p+1-len(o.first))...)
		}
		o.next[pos] = o.first[p]
		o.first[p] = int32(pos + 1)
	}
}

// has reports whether it was made of n rows.
func (o *owned) has(n int) bool { return len(o.next) == n }

// firstOf is the first position that p owns, or -1.
func (o *owned) firstOf(p Player) int {
	if int(p) >= len(o.first) {
		return -1
	}
	return int(o.first[p]) - 1
}

// nextOf is the next position of the same owner, or -1.
func (o *owned) nextOf(pos int) int { return int(o.next[pos]) - 1 }

// ownedBy calls f for each position that p owns, in order. Rows that were not
// captured have no index and are gone through.
func (r *rows) ownedBy(p Player, f func(pos int)) {
	if !r.owned.has(len(r.ids)) {
		for pos, owner := range r.owners {
			if owner == p {
				f(pos)
			}
		}
		return
	}
	for pos := r.owned.firstOf(p); pos >= 0; pos = r.owned.nextOf(pos) {
		f(pos)
	}
}
