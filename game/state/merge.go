package state

import "slices"

// adder is scratch memory of a Mirror.
type adder struct {
	masks []uint32
	rows  Rows
}

func (q *adder) masksOf(n int, mask uint32) []uint32 {
	q.masks = slices.Grow(q.masks[:0], n)[:n]
	for i := range q.masks {
		q.masks[i] = mask
	}
	return q.masks
}

// merge brings the rows of t in id order, where the first n and the rest each
// are already. It returns false if an id is there twice.
func (q *adder) merge(t *Rows, n int) bool {
	if n == 0 || n == len(t.ids) || t.ids[n] > t.ids[n-1] {
		return true
	}
	added := &q.rows
	added.columns = t.columns
	added.ids = append(added.ids[:0], t.ids[n:]...)
	added.owners = append(added.owners[:0], t.owners[n:]...)
	added.ints = append(added.ints[:0], t.ints[n*t.width:]...)
	added.strs = append(added.strs[:0], t.strs[n*t.texts:]...)
	a, b := n-1, len(added.ids)-1
	for to := len(t.ids) - 1; b >= 0; to-- {
		if a >= 0 && t.ids[a] == added.ids[b] {
			return false
		}
		if a >= 0 && t.ids[a] > added.ids[b] {
			t.move(to, a)
			a--
			continue
		}
		t.ids[to], t.owners[to] = added.ids[b], added.owners[b]
		copy(t.ints[to*t.width:(to+1)*t.width], added.ints[b*t.width:])
		copy(t.strs[to*t.texts:(to+1)*t.texts], added.strs[b*t.texts:])
		b--
	}
	clear(added.strs)
	return true
}
