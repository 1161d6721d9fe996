package state

import (
	"fmt"
	"math"
	"math/bits"
)

// reader applies one section to one table. It reads on after a fault, at most
// to the end of the part, and the fault is looked at once.
type reader struct {
	src  Source
	rows *Rows
	room int // rows that may be added
	err  error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: "+format, append([]any{ErrMessage}, args...)...)
	}
}

// fault is the first fault of the message or its source.
func (r *reader) fault() error {
	if err := r.src.Err(); err != nil {
		return err
	}
	return r.err
}

func (r *reader) ok() bool { return r.err == nil && r.src.Err() == nil }

// upTo reads an integer from 0 to limit.
func (r *reader) upTo(limit int) int {
	v := r.src.Int()
	if v < 0 || v > int64(limit) {
		r.fail("%d where 0 to %d is due", v, limit)
		return 0
	}
	return int(v)
}

// mask reads a mask of fields.
func (r *reader) mask(fields []column) uint32 { return uint32(r.upTo(1<<len(fields) - 1)) }

// diff reads a zigzagged difference.
func (r *reader) diff() int64 {
	v := r.src.Int()
	if v < 0 {
		r.fail("%d is no difference", v)
		return 0
	}
	return v>>1 ^ -(v & 1)
}

func (r *reader) section(parts int, queue *adder) {
	if r.rows.one && parts&(partRemoved|partAdded) != 0 {
		r.fail("the one row cannot come or go")
		return
	}
	if parts&partRemoved != 0 {
		r.remove()
	}
	if parts&partDense != 0 {
		r.dense(queue)
	}
	if parts&partSparse != 0 {
		r.sparse()
	}
	if parts&partAdded != 0 {
		r.add(queue)
	}
}

func (r *reader) remove() {
	t := r.rows
	n := len(t.ids)
	from, to := 0, 0
	for count := r.upTo(n); count > 0 && r.ok(); count-- {
		gap := r.upTo(n - 1 - from)
		if from == n {
			r.fail("more rows removed than there are")
			return
		}
		for ; gap > 0; gap-- {
			t.move(to, from)
			to++
			from++
		}
		from++
	}
	for ; from < n; from++ {
		t.move(to, from)
		to++
	}
	t.cut(to)
}

func (r *reader) dense(queue *adder) {
	t := r.rows
	fields := t.fields[:t.public]
	mask := r.mask(fields)
	masks := queue.masksOf(len(t.ids), mask)
	pos := 0
	for count := r.upTo(len(t.ids)); count > 0 && r.ok(); count-- {
		pos += r.upTo(len(t.ids) - 1 - pos)
		own := r.mask(fields)
		if pos >= len(t.ids) {
			r.fail("an exception after the last row")
			return
		}
		masks[pos] = own
		pos++
	}
	for pos := 0; pos < len(masks) && r.ok(); pos++ {
		r.values(fields, masks[pos], pos)
	}
}

func (r *reader) sparse() {
	t := r.rows
	fields := t.fields[:t.public]
	mask := r.mask(fields)
	pos := 0
	for count := r.upTo(len(t.ids)); count > 0 && r.ok(); count-- {
		lead := r.upTo(2*(len(t.ids)-1-pos) + 1)
		pos += lead / 2
		own := mask
		if lead&1 != 0 {
			own = r.mask(fields)
		}
		if pos >= len(t.ids) {
			r.fail("a change after the last row")
			return
		}
		r.values(fields, own, pos)
		pos++
	}
}

// values applies changes to the row at a position.
func (r *reader) values(fields []column, mask uint32, pos int) {
	t := r.rows
	for ; mask != 0 && r.ok(); mask &= mask - 1 {
		f := &fields[bits.TrailingZeros32(mask)]
		if f.Kind == String {
			t.strs[pos*t.texts+f.at] = r.src.Str(maxText)
			continue
		}
		words := t.ints[pos*t.width+f.at:][:f.n]
		if f.Len == 0 {
			r.change(f, &words[0])
			continue
		}
		count := r.upTo(f.n)
		at := 0
		for i := count; i > 0 && r.ok(); i-- {
			if count < f.n {
				at += r.upTo(f.n - 1 - at)
			}
			if at >= f.n {
				r.fail("a change after the last element")
				return
			}
			r.change(f, &words[at])
			at++
		}
	}
}

func (r *reader) change(f *column, word *int64) {
	if f.Kind == Bool {
		*word ^= 1
		return
	}
	v := *word + r.diff()
	if v < -maxExact || v > maxExact {
		r.fail("%s is above 2^53", f.Name)
		return
	}
	*word = v
}

// add reads rows behind those that are there, then merges them in.
func (r *reader) add(queue *adder) {
	t := r.rows
	n := len(t.ids)
	count := r.upTo(r.room)
	last := int64(0)
	if n > 0 {
		last = int64(t.ids[n-1])
	}
	for i := 0; i < count && r.ok(); i++ {
		id := last
		if i == 0 {
			id += r.diff()
		} else {
			id += 1 + int64(r.upTo(math.MaxUint32))
		}
		if id < 1 || id > math.MaxUint32 {
			r.fail("row id %d", id)
			return
		}
		last = id
		owner := r.upTo(math.MaxUint16)
		t.append(ID(id), Player(owner))
		fields := t.fields[:t.public]
		r.values(fields, r.mask(fields), n+i)
	}
	if r.ok() && !queue.merge(t, n) {
		r.fail("a row was added that is there")
	}
}
