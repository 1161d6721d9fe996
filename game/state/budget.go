package state

import (
	"math/bits"
	"slices"
)

// What a row's urgency grows by each time that it has something to send.
const (
	waitAny  = 1
	waitNear = 4   // a View prefers it
	waitOwn  = 128 // its owner predicts it
	waitNew  = 4   // times as much, if the client does not have it at all
	maxWait  = 255
)

// plan is scratch memory of Within: what could be sent, and what of it will be.
type plan struct {
	rows  []planRow
	ends  []int            // of each table's rows
	costs [maxWait + 1]int // bytes by urgency
	usual []uint32         // of each table the public mask that most changed rows have, if one has most
	owns  []chunk          // values for their owner
	owned []ownedRow       // entries of the owner section
	left  int              // bytes
	at    [16]struct {     // pairs by tick
		tick uint32
		pair int32
		ok   bool
	}
}

// planRow is one row that the client has, or that is in its sight.
type planRow struct {
	heldRow
	now   int32 // position; -1: it goes
	from  int32 // pair
	mask  uint64
	cost  int32 // bytes at most; 0: nothing to send
	whole bool  // sent against zeros: the client has it not, or not as it is known here
	send  bool
	own   int32 // number of its values for its owner
}

type ownedRow struct {
	table, pos int
	mask       uint32
	values     chunk
}

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

// row adds a row that the client does not have.
func (p *plan) row(id ID, pos int) *planRow {
	n := len(p.rows)
	p.rows = slices.Grow(p.rows, 1)[:n+1]
	r := &p.rows[n]
	*r = planRow{heldRow: heldRow{id: id}, now: int32(pos)}
	return r
}

func (p *plan) reset(budget, tables int) {
	p.usual = slices.Grow(p.usual[:0], tables)[:tables]
	p.rows, p.ends, p.owns, p.owned = p.rows[:0], p.ends[:0], p.owns[:0], p.owned[:0]
	clear(p.costs[:])
	p.left = budget - 1 // the closing 0
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

// price adds up what the rows of a table take, from the first one on. It goes by
// rows in sight alone: what is left out must not depend on others.
func (d *Differ) price(table, first, gone int) {
	rows := d.plan.rows[first:]
	n := len(rows)
	if n == 0 {
		return
	}
	// The section's head, the usual mask, three counts, and what goes. Gaps of 64
	// and more take up to two bytes above one, those of rows that go and come again
	// too; all gaps are together not more than the rows.
	d.plan.left -= packed(16*table+15) + 5 + 3*packed(n) + gone + 2*(n/64+n/128)
	usual, votes := uint32(0), 0 // majority vote (Boyer and Moore)
	for i := range rows {
		if r := &rows[i]; r.cost > 0 && !r.whole {
			switch public := uint32(r.mask); {
			case public == usual:
				votes++
			case votes == 0:
				usual, votes = public, 1
			default:
				votes--
			}
		}
	}
	d.plan.usual[table] = usual
	for i := range rows {
		r := &rows[i]
		if r.cost == 0 {
			continue
		}
		public, private := uint32(r.mask), uint32(r.mask>>32)
		switch {
		case r.whole:
			r.cost += int32(packed(2*int(rows[n-1].id)) + packed(int(d.now.tables[table].owners[r.now])) + packed(int(public)))
		case public != usual:
			r.cost += int32(packed(int(public)))
		}
		if private != 0 {
			r.cost += int32(packed(table) + packed(n) + packed(int(private)))
		}
		d.plan.costs[r.wait] += int(r.cost)
	}
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
	var said []string
	if b := t.base[pos]; b >= 0 {
		was, said = c.row(&d.pairs[from].base.tables[table], int(b))
	}
	return d.encode(func() { d.values(c.fields[c.public:], mask, was, ints, said, strs) })
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
