package state

import "math/bits"

// Differ writes what changed from one snapshot to another as net/wire's
// PROTOCOL.md has it. It holds scratch memory and caches: one for each
// goroutine. In the steady state it allocates nothing.
//
// What it works out for two snapshots serves every view, owner and budget until
// it is asked about another newer one; so ask about all clients of a tick in a
// row. It remembers as many bases of that one as it is shown.
type Differ struct {
	tables []columns
	zero   Snapshot // what keyframes are made against

	now       *Snapshot // what pairs lead to
	nowSerial uint64
	pairs     []*pair // the first used ones are valid
	used      int

	dst     Sink
	share   Copier // dst, where rows are encoded once for several; nil: each time
	cache   Copier // where to; nil: there is none
	n       int
	removed []int // gaps
	kept    []keptRow
	added   []int32
	usual   uint32 // mask that commonest counts in any case
	best    [16]maskCount
	plan    plan
}

// keptRow is a row that the client has and keeps.
type keptRow struct {
	now  int32
	from int32 // pair
	mask uint32
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

// Share gives the Differ a sink of its own to encode rows in that several
// viewers are sent: where a Body's sink is a Copier, they are copied from there.
// Both must encode alike.
func (d *Differ) Share(cache Copier) { d.cache = cache }

// Body writes the body of a state message: what leads from base, as baseView
// shows it, to now, as nowView shows it. A nil base makes a keyframe. Nothing
// of a row outside nowView is written. n is the number of elements written, the
// closing 0 included; changed is false if there is only that one.
func (d *Differ) Body(dst Sink, base, now *Snapshot, baseView, nowView *View) (n int, changed bool) {
	from := d.begin(dst, &base, now, &baseView)
	if baseView != nil || nowView != nil {
		d.sharing()
	}
	for i := range d.tables {
		bv, nv := baseView, nowView
		if d.tables[i].one {
			bv, nv = nil, nil
		}
		if bv == nil && nv == nil && d.pairs[from].tables[i].same {
			continue
		}
		d.sort(i, from, bv, nv)
		d.section(i)
	}
	d.int(0)
	return d.end(), d.n > 1
}

// Owner writes the owner section of a state message for player p: the private
// fields of p's rows in nowView, after a Body of the same arguments. n is the
// number of elements written.
func (d *Differ) Owner(dst Sink, base, now *Snapshot, baseView, nowView *View, p Player) (n int) {
	if p == 0 {
		return 0
	}
	from := d.begin(dst, &base, now, &baseView)
	for i := range d.tables {
		if c := &d.tables[i]; len(c.fields) > c.public {
			now.tables[i].ownedBy(p, func(pos int) { d.owned(i, from, pos, baseView, nowView) })
		}
	}
	return d.end()
}

// begin sets out to write to dst and gives the pair of base and now.
func (d *Differ) begin(dst Sink, base **Snapshot, now *Snapshot, baseView **View) int32 {
	d.dst, d.share, d.n, d.usual = dst, nil, 0, 0
	if *base == nil {
		*base, *baseView = &d.zero, nil
	}
	if d.now != now || d.nowSerial != now.serial {
		for _, p := range d.pairs[:d.used] {
			p.base = nil // maybe of a match that is over
		}
		d.now, d.nowSerial, d.used = now, now.serial, 0
		clear(d.plan.at[:])
		if d.cache != nil {
			d.cache.Empty()
		}
	}
	return d.pair(*base)
}

// sharing encodes rows once, where dst and the cache can.
func (d *Differ) sharing() {
	if d.cache != nil {
		d.share, _ = d.dst.(Copier)
	}
}

func (d *Differ) end() (n int) {
	d.dst, d.share = nil, nil
	return d.n
}

// pair gives the number of the pair of base and now.
func (d *Differ) pair(base *Snapshot) int32 {
	for i := d.used - 1; i >= 0; i-- {
		if p := d.pairs[i]; p.base == base && p.baseSerial == base.serial {
			return int32(i)
		}
	}
	if d.used == len(d.pairs) {
		d.pairs = append(d.pairs, new(pair))
	}
	d.pairs[d.used].compute(d.tables, base, d.now)
	d.used++
	return int32(d.used - 1)
}

// sort sorts the rows of a table into removed, kept and added, as seen.
func (d *Differ) sort(table int, from int32, bv, nv *View) {
	d.removed, d.kept, d.added = d.removed[:0], d.kept[:0], d.added[:0]
	t := &d.pairs[from].tables[table]
	passed, n := 0, len(t.to)
	for w := 0; w*64 < n; w++ {
		for rest := bv.word(table, w, n); rest != 0; rest &= rest - 1 {
			if j := t.to[w*64+bits.TrailingZeros64(rest)]; j >= 0 && nv.Has(table, int(j)) {
				passed++
				continue
			}
			d.removed = append(d.removed, passed)
			passed = 0
		}
	}
	n = len(t.base)
	for w := 0; w*64 < n; w++ {
		for rest := nv.word(table, w, n); rest != 0; rest &= rest - 1 {
			j := int32(w*64 + bits.TrailingZeros64(rest))
			if b := t.base[j]; b >= 0 && bv.Has(table, int(b)) {
				d.kept = append(d.kept, keptRow{j, from, uint32(t.masks[j])})
				continue
			}
			d.added = append(d.added, j)
		}
	}
}

// owned writes the owner entry of one row.
func (d *Differ) owned(table int, from int32, pos int, bv, nv *View) {
	if !nv.Has(table, pos) {
		return
	}
	t, c := &d.pairs[from].tables[table], &d.tables[table]
	now, base := &d.now.tables[table], &d.pairs[from].base.tables[table]
	ints, strs := c.row(now, pos)
	var was []int64
	mask := t.masks[pos]
	if b := int(t.base[pos]); b >= 0 {
		if bv.Has(table, b) {
			was, _ = c.row(base, b)
		} else {
			mask = c.diff(nil, ints, nil, strs) // it comes into sight: sent whole
		}
	}
	if mask >>= 32; mask == 0 {
		return
	}
	d.uint(table)
	d.uint(nv.rank(table, pos))
	d.uint(int(mask))
	d.values(c.fields[c.public:], uint32(mask), was, ints, strs)
}
