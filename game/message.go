package game

import (
	"fmt"
	"reflect"

	"github.com/sandlot-server/sandlot/game/state"
)

// message is a registered input, command or event type.
type message struct {
	layout  *state.MessageLayout
	shape   state.Message
	value   reflect.Type
	pointer reflect.Type
	press   []int         // positions of values that are things that happen once
	rest    []state.Value // what stands before anything came: nearest to zero
}

func compileMessage(name string, t reflect.Type) (*message, error) {
	layout, err := state.CompileMessage(name, t)
	if err != nil {
		return nil, err
	}
	m := &message{layout: layout, shape: layout.Message(), value: t, pointer: reflect.PointerTo(t)}
	for _, f := range m.shape.Fields {
		if err := checkPress(f); err != nil {
			return nil, fmt.Errorf("%s.%s: %w", t, f.Name, err)
		}
		for range max(f.Len, 1) {
			if f.Flags&state.Press != 0 {
				m.press = append(m.press, len(m.rest))
			}
			v := state.Value{}
			if f.Kind != state.String {
				v.Int = min(max(0, f.Min), f.Max)
			}
			m.rest = append(m.rest, v)
		}
	}
	return m, nil
}

// checkPress refuses press fields that could leave their range when OR-ed.
func checkPress(f state.MessageField) error {
	if f.Flags&state.Press == 0 {
		return nil
	}
	if f.Kind == state.String || f.Min != 0 || f.Max&(f.Max+1) != 0 {
		return fmt.Errorf("press needs a bool or a range of bits such as 0..1, 0..3 or 0..7")
	}
	return nil
}

// blank returns a pointer to a zeroed value.
func (m *message) blank() any { return reflect.New(m.value).Interface() }

// load returns a pointer to a fresh value with those fields.
func (m *message) load(values []state.Value) (any, error) {
	if err := m.shape.Check(values); err != nil {
		return nil, refuse(CodeInvalid, fmt.Sprintf("%s: %v", m.shape.Name, err))
	}
	p := m.blank()
	m.layout.Load(values, p)
	return p, nil
}

// store appends the fields of *p.
func (m *message) store(dst []state.Value, p any) ([]state.Value, error) {
	start := len(dst)
	dst = m.layout.Store(dst, p)
	if err := m.shape.Check(dst[start:]); err != nil {
		return dst[:start], refuse(CodeInvalid, fmt.Sprintf("%s: %v", m.shape.Name, err))
	}
	return dst, nil
}

// find returns the index of v's type, which may be one of the types or a pointer
// to one, and a pointer to the value; or -1.
func find(types []*message, v any) (int, any) {
	t := reflect.TypeOf(v)
	for i, m := range types {
		if t == m.pointer && !reflect.ValueOf(v).IsNil() {
			return i, v
		}
		if t == m.value {
			p := reflect.New(t)
			p.Elem().Set(reflect.ValueOf(v))
			return i, p.Interface()
		}
	}
	return -1, nil
}
