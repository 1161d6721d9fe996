package state

import "slices"

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
