package bot

import (
	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
)

// Table reads some fields of one table of a client's view. Fields are named once
// and then read by their place among those names; what the schema does not have
// reads as zero.
type Table struct {
	rows  *state.Rows
	index []int
}

// Open finds a table and fields of it by their names on the wire.
func Open(m *state.Mirror, table string, fields ...string) Table {
	t := Table{rows: m.Table(table), index: make([]int, len(fields))}
	for i, name := range fields {
		t.index[i] = -1
		if t.rows == nil {
			continue
		}
		if at, _, ok := t.rows.Field(name); ok {
			t.index[i] = at
		}
	}
	return t
}

// Len is the number of rows.
func (t *Table) Len() int {
	if t.rows == nil {
		return 0
	}
	return t.rows.Len()
}

// ID is the id of the row at a position.
func (t *Table) ID(pos int) game.ID { return t.rows.ID(pos) }

// Owner is the player that the row at a position belongs to.
func (t *Table) Owner(pos int) game.Player { return t.rows.Owner(pos) }

// Int reads field number i of the row at a position; booleans are 0 and 1.
func (t *Table) Int(pos, i int) int64 {
	if t.index[i] < 0 {
		return 0
	}
	return t.rows.Int(pos, t.index[i])
}

// Elem reads an element of array field number i of the row at a position.
func (t *Table) Elem(pos, i, elem int) int64 {
	if t.index[i] < 0 {
		return 0
	}
	return t.rows.Elem(pos, t.index[i], elem)
}
