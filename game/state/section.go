package state

// The parts of a table section, in their order on the wire.
const (
	partRemoved = 1 << iota
	partDense
	partSparse
	partAdded
)

// maskCount counts rows with a mask, for finding the commonest.
type maskCount struct {
	mask uint32
	n    int
}

// section writes what sort found.
func (d *Differ) section(table int, p *pair) {
	mask, changed := d.commonest()
	head := 0
	if len(d.removed) > 0 {
		head |= partRemoved
	}
	if changed > 0 {
		head |= d.shape(mask)
	}
	if len(d.added) > 0 {
		head |= partAdded
	}
	if head == 0 {
		return
	}
	d.uint(head + 16*table)
	if head&partRemoved != 0 {
		d.uint(len(d.removed))
		for _, gap := range d.removed {
			d.uint(gap)
		}
	}
	switch {
	case head&partDense != 0:
		d.dense(table, p, mask)
	case head&partSparse != 0:
		d.sparse(table, p, mask, changed)
	}
	if head&partAdded != 0 {
		d.add(table, p)
	}
}

// commonest finds the mask that most changed rows have, among the first few
// different ones, counting what each would cost as an exception. changed is
// the number of changed rows.
func (d *Differ) commonest() (mask uint32, changed int) {
	seen := d.best[:0]
	for _, k := range d.kept {
		if k.mask == 0 {
			continue
		}
		changed++
		found := false
		for i := range seen {
			if seen[i].mask == k.mask {
				seen[i].n++
				found = true
				break
			}
		}
		if !found && len(seen) < cap(seen) {
			seen = append(seen, maskCount{k.mask, 1})
		}
	}
	saved := 0
	for _, c := range seen {
		if s := c.n * (1 + packed(int(c.mask))); s > saved {
			mask, saved = c.mask, s
		}
	}
	return mask, changed
}

// shape says which form of the changed part is shorter, apart from the values,
// which are the same in both.
func (d *Differ) shape(mask uint32) int {
	dense, exceptions, passedDense := 0, 0, 0
	sparse, changed, passedSparse := 0, 0, 0
	for _, k := range d.kept {
		if k.mask != mask {
			dense += packed(passedDense) + packed(int(k.mask))
			exceptions++
			passedDense = 0
		} else {
			passedDense++
		}
		if k.mask == 0 {
			passedSparse++
			continue
		}
		sparse += packed(2 * passedSparse)
		if k.mask != mask {
			sparse += packed(int(k.mask))
		}
		changed++
		passedSparse = 0
	}
	if dense+packed(exceptions) <= sparse+packed(changed) {
		return partDense
	}
	return partSparse
}

// packed is the length of a MessagePack uint.
func packed(v int) int {
	switch {
	case v < 1<<7:
		return 1
	case v < 1<<8:
		return 2
	case v < 1<<16:
		return 3
	}
	return 5
}

func (d *Differ) dense(table int, p *pair, mask uint32) {
	d.uint(int(mask))
	exceptions := 0
	for _, k := range d.kept {
		if k.mask != mask {
			exceptions++
		}
	}
	d.uint(exceptions)
	passed := 0
	for _, k := range d.kept {
		if k.mask == mask {
			passed++
			continue
		}
		d.uint(passed)
		d.uint(int(k.mask))
		passed = 0
	}
	for _, k := range d.kept {
		d.changes(table, p, k)
	}
}

func (d *Differ) sparse(table int, p *pair, mask uint32, changed int) {
	d.uint(int(mask))
	d.uint(changed)
	passed := 0
	for _, k := range d.kept {
		if k.mask == 0 {
			passed++
			continue
		}
		if k.mask == mask {
			d.uint(2 * passed)
		} else {
			d.uint(2*passed + 1)
			d.uint(int(k.mask))
		}
		passed = 0
		d.changes(table, p, k)
	}
}

func (d *Differ) changes(table int, p *pair, k keptRow) {
	c := &d.tables[table]
	bi, bs := c.row(&p.base.tables[table], int(k.base))
	ni, ns := c.row(&p.now.tables[table], int(k.now))
	d.values(c.fields[:c.public], k.mask, bi, ni, bs, ns)
}

func (d *Differ) add(table int, p *pair) {
	c, now := &d.tables[table], &p.now.tables[table]
	d.uint(len(d.added))
	last := int64(0)
	if n := len(d.kept); n > 0 {
		last = int64(now.ids[d.kept[n-1].now])
	}
	for i, j := range d.added {
		id := int64(now.ids[j])
		if i == 0 {
			d.diff(id - last)
		} else {
			d.int(id - last - 1)
		}
		last = id
		ints, strs := c.row(now, int(j))
		// Not the pair's mask: the row may have been there, out of sight.
		mask := uint32(c.diff(nil, ints, nil, strs))
		d.uint(int(now.owners[j]))
		d.uint(int(mask))
		d.values(c.fields[:c.public], mask, nil, ints, nil, strs)
	}
}
