package wire_test

import (
	"fmt"
	"slices"

	"github.com/sandlot-server/sandlot/game/state"
)

// reference is a second, slow reading of PROTOCOL.md's state section, beside
// state.Mirror: what the vectors expect is what both say.
type reference struct {
	tables []state.TableSchema
	rows   [][]*refRow
}

type refRow struct {
	id            int64
	owner         int64
	public, owned map[string][]int64
	text, private map[string]string
}

func newRow(id, owner int64) *refRow {
	return &refRow{id, owner, map[string][]int64{}, map[string][]int64{}, map[string]string{}, map[string]string{}}
}

func (m *reference) apply(src state.Source, keyframe bool) error {
	if keyframe {
		m.rows = make([][]*refRow, len(m.tables))
		for i, t := range m.tables {
			if t.One {
				m.rows[i] = []*refRow{newRow(1, 0)}
			}
		}
	}
	for head := src.Int(); head != 0; head = src.Int() {
		if err := m.section(src, int(head/16), head%16); err != nil {
			return err
		}
	}
	for src.More() {
		table, pos, mask := int(src.Int()), int(src.Int()), src.Int()
		if src.Err() != nil || table < 0 || table >= len(m.tables) || pos < 0 || pos >= len(m.rows[table]) {
			return fmt.Errorf("owner of table %d, position %d", table, pos)
		}
		row := m.rows[table][pos]
		if err := refValues(src, m.tables[table].Owner, mask, row.owned, row.private); err != nil {
			return err
		}
	}
	return src.Err()
}

func (m *reference) section(src state.Source, table int, flags int64) error {
	if table < 0 || table >= len(m.tables) || flags == 0 {
		return fmt.Errorf("table %d, flags %d", table, flags)
	}
	rows, fields := m.rows[table], m.tables[table].Fields
	if flags&removed != 0 {
		gone, pos := map[int]bool{}, -1
		for range src.Int() {
			pos += 1 + int(src.Int())
			gone[pos] = true
		}
		if pos >= len(rows) {
			return fmt.Errorf("removed position %d of %d", pos, len(rows))
		}
		at := -1
		rows = slices.DeleteFunc(slices.Clone(rows), func(*refRow) bool { at++; return gone[at] })
	}
	if flags&dense != 0 {
		masks, common, pos := map[int]int64{}, src.Int(), -1
		for range src.Int() {
			pos += 1 + int(src.Int())
			masks[pos] = src.Int()
		}
		if pos >= len(rows) {
			return fmt.Errorf("exception at %d of %d", pos, len(rows))
		}
		for i, row := range rows {
			mask, other := masks[i]
			if !other {
				mask = common
			}
			if err := refValues(src, fields, mask, row.public, row.text); err != nil {
				return err
			}
		}
	}
	if flags&sparse != 0 {
		common, pos := src.Int(), -1
		for range src.Int() {
			lead, mask := src.Int(), common
			if lead%2 == 1 {
				mask = src.Int()
			}
			if pos += 1 + int(lead/2); pos >= len(rows) || pos < 0 {
				return fmt.Errorf("changed position %d of %d", pos, len(rows))
			}
			if err := refValues(src, fields, mask, rows[pos].public, rows[pos].text); err != nil {
				return err
			}
		}
	}
	if flags&added != 0 {
		var id int64
		if len(rows) > 0 {
			id = rows[len(rows)-1].id
		}
		for i := range src.Int() {
			if i == 0 {
				id += unzz(src.Int())
			} else {
				id += 1 + src.Int()
			}
			row := newRow(id, src.Int())
			if err := refValues(src, fields, src.Int(), row.public, row.text); err != nil {
				return err
			}
			if id < 1 || slices.ContainsFunc(rows, func(r *refRow) bool { return r.id == id }) {
				return fmt.Errorf("added row %d", id)
			}
			rows = append(rows, row)
		}
		slices.SortFunc(rows, func(a, b *refRow) int { return int(a.id - b.id) })
	}
	m.rows[table] = rows
	return src.Err()
}

func unzz(v int64) int64 { return v>>1 ^ -(v & 1) }

func refValues(src state.Source, fields []state.Field, mask int64, ints map[string][]int64, text map[string]string) error {
	if mask>>len(fields) != 0 {
		return fmt.Errorf("mask %b of %d fields", mask, len(fields))
	}
	for i, f := range fields {
		if mask>>i&1 == 0 {
			continue
		}
		if f.Kind == state.String {
			text[f.Name] = src.Str(1 << 16)
			continue
		}
		v := ints[f.Name]
		if v == nil {
			v = make([]int64, max(1, f.Len))
			ints[f.Name] = v
		}
		count, at := int64(1), -1
		if f.Len > 0 {
			count = src.Int()
		}
		for range count {
			at++
			if f.Len > 0 && count < int64(f.Len) {
				at += int(src.Int())
			}
			if src.Err() != nil || at >= len(v) {
				return fmt.Errorf("element %d of %q: %w", at, f.Name, src.Err())
			}
			if f.Kind == state.Bool {
				v[at] ^= 1
			} else {
				v[at] += unzz(src.Int())
			}
		}
	}
	return src.Err()
}

// describe is the readable form of what viewer sees.
func (m *reference) describe(viewer int64) object {
	tables := object{}
	for i, t := range m.tables {
		rows := []object{}
		for _, row := range m.rows[i] {
			shown := object{}
			for _, f := range t.Fields {
				var rest []int64
				if row.owner == viewer {
					rest = row.owned[f.Name]
				}
				shown[f.Name] = refValue(f, row.public[f.Name], rest, row.text[f.Name])
			}
			for _, f := range t.Owner {
				if _, remainder := shown[f.Name]; !remainder && row.owner == viewer {
					shown[f.Name] = refValue(f, row.owned[f.Name], nil, row.private[f.Name])
				}
			}
			rows = append(rows, object{"id": row.id, "owner": row.owner, "values": shown})
		}
		tables[t.Name] = rows
	}
	return tables
}

func refValue(f state.Field, v, rest []int64, text string) any {
	if f.Kind == state.String {
		return text
	}
	list := make([]any, max(1, f.Len))
	for i := range list {
		var n int64
		if v != nil {
			n = v[i] * f.Step
		}
		if rest != nil {
			n += rest[i]
		}
		list[i] = any(n)
		if f.Kind == state.Bool {
			list[i] = n != 0
		}
	}
	if f.Len == 0 {
		return list[0]
	}
	return list
}
