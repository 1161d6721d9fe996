package state

import (
	"reflect"
	"unsafe"
)

// tabler is what every *Table[T] can do off the tick.
type tabler interface {
	rowType() reflect.Type
	refill(n int)
}

func (t *Table[T]) rowType() reflect.Type { return reflect.TypeFor[T]() }

// refill replaces what the table holds by n rows of zeros, to be filled in.
func (t *Table[T]) refill(n int) {
	t.ids, t.owners, t.gone, t.slots = make([]ID, n), make([]Player, n), make([]bool, n), make([]int32, n)
	t.chunks, t.free, t.removed, t.owned = nil, nil, 0, owned{stale: true}
	for len(t.chunks)*chunkRows < n {
		t.chunks = append(t.chunks, make([]T, chunkRows))
	}
	for i := range t.slots {
		t.slots[i] = int32(i)
	}
	for slot := len(t.chunks)*chunkRows - 1; slot >= n; slot-- {
		t.free = append(t.free, int32(slot))
	}
}

// rawTable is a Table of any row type as it lies in memory.
type rawTable struct {
	core
	chunks []sliceHeader
	past   []rawMoment
}

// sliceHeader is a slice of any type as it lies in memory.
type sliceHeader struct {
	data     unsafe.Pointer
	len, cap int
}

// row is the address of the i-th row by id order, of stride bytes.
func (t *rawTable) row(i int, stride uintptr) unsafe.Pointer {
	slot := t.slots[i]
	return unsafe.Add(t.chunks[slot/chunkRows].data, uintptr(slot%chunkRows)*stride)
}

// dataOf is the address of the value that a pointer in an interface points to,
// or of the copy that the interface holds.
func dataOf(v any) unsafe.Pointer { return (*[2]unsafe.Pointer)(unsafe.Pointer(&v))[1] }
