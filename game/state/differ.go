package state

// Differ writes what changed from one snapshot to another as net/wire's
// PROTOCOL.md has it. It holds scratch memory and caches: one for each
// goroutine. In the steady state it allocates nothing.
type Differ struct {
	tables []columns
	zero   Snapshot // what keyframes are made against
	pairs  [4]pair  // newest comparisons; a lobby's clients have few different bases
	next   int

	dst     Sink
	n       int
	removed []int // gaps
	kept    []keptRow
	added   []int32
	best    [16]maskCount
}

type keptRow struct {
	base, now int32
	mask      uint32
}

// NewDiffer makes a Differ for snapshots of a layout with these tables.
func NewDiffer(tables []TableSchema) *Differ {
	d := &Differ{}
	for i := range tables {
		c := newColumns(&tables[i])
		var z rows
		if c.one {
			z = rows{ids: []ID{1}, owners: []Player{0}, ints: make([]int64, c.width), strs: make([]string, c.texts)}
		}
		d.tables = append(d.tables, c)
		d.zero.tables = append(d.zero.tables, z)
	}
	return d
}

// Body writes the body of a state message: what leads from base, as baseView
// shows it, to now, as nowView shows it. A nil base makes a keyframe. Nothing
// of a row outside nowView is written. n is the number of elements written, the
// closing 0 included; changed is false if there is only that one.
func (d *Differ) Body(dst Sink, base, now *Snapshot, baseView, nowView *View) (n int, changed bool) {
	p := d.begin(dst, &base, now, &baseView)
	for i := range d.tables {
		bv, nv := baseView, nowView
		if d.tables[i].one {
			bv, nv = nil, nil
		}
		if bv == nil && nv == nil && p.tables[i].same {
			continue
		}
		d.sort(i, p, bv, nv)
		d.section(i, p)
	}
	d.int(0)
	d.dst = nil
	return d.n, d.n > 1
}

// Owner writes the owner section of a state message for player p: the private
// fields of p's rows in nowView, after a Body of the same arguments. n is the
// number of elements written.
func (d *Differ) Owner(dst Sink, base, now *Snapshot, baseView, nowView *View, p Player) (n int) {
	if p == 0 {
		return 0
	}
	pr := d.begin(dst, &base, now, &baseView)
	for i := range d.tables {
		if c := &d.tables[i]; len(c.fields) > c.public {
			d.owned(i, pr, baseView, nowView, p)
		}
	}
	d.dst = nil
	return d.n
}

func (d *Differ) begin(dst Sink, base **Snapshot, now *Snapshot, baseView **View) *pair {
	d.dst, d.n = dst, 0
	if *base == nil {
		*base, *baseView = &d.zero, nil
	}
	for i := range d.pairs {
		if d.pairs[i].is(*base, now) {
			return &d.pairs[i]
		}
	}
	p := &d.pairs[d.next]
	d.next = (d.next + 1) % len(d.pairs)
	p.compute(d.tables, *base, now)
	return p
}

// sort sorts the rows of a table into removed, kept and added, as seen.
func (d *Differ) sort(table int, p *pair, bv, nv *View) {
	d.removed, d.kept, d.added = d.removed[:0], d.kept[:0], d.added[:0]
	t := &p.tables[table]
	passed, i := 0, int32(0)
	gone := func(until int32) {
		for ; i < until; i++ {
			if bv.Has(table, int(i)) {
				d.removed = append(d.removed, passed)
				passed = 0
			}
		}
	}
	for j, b := range t.base {
		seen := nv.Has(table, j)
		if b >= 0 {
			gone(b)
			if bv.Has(table, int(b)) && seen {
				d.kept = append(d.kept, keptRow{b, int32(j), uint32(t.masks[j])})
				i++
				passed++
				continue
			}
			gone(b + 1)
		}
		if seen {
			d.added = append(d.added, int32(j))
		}
	}
	gone(int32(len(p.base.tables[table].ids)))
}

// owned writes the owner entries of one table.
func (d *Differ) owned(table int, p *pair, bv, nv *View, player Player) {
	t, c := &p.tables[table], &d.tables[table]
	now, base := &p.now.tables[table], &p.base.tables[table]
	for j, o := range now.owners {
		if o != player || !nv.Has(table, j) {
			continue
		}
		ints, strs := c.row(now, j)
		var was []int64
		var said []string
		mask := t.masks[j]
		if b := int(t.base[j]); b >= 0 {
			if bv.Has(table, b) {
				was, said = c.row(base, b)
			} else {
				mask = c.diff(nil, ints, nil, strs) // it comes into sight: sent whole
			}
		}
		if mask >>= 32; mask == 0 {
			continue
		}
		d.uint(table)
		d.uint(nv.rank(table, j))
		d.uint(int(mask))
		d.values(c.fields[c.public:], uint32(mask), was, ints, said, strs)
	}
}
