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
	t.ids, t.owners, t.gone, t.rows = make([]ID, n), make([]Player, n), make([]bool, n), make([]T, n)
	t.removed = 0
}

// rawTable is a Table of any row type as it lies in memory.
type rawTable struct {
	core
	rows     unsafe.Pointer
	len, cap int
}

// dataOf is the address of the value that a pointer in an interface points to,
// or of the copy that the interface holds.
func dataOf(v any) unsafe.Pointer { return (*[2]unsafe.Pointer)(unsafe.Pointer(&v))[1] }
