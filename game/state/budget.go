package state

import "math/bits"

// Within writes a delta as Body and then Owner do, of at most budget bytes, to a
// client that has what h says: rows that left its sight go, and of those that
// changed or came, as many as fit. What is left out gathers urgency, the more
// if it is p's own or preferred by view, and keeps its own base: the client
// holds each row as it was at some tick. Once nothing changes any more, it soon
// holds all as it is. H is brought up to date: what is written must be sent.
//
// Base is the state sent last, for tables of one row, which are always sent. At
// least one row is sent if there is any to send, whatever its size, and what
// goes is never left out; so a message can be above a budget that is very
// small. Share must have been called. n and changed are as Body's, both parts
// counted.
func (d *Differ) Within(dst Copier, budget int, h *Held, ring *Ring, base, now *Snapshot, view *View, p Player) (n int, changed bool) {
	var none *View
	from := d.begin(dst, &base, now, &none)
	d.sharing()
	h.size(len(d.tables))
	d.plan.reset(budget, len(d.tables))
	for i := range d.tables {
		if d.tables[i].one {
			d.weighOne(i, from)
		} else {
			d.weigh(i, &h.tables[i], ring, view, p)
		}
		d.plan.ends = append(d.plan.ends, len(d.plan.rows))
	}
	h.turn, h.whole = d.plan.choose(h.turn)
	for i := range d.tables {
		if !d.tables[i].one {
			d.settle(i, &h.tables[i])
			d.usual = d.plan.usual[i]
			d.section(i)
			continue
		}
		if !d.pairs[from].tables[i].same {
			d.sort(i, from, nil, nil)
			d.section(i)
		}
	}
	d.int(0)
	for i := range d.plan.owned {
		o := &d.plan.owned[i]
		d.uint(o.table)
		d.uint(o.pos)
		d.uint(int(o.mask))
		d.copy(&o.values)
	}
	return d.end(), d.n > 1
}

// weighOne takes what a table of one row will need.
func (d *Differ) weighOne(table int, from int32) {
	t := &d.pairs[from].tables[table]
	if t.same {
		return
	}
	k := d.chunk(table, from, 0)
	d.plan.left -= packed(16*table+15) + 2*packed(int(uint32(t.masks[0]))) + 3 + int(k.end-k.start)
}

// weigh lists the rows of a table with what each would take.
func (d *Differ) weigh(table int, h *heldTable, ring *Ring, view *View, p Player) {
	now := &d.now.tables[table]
	n, k, first := len(now.ids), 0, len(d.plan.rows)
	gone := 0
	drop := func(r heldRow) {
		if r.has {
			d.plan.row(r.id, -1).has = true
			gone++
		}
	}
	for w := 0; w*64 < n; w++ {
		for rest := view.word(table, w, n); rest != 0; rest &= rest - 1 {
			pos := w*64 + bits.TrailingZeros64(rest)
			id := now.ids[pos]
			for ; k < len(h.rows) && h.rows[k].id < id; k++ {
				drop(h.rows[k])
			}
			row := d.plan.row(id, pos)
			if k < len(h.rows) && h.rows[k].id == id {
				row.heldRow = h.rows[k]
				k++
			}
			d.weighRow(table, row, ring, view, p)
		}
	}
	for ; k < len(h.rows); k++ {
		drop(h.rows[k])
	}
	d.price(table, first, gone)
}

// weighRow finds out what a row in sight has to send.
func (d *Differ) weighRow(table int, r *planRow, ring *Ring, view *View, p Player) {
	now, pos := &d.now.tables[table], int(r.now)
	mine := p != 0 && now.owners[pos] == p
	r.whole = true
	if r.has {
		if r.from = d.pairAt(ring, r.base); r.from >= 0 && d.pairs[r.from].tables[table].base[pos] >= 0 {
			r.whole = false
		}
	}
	if r.whole {
		r.from = d.pair(&d.zero)
	}
	if r.mask = d.pairs[r.from].tables[table].masks[pos]; !mine {
		r.mask &= 1<<32 - 1
	}
	if r.mask == 0 && !r.whole {
		r.base, r.wait = d.now.Tick, 0 // as good as sent
		return
	}
	public, private := uint32(r.mask), uint32(r.mask>>32)
	cost := 1 // its lead, or the gap before it where it goes and comes again
	if public != 0 {
		k := d.chunk(table, r.from, r.now)
		cost += int(k.end - k.start)
	}
	if private != 0 {
		k := d.private(table, r.from, r.now, private)
		r.own = int32(len(d.plan.owns))
		d.plan.owns = append(d.plan.owns, k)
		cost += int(k.end - k.start)
	}
	r.cost = int32(cost)
	wait := waitAny
	switch {
	case mine:
		wait = waitOwn
	case view.preferred(table, pos):
		wait = waitNear
	}
	if !r.has {
		wait *= waitNew
	}
	r.wait = uint8(min(int(r.wait)+wait, maxWait))
}

// private encodes a row's values for its owner.
func (d *Differ) private(table int, from, pos int32, mask uint32) chunk {
	c, t := &d.tables[table], &d.pairs[from].tables[table]
	ints, strs := c.row(&d.now.tables[table], int(pos))
	var was []int64
	if b := t.base[pos]; b >= 0 {
		was, _ = c.row(&d.pairs[from].base.tables[table], int(b))
	}
	return d.encode(func() { d.values(c.fields[c.public:], mask, was, ints, strs) })
}

// pairAt gives the pair of the state of a tick, or -1 if that left the ring.
func (d *Differ) pairAt(ring *Ring, tick uint32) int32 {
	e := &d.plan.at[tick%uint32(len(d.plan.at))]
	if !e.ok || e.tick != tick {
		e.tick, e.pair, e.ok = tick, -1, true
		if s := ring.At(tick); s != nil {
			e.pair = d.pair(s)
		}
	}
	return e.pair
}
