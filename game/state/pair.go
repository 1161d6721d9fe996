package state

// pair is what two snapshots differ in, whoever looks: for each row of the
// newer one its position in the older and the mask of changed fields. It is
// worked out once and serves every view and every owner.
type pair struct {
	base, now             *Snapshot
	baseSerial, nowSerial uint64
	tables                []pairTable
}

type pairTable struct {
	base  []int32  // for each row its position in base, or -1
	masks []uint64 // for each row the fields that differ from base (or from zeros)
	same  bool     // not a row differs
}

func (p *pair) is(base, now *Snapshot) bool {
	return p.base == base && p.now == now && p.baseSerial == base.serial && p.nowSerial == now.serial
}

func (p *pair) compute(tables []columns, base, now *Snapshot) {
	p.base, p.now, p.baseSerial, p.nowSerial = base, now, base.serial, now.serial
	if len(p.tables) != len(tables) {
		p.tables = make([]pairTable, len(tables))
	}
	for i := range tables {
		p.tables[i].compute(&tables[i], &base.tables[i], &now.tables[i])
	}
}

func (t *pairTable) compute(c *columns, base, now *rows) {
	t.base, t.masks = t.base[:0], t.masks[:0]
	t.same = len(base.ids) == len(now.ids)
	i := 0
	for j, id := range now.ids {
		for i < len(base.ids) && base.ids[i] < id {
			i++
		}
		ints, strs := c.row(now, j)
		// A row that changed hands is another row to clients.
		if i < len(base.ids) && base.ids[i] == id && base.owners[i] == now.owners[j] {
			bi, bs := c.row(base, i)
			m := c.diff(bi, ints, bs, strs)
			t.base, t.masks = append(t.base, int32(i)), append(t.masks, m)
			t.same = t.same && m == 0
			continue
		}
		t.base, t.masks = append(t.base, -1), append(t.masks, c.diff(nil, ints, nil, strs))
		t.same = false
	}
}
