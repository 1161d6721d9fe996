package match

import (
	"math/bits"
	"slices"
)

// lists has, for each key and region, the entries that could play there, by
// points. They are linked, so that what is taken is passed over from then on. A
// slot is an entry's place in one of them; slots of a list are consecutive.
type lists struct {
	entry      []int32 // by slot
	prev, next []int32 // by slot; -1 at the ends
	slots      []int32 // the slots of an entry, a region each, from entry.first
	keys       []keyLists
	start      []int32 // the first slot of a list, and of the one after the last
}

// keyLists is the lists of one key: those of the regions in, from list first.
type keyLists struct {
	in    uint64
	first int32
}

// link builds the lists.
func (p *pairing) link() {
	l := &p.lists
	order := make([]uint64, len(p.entries))
	l.keys = make([]keyLists, len(p.keys))
	total := 0
	for i := range p.entries {
		e := &p.entries[i]
		order[i] = uint64(e.key)<<40 | uint64(e.points+maxPoints)<<20 | uint64(i)
		l.keys[e.key].in |= e.in
		e.first = int32(total)
		total += bits.OnesCount64(e.in)
	}
	slices.Sort(order)
	n := int32(0)
	for k := range l.keys {
		l.keys[k].first = n
		n += int32(bits.OnesCount64(l.keys[k].in))
	}
	l.start = make([]int32, n+1)
	for i := range p.entries {
		e := &p.entries[i]
		for in := e.in; in != 0; in &= in - 1 {
			l.start[l.of(e.key, bits.TrailingZeros64(in))+1]++
		}
	}
	for i := range n {
		l.start[i+1] += l.start[i]
	}
	l.entry, l.slots = make([]int32, total), make([]int32, total)
	l.prev, l.next = make([]int32, total), make([]int32, total)
	at := slices.Clone(l.start)
	for _, o := range order {
		i := int32(o & (1<<20 - 1))
		e := &p.entries[i]
		nth := e.first
		for in := e.in; in != 0; in &= in - 1 {
			list := l.of(e.key, bits.TrailingZeros64(in))
			slot := at[list]
			at[list]++
			l.entry[slot], l.slots[nth] = i, slot
			nth++
			l.prev[slot], l.next[slot] = slot-1, slot+1
			if slot == l.start[list] {
				l.prev[slot] = -1
			}
			if slot+1 == l.start[list+1] {
				l.next[slot] = -1
			}
		}
	}
}

// of is the list of a key in one of its regions.
func (l *lists) of(key int32, region int) int32 {
	k := l.keys[key]
	return k.first + int32(bits.OnesCount64(k.in&(1<<region-1)))
}

// slot is where e is in the list of one of its regions.
func (l *lists) slot(e *entry, region int) int32 {
	return l.slots[e.first+int32(bits.OnesCount64(e.in&(1<<region-1)))]
}

// take takes an entry out of all its lists.
func (p *pairing) take(i int32) {
	e, l := &p.entries[i], &p.lists
	e.taken = true
	for n := range int32(bits.OnesCount64(e.in)) {
		slot := l.slots[e.first+n]
		prev, next := l.prev[slot], l.next[slot]
		if prev >= 0 {
			l.next[prev] = next
		}
		if next >= 0 {
			l.prev[next] = prev
		}
	}
}

// around walks a list outwards from points, nearest first.
type around struct {
	p           *pairing
	points      int32
	left, right int32
}

// next gives the nearest entry that was not given yet, or -1.
func (a *around) next() (i int32, above bool) {
	l := &a.p.lists
	if a.left < 0 && a.right < 0 {
		return -1, false
	}
	if a.right >= 0 {
		r := l.entry[a.right]
		if a.left < 0 {
			a.right = l.next[a.right]
			return r, true
		}
		below := a.points - a.p.entries[l.entry[a.left]].points
		beyond := a.p.entries[r].points - a.points
		if beyond < below || beyond == below && r < l.entry[a.left] {
			a.right = l.next[a.right]
			return r, true
		}
	}
	i = l.entry[a.left]
	a.left = l.prev[a.left]
	return i, false
}
