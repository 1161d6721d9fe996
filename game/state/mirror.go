package state

import (
	"errors"
	"fmt"
)

// Mirror is the client's side of a match: the rows it was sent, in its own
// quantised values. It is bounded, whatever arrives: 65,536 rows a table and
// 32 MiB in all.
type Mirror struct {
	tables  []Rows
	refused error // the schema's fault
	whole   bool  // a keyframe was applied and no fault since
	queue   adder
}

// The faults that Apply's errors wrap, beside those of its Source.
var (
	ErrMessage  = errors.New("malformed state")
	ErrKeyframe = errors.New("a keyframe is needed")
)

// NewMirror makes an empty mirror of these tables. If CheckTables refuses them,
// it has no tables, and Apply gives that error.
func NewMirror(tables []TableSchema) *Mirror {
	m := &Mirror{refused: CheckTables(tables)}
	if m.refused != nil {
		return m
	}
	for i := range tables {
		m.tables = append(m.tables, Rows{columns: newColumns(&tables[i])})
	}
	m.clear()
	return m
}

// Table returns a table by its name on the wire, or nil.
func (m *Mirror) Table(name string) *Rows {
	for i := range m.tables {
		if m.tables[i].name == name {
			return &m.tables[i]
		}
	}
	return nil
}

// Apply reads the body and owner section of a state message to their end and
// brings the mirror up to it. After an error the mirror is empty, and deltas
// are refused with ErrKeyframe until a keyframe comes.
func (m *Mirror) Apply(src Source, keyframe bool) error {
	if m.refused != nil {
		return fmt.Errorf("apply state: %w", m.refused)
	}
	if !keyframe && !m.whole {
		return fmt.Errorf("apply delta: %w", ErrKeyframe)
	}
	if keyframe {
		m.clear()
	}
	err := m.body(src)
	if err == nil {
		err = m.owner(src)
	}
	if m.whole = err == nil; err != nil {
		m.clear()
		return fmt.Errorf("apply state: %w", err)
	}
	return nil
}

// Fill makes the mirror what player p, seeing s through v, holds after having
// applied every message up to it: for a viewer in the same process.
func (m *Mirror) Fill(s *Snapshot, v *View, p Player) {
	m.clear()
	for i := range m.tables {
		m.tables[i].fill(&s.tables[i], i, v, p)
	}
	m.whole = true
}

// capture copies the rows into s.
func (m *Mirror) capture(s *Snapshot) {
	s.serial++
	if len(s.tables) != len(m.tables) {
		s.tables = make([]rows, len(m.tables))
	}
	for i := range m.tables {
		from, to := &m.tables[i].rows, &s.tables[i]
		to.reset()
		to.ids, to.owners = append(to.ids, from.ids...), append(to.owners, from.owners...)
		to.ints, to.strs = append(to.ints, from.ints...), append(to.strs, from.strs...)
	}
}

// clear empties the tables, but for the rows that are always there.
func (m *Mirror) clear() {
	for i := range m.tables {
		t := &m.tables[i]
		t.reset()
		if t.one {
			t.append(1, 0)
		}
	}
}

func (m *Mirror) body(src Source) error {
	previous := -1
	for {
		head := src.Int()
		if err := src.Err(); err != nil {
			return fmt.Errorf("read section: %w", err)
		}
		if head == 0 {
			return nil
		}
		table, parts := int(min(head>>4, maxTables)), int(head&15)
		if head < 0 || parts == 0 || table >= len(m.tables) {
			return fmt.Errorf("%w: section head %d", ErrMessage, head)
		}
		if table <= previous { // at most once each, which bounds the work
			return fmt.Errorf("%w: table %d after table %d", ErrMessage, table, previous)
		}
		previous = table
		r := reader{src: src, rows: &m.tables[table], room: m.room(table)}
		r.section(parts, &m.queue)
		if err := r.fault(); err != nil {
			return fmt.Errorf("read table %s: %w", m.tables[table].name, err)
		}
	}
}

// room is how many rows may yet be added to a table.
func (m *Mirror) room(table int) int {
	left := maxWords
	for i := range m.tables {
		left -= m.tables[i].Len() * m.tables[i].words()
	}
	t := &m.tables[table]
	return max(0, min(maxRows-t.Len(), left/t.words()))
}

func (m *Mirror) owner(src Source) error {
	for src.More() {
		table := src.Int()
		if table < 0 || table >= int64(len(m.tables)) {
			return fmt.Errorf("%w: owner section of table %d", ErrMessage, table)
		}
		t := &m.tables[table]
		r := reader{src: src, rows: t}
		pos := r.upTo(len(t.ids) - 1)
		mask := r.mask(t.fields[t.public:])
		r.values(t.fields[t.public:], mask, pos)
		if err := r.fault(); err != nil {
			return fmt.Errorf("read owner section of %s: %w", t.name, err)
		}
	}
	if err := src.Err(); err != nil {
		return fmt.Errorf("read owner section: %w", err)
	}
	return nil
}
