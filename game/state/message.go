package state

import (
	"fmt"
	"unicode/utf8"
)

// Len is the number of values of a message: one a field, and one an element of
// an array.
func (m *Message) Len() int {
	n := 0
	for i := range m.Fields {
		n += max(m.Fields[i].Len, 1)
	}
	return n
}

// Check reports whether v is a message of this shape with every value in its
// range. The error names the field.
func (m *Message) Check(v []Value) error {
	if n := m.Len(); len(v) != n {
		return fmt.Errorf("check %s: %d values where %d are due", m.Name, len(v), n)
	}
	for i := range m.Fields {
		f := &m.Fields[i]
		n := max(f.Len, 1)
		for j := range v[:n] {
			if err := f.Check(&v[j]); err != nil {
				return fmt.Errorf("check %s: %w", m.Name, err)
			}
		}
		v = v[n:]
	}
	return nil
}

// Check reports whether a value is in the field's range.
func (f *MessageField) Check(v *Value) error {
	switch {
	case f.Kind != String && (v.Int < f.Min || v.Int > f.Max):
		return fmt.Errorf("%s: %d is not from %d to %d", f.Name, v.Int, f.Min, f.Max)
	case f.Kind == String && int64(len(v.Str)) > f.Max:
		return fmt.Errorf("%s: %d bytes are more than %d", f.Name, len(v.Str), f.Max)
	case f.Kind == String && !utf8.ValidString(v.Str):
		return fmt.Errorf("%s: not UTF-8", f.Name)
	}
	return nil
}
