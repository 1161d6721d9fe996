package state

import "slices"

// pair is what two snapshots differ in, whoever looks: for each row of the
// newer one its position in the older and the mask of changed fields. It is
// worked out once and serves every view and every owner.
type pair struct {
	base       *Snapshot
	baseSerial uint64
	tables     []pairTable
}

type pairTable struct {
	base   []int32  // for each row its position in base, or -1
	to     []int32  // for each row of base its position now, or -1
	masks  []uint64 // for each row the fields that differ from base (or from zeros)
	chunks []chunk  // for each row its encoded changes
	same   bool     // not a row differs
}

// chunk is the values of a row's public mask, encoded once for all who see it.
type chunk struct {
	start, end int32 // in the Differ's cache
	n          int32 // elements; -1: not encoded yet
}

func (p *pair) compute(tables []columns, base, now *Snapshot) {
	p.base, p.baseSerial = base, base.serial
	if len(p.tables) != len(tables) {
		p.tables = make([]pairTable, len(tables))
	}
	for i := range tables {
		p.tables[i].compute(&tables[i], &base.tables[i], &now.tables[i])
	}
}

func (t *pairTable) compute(c *columns, base, now *rows) {
	n := len(now.ids)
	t.base, t.masks = slices.Grow(t.base[:0], n)[:n], slices.Grow(t.masks[:0], n)[:n]
	t.to = slices.Grow(t.to[:0], len(base.ids))[:len(base.ids)]
	t.chunks = t.chunks[:0]
	t.same = len(base.ids) == n
	i := 0
	for j, id := range now.ids {
		for i < len(base.ids) && base.ids[i] < id {
			t.to[i] = -1
			i++
		}
		ints, strs := c.row(now, j)
		// A row that changed hands is another row to clients.
		if i < len(base.ids) && base.ids[i] == id && base.owners[i] == now.owners[j] {
			bi, bs := c.row(base, i)
			m := c.diff(bi, ints, bs, strs)
			t.base[j], t.masks[j] = int32(i), m
			t.same = t.same && m == 0
			t.to[i] = int32(j)
			i++
			continue
		}
		t.base[j], t.masks[j] = -1, c.diff(nil, ints, nil, strs)
		t.same = false
		if i < len(base.ids) && base.ids[i] == id {
			t.to[i] = -1
			i++
		}
	}
	for ; i < len(base.ids); i++ {
		t.to[i] = -1
	}
}

// chunk is the place of a row's encoded changes.
func (t *pairTable) chunk(pos int32) *chunk {
	if len(t.chunks) == 0 {
		n := len(t.masks)
		t.chunks = slices.Grow(t.chunks, n)[:n]
		for i := range t.chunks {
			t.chunks[i].n = -1
		}
	}
	return &t.chunks[pos]
}
