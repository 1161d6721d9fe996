package game

import (
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

// blank returns a pointer to a zeroed value.
func (m *message) blank() any { return reflect.New(m.value).Interface() }

// load returns a pointer to a fresh value with those fields.
func (m *message) load(values []state.Value) (any, error) {
	if err := m.shape.Check(values); err != nil {
		return nil, refuse(CodeInvalid, err.Error())
	}
	p := m.blank()
	m.layout.Load(values, p)
	return p, nil
}

// find returns the index of v's type, which may be one of the types or a pointer
// to one; or -1, also for a nil pointer.
func find(types []*message, v any) int {
	t := reflect.TypeOf(v)
	for i, m := range types {
		if t == m.value || t == m.pointer && !reflect.ValueOf(v).IsNil() {
			return i
		}
	}
	return -1
}
