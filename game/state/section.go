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
func (d *Differ) section(table int) {
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
		d.dense(table, mask)
	case head&partSparse != 0:
		d.sparse(table, mask, changed)
	}
	if head&partAdded != 0 {
		d.add(table)
	}
}

// commonest finds the mask that most changed rows have, among the usual one and
// the first few others, counting what each would cost as an exception. changed is
// the number of changed rows.
func (d *Differ) commonest() (mask uint32, changed int) {
	seen := append(d.best[:0], maskCount{d.usual, 0})
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

func (d *Differ) dense(table int, mask uint32) {
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
		d.changes(table, k)
	}
}

func (d *Differ) sparse(table int, mask uint32, changed int) {
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
		d.changes(table, k)
	}
}

// changes writes the values of a kept row's mask.
func (d *Differ) changes(table int, k keptRow) {
	if k.mask == 0 {
		return
	}
	if d.share != nil {
		d.copy(d.chunk(table, k.from, k.now))
		return
	}
	d.row(table, k.from, k.now)
}

// row writes the public values in which a row differs from that of a pair's
// base, or from zeros.
func (d *Differ) row(table int, from, pos int32) {
	c, t := &d.tables[table], &d.pairs[from].tables[table]
	ints, strs := c.row(&d.now.tables[table], int(pos))
	var was []int64
	if b := t.base[pos]; b >= 0 {
		was, _ = c.row(&d.pairs[from].base.tables[table], int(b))
	}
	d.values(c.fields[:c.public], uint32(t.masks[pos]), was, ints, strs)
}

// chunk encodes what row writes, unless that was done.
func (d *Differ) chunk(table int, from, pos int32) *chunk {
	k := d.pairs[from].tables[table].chunk(pos)
	if k.n < 0 {
		*k = d.encode(func() { d.row(table, from, pos) })
	}
	return k
}

// encode has values written to the cache.
func (d *Differ) encode(write func()) chunk {
	dst, n, start := d.dst, d.n, len(d.cache.Bytes())
	d.dst, d.n = d.cache, 0
	write()
	k := chunk{int32(start), int32(len(d.cache.Bytes())), int32(d.n)}
	d.dst, d.n = dst, n
	return k
}

// copy writes an encoded row.
func (d *Differ) copy(k *chunk) {
	d.n += int(k.n)
	d.share.Copy(d.cache.Bytes()[k.start:k.end], int(k.n))
}

func (d *Differ) add(table int) {
	now := &d.now.tables[table]
	// A row may have been there, out of sight: it comes whole, whatever the base.
	from := d.pair(&d.zero)
	masks := d.pairs[from].tables[table].masks
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
		d.uint(int(now.owners[j]))
		d.uint(int(uint32(masks[j])))
		if d.share != nil {
			d.copy(d.chunk(table, from, j))
			continue
		}
		d.row(table, from, j)
	}
}
