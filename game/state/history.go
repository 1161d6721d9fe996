package state

import (
	"encoding/binary"
	"math"
	"reflect"
	"unsafe"
)

// History is the past of one game's rewindable tables: what Table.Then reads. A
// nil History is that of a game without any. It belongs to the game's goroutine.
type History struct {
	keep   int
	tables []kept
}

type kept struct {
	rewinder
	raw   *rawTable
	elem  *codec
	max   int
	where string
}

// rawMoment is a moment of any row type as it lies in memory.
type rawMoment struct {
	tick uint32
	ids  []ID
	rows sliceHeader
}

// History makes the past of a game, which keeps as many ticks as given and at
// least one; nil if no table has rewind in its sync tag.
func (l *Layout) History(game any, keep int) *History {
	p := l.check(game)
	h := &History{keep: max(keep, 1)}
	for i := range l.save.fields {
		f := &l.save.fields[i]
		if f.op != opTable || !f.rewind {
			continue
		}
		at := unsafe.Add(p, f.offset)
		k := kept{reflect.NewAt(f.typ, at).Interface().(rewinder), (*rawTable)(at), f.elem, f.n, f.name}
		k.rewindable(h.keep)
		h.tables = append(h.tables, k)
	}
	if len(h.tables) == 0 {
		return nil
	}
	return h
}

// Remember keeps the tables as they are after a tick.
func (h *History) Remember(tick uint32) {
	if h == nil {
		return
	}
	for i := range h.tables {
		h.tables[i].remember(tick)
	}
}

// Save appends the past. Equal pasts give equal bytes.
func (h *History) Save(dst []byte) []byte {
	if h == nil {
		return dst
	}
	for i := range h.tables {
		k := &h.tables[i]
		dst = binary.AppendUvarint(dst, uint64(len(k.raw.past)))
		for j := range k.raw.past {
			m := &k.raw.past[j]
			dst = binary.AppendUvarint(dst, uint64(m.tick))
			dst = binary.AppendUvarint(dst, uint64(len(m.ids)))
			var prev ID
			for row, id := range m.ids {
				dst = binary.AppendUvarint(dst, uint64(id-prev-1))
				dst = k.elem.save(dst, unsafe.Add(m.rows.data, uintptr(row)*k.elem.size))
				prev = id
			}
		}
	}
	return dst
}

// Restore reads what Save wrote, up to a tick, and returns the bytes that follow.
// Bytes of any content are safe to give, as with Layout.Restore.
func (h *History) Restore(src []byte, newest uint32) ([]byte, error) {
	if h == nil {
		return src, nil
	}
	r := restorer{src: src, room: maxRestored}
	for i := range h.tables {
		h.tables[i].restore(&r, h.keep, newest)
	}
	return r.src, r.err
}

func (k *kept) restore(r *restorer, keep int, newest uint32) {
	last := int64(-1)
	for range r.uvarint(uint64(keep), k.where) {
		tick := r.uvarint(uint64(newest), k.where)
		if r.err == nil && int64(tick) <= last {
			r.fail(k.where, "tick %d after tick %d", tick, last)
		}
		last = int64(tick)
		n, ok := r.count(r.uvarint(uint64(k.max), k.where), k.elem.least+1, k.elem.size+unsafe.Sizeof(ID(0)), k.where)
		if !ok {
			return
		}
		k.refillPast(uint32(tick), n)
		m := &k.raw.past[len(k.raw.past)-1]
		prev := uint64(0)
		for row := range n {
			id := prev + 1 + r.uvarint(math.MaxUint32, k.where)
			if id > math.MaxUint32 {
				r.fail(k.where, "there is no row %d", id)
			}
			m.ids[row] = ID(id)
			k.elem.restore(r, unsafe.Add(m.rows.data, uintptr(row)*k.elem.size), k.where)
			if r.err != nil {
				return
			}
			prev = id
		}
	}
}

// holds reports whether a value of the codec refers to memory that can change.
func (k *codec) holds() bool {
	if k.op == opSlice || k.elem != nil && k.elem.holds() {
		return true
	}
	for i := range k.fields {
		if k.fields[i].holds() {
			return true
		}
	}
	return false
}
