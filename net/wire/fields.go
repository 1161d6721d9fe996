package wire

import "github.com/sandlot-server/sandlot/game/state"

// Slots returns how many elements the fields of m take: one each, and one for
// each element of an array.
func Slots(m *state.Message) int {
	n := 0
	for i := range m.Fields {
		n += max(1, m.Fields[i].Len)
	}
	return n
}

// fields appends the values of m in order; values missing at the end are sent
// as zeros and more than there are slots are left out, so that a message always
// has the length that its schema says.
func (w *Writer) fields(m *state.Message, values []state.Value) {
	at := 0
	for i := range m.Fields {
		f := &m.Fields[i]
		for range max(1, f.Len) {
			var v state.Value
			if at < len(values) {
				v = values[at]
			}
			at++
			switch f.Kind {
			case state.Bool:
				w.Bool(v.Int != 0)
			case state.String:
				w.Str(v.Str)
			default:
				w.Int(v.Int)
			}
		}
	}
}

// fields reads the values of m into dst, each within its range.
func (r *Reader) fields(m *state.Message, dst []state.Value) []state.Value {
	for i := range m.Fields {
		f := &m.Fields[i]
		for range max(1, f.Len) {
			var v state.Value
			switch f.Kind {
			case state.Bool:
				if r.Bool() {
					v.Int = 1
				}
			case state.String:
				v.Str = r.Str(int(f.Max))
			default:
				v.Int = r.Within(f.Min, f.Max)
			}
			if r.fault != nil {
				return dst
			}
			dst = append(dst, v)
		}
	}
	return dst
}

// Check reports the first value that m does not allow, as an *Error of the kind
// that the receiver would answer with, or nil. Bool values are 0 and 1.
func Check(m *state.Message, values []state.Value, about Type) error {
	if n := Slots(m); len(values) != n {
		return fault(about, CodeArity, "%d values where %q has %d", len(values), m.Name, n)
	}
	at := 0
	for i := range m.Fields {
		f := &m.Fields[i]
		for range max(1, f.Len) {
			v := values[at]
			at++
			low, high, got := f.Min, f.Max, v.Int
			switch f.Kind {
			case state.Bool:
				low, high = 0, 1
			case state.String:
				low, got = 0, int64(len(v.Str))
			}
			if got < low || got > high {
				return fault(about, CodeRange, "%q is %d, outside of %d to %d", f.Name, got, low, high)
			}
		}
	}
	return nil
}
