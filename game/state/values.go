package state

import "math/bits"

// values writes the fields of a mask, from the lowest bit. Nil old values are
// zeros.
func (d *Differ) values(fields []column, mask uint32, was, ints []int64, strs []string) {
	for ; mask != 0; mask &= mask - 1 {
		f := &fields[bits.TrailingZeros32(mask)]
		switch {
		case f.Kind == String:
			d.n++
			d.dst.Str(strs[f.at])
		case f.Len > 0:
			d.array(f, was, ints)
		case f.Kind == Int && was == nil:
			d.diff(ints[f.at])
		case f.Kind == Int:
			d.diff(ints[f.at] - was[f.at])
		}
	}
}

func (d *Differ) array(f *column, was, ints []int64) {
	old := func(i int) int64 {
		if was == nil {
			return 0
		}
		return was[f.at+i]
	}
	count := 0
	for i := range f.n {
		if ints[f.at+i] != old(i) {
			count++
		}
	}
	d.uint(count)
	passed := 0
	for i := range f.n {
		change := ints[f.at+i] - old(i)
		if change == 0 {
			passed++
			continue
		}
		if count < f.n {
			d.uint(passed)
		}
		passed = 0
		if f.Kind == Int {
			d.diff(change)
		}
	}
}

func (d *Differ) int(v int64) {
	d.n++
	d.dst.Int(v)
}

func (d *Differ) uint(v int) { d.int(int64(v)) }

// diff writes a difference, zigzagged.
func (d *Differ) diff(v int64) { d.int(v<<1 ^ v>>63) }
