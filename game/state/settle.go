package state

// choose marks the rows to be sent: the most urgent ones that fit, and reports
// whether that is all. Of those that are equally urgent and do not all fit, it
// begins with the one at turn, and gives the one to begin with next time: none
// waits for ever.
func (p *plan) choose(turn int) (next int, all bool) {
	least, left, certain := maxWait+1, p.left, 0
	for ; least > 1 && (p.costs[least-1] == 0 || p.costs[least-1] <= left); least-- {
		left -= p.costs[least-1]
		certain += p.costs[least-1]
	}
	for i := range p.rows {
		r := &p.rows[i]
		r.send = r.cost > 0 && int(r.wait) >= least
	}
	n := len(p.rows)
	if least == 1 || n == 0 {
		return turn, true
	}
	next = -1
	for i := range n {
		at := (turn + i) % n
		r := &p.rows[at]
		switch {
		case r.cost == 0 || int(r.wait) != least-1:
		case int(r.cost) <= left || certain == 0: // at least one, whatever its size
			r.send = true
			left -= int(r.cost)
			certain++
		case next < 0:
			next = at
		}
	}
	return max(next, 0), next < 0
}

// settle sorts the rows of a table as sort does, by what was chosen, and brings
// up to date what the client has.
func (d *Differ) settle(table int, h *heldTable) {
	d.removed, d.kept, d.added = d.removed[:0], d.kept[:0], d.added[:0]
	first := 0
	if table > 0 {
		first = d.plan.ends[table-1]
	}
	held := h.spare[:0]
	passed, pos := 0, 0 // rows kept since one went; the row's position at the client
	for i := first; i < d.plan.ends[table]; i++ {
		r := &d.plan.rows[i]
		if r.now < 0 || r.send && r.has && r.whole {
			d.removed = append(d.removed, passed)
			passed = 0
			if r.now < 0 {
				continue
			}
		} else if r.has {
			mask := uint32(0)
			if r.send {
				mask = uint32(r.mask)
			}
			d.kept = append(d.kept, keptRow{r.now, r.from, mask})
			passed++
		}
		if r.send {
			if r.whole {
				d.added = append(d.added, r.now)
			}
			if private := uint32(r.mask >> 32); private != 0 {
				d.plan.owned = append(d.plan.owned, ownedRow{table, pos, private, d.plan.owns[r.own]})
			}
			r.base, r.wait, r.has = d.now.Tick, 0, true
		}
		held = append(held, r.heldRow)
		if r.has {
			pos++
		}
	}
	h.rows, h.spare = held, h.rows
}
