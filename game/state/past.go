package state

import "iter"

// Past is a tick as of which rewindable tables can be read: those with rewind in
// their sync tag. See Table.Then.
type Past uint32

// moment is a table as it was after a tick.
type moment[T any] struct {
	tick uint32
	ids  []ID
	rows []T
}

// Then iterates over the rows as they were after a tick, in ascending id order:
// copies. An id is the same row now, if that is still there, and its owner. A tick that is not kept any more is
// the oldest one that is; one yet to come is the newest. Before the first tick
// nothing is kept, and the rows are those of now. It panics if the table has no
// rewind in its sync tag.
func (t *Table[T]) Then(p Past) iter.Seq2[ID, T] {
	if t.keep == 0 {
		panic("state: Table.Then: the table has no rewind in its sync tag")
	}
	return func(yield func(ID, T) bool) {
		m := t.asOf(p)
		if m == nil {
			for id, row := range t.All() {
				if !yield(id, *row) {
					return
				}
			}
			return
		}
		for i, id := range m.ids {
			if !yield(id, m.rows[i]) {
				return
			}
		}
	}
}

// asOf is the newest moment that is not after p, or the oldest; nil before the
// first.
func (t *Table[T]) asOf(p Past) *moment[T] {
	for i := len(t.past) - 1; i >= 0; i-- {
		if t.past[i].tick <= uint32(p) || i == 0 {
			return &t.past[i]
		}
	}
	return nil
}

// rewinder is what a rewindable Table can do off and on the tick.
type rewinder interface {
	rewindable(keep int)
	remember(tick uint32)
	refillPast(tick uint32, n int)
}

func (t *Table[T]) rewindable(keep int) { t.keep, t.past = max(keep, 1), nil }

// remember keeps a copy of the rows as they are after a tick. It allocates only
// while tables grow.
func (t *Table[T]) remember(tick uint32) {
	m := t.nextMoment(tick)
	m.ids, m.rows = m.ids[:0], m.rows[:0]
	for i, gone := range t.gone {
		if !gone {
			m.ids, m.rows = append(m.ids, t.ids[i]), append(m.rows, *t.at(t.slots[i]))
		}
	}
}

// nextMoment is the one to fill for a tick: the newest if that is of the same
// tick, else a new one, for which the oldest may give way.
func (t *Table[T]) nextMoment(tick uint32) *moment[T] {
	n := len(t.past)
	if n > 0 && t.past[n-1].tick == tick {
		return &t.past[n-1]
	}
	switch {
	case n < t.keep:
		t.past = append(t.past, moment[T]{})
		n++
	default:
		oldest := t.past[0]
		copy(t.past, t.past[1:])
		t.past[n-1] = oldest
	}
	t.past[n-1].tick = tick
	return &t.past[n-1]
}

// refillPast makes room for n rows of zeros of a tick, to be filled in.
func (t *Table[T]) refillPast(tick uint32, n int) {
	m := t.nextMoment(tick)
	m.ids, m.rows = make([]ID, n), make([]T, n)
}
