package game

import (
	"fmt"
	"reflect"
	"strconv"

	"github.com/sandlot-server/sandlot/game/state"
)

const maxSettings = 32

// settings is what a host may change: an exported struct field of the game
// tagged `sandlot:"settings"`. Its fields are integers and bools with a range as
// in messages and a default.
type settings struct {
	field  []int // index in the game's struct; nil: the game has none
	layout *state.MessageLayout
	fields []state.MessageField
	schema []state.Setting
}

func compileSettings(t reflect.Type, f *faults) settings {
	var s settings
	for _, field := range reflect.VisibleFields(t) {
		if field.Tag.Get("sandlot") != "settings" {
			continue
		}
		if s.field != nil {
			f.add("%s.%s: the settings are in %s already", t, field.Name, t.FieldByIndex(s.field).Name)
			continue
		}
		s.field = field.Index
		if !field.IsExported() || field.Type.Kind() != reflect.Struct {
			f.add("%s.%s: settings must be an exported field that is a struct", t, field.Name)
			continue
		}
		s.compile(field.Type, f)
	}
	return s
}

func (s *settings) compile(t reflect.Type, f *faults) {
	layout, err := state.CompileMessage("settings", t)
	if err != nil {
		f.lines("the settings: ", err)
		return
	}
	s.layout, s.fields = layout, layout.Message().Fields
	if len(s.fields) > maxSettings {
		f.add("%d settings, at most %d", len(s.fields), maxSettings)
	}
	i := 0 // messages have the fields of embedded structs in their place, too
	for _, field := range reflect.VisibleFields(t) {
		if field.Anonymous || field.Name == "_" {
			continue
		}
		setting, err := compileSetting(s.fields[i], field.Tag)
		if err != nil {
			f.add("the settings: %s: %v", field.Name, err)
		}
		s.schema = append(s.schema, setting)
		i++
	}
}

// compileSetting reads a tag such as `range:"1..10" default:"3"`.
func compileSetting(f state.MessageField, tag reflect.StructTag) (state.Setting, error) {
	s := state.Setting{Name: f.Name, Min: f.Min, Max: f.Max, Default: min(max(0, f.Min), f.Max)}
	if f.Kind == state.String || f.Len > 0 {
		return s, fmt.Errorf("a setting is an integer or a bool")
	}
	text, given := tag.Lookup("default")
	if !given {
		return s, nil
	}
	if f.Kind == state.Bool {
		on, err := strconv.ParseBool(text)
		if err != nil {
			return s, fmt.Errorf("the default %q is neither true nor false", text)
		}
		if on {
			s.Default = 1
		}
		return s, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < s.Min || n > s.Max {
		return s, fmt.Errorf("the default %q is not a number in %d..%d", text, s.Min, s.Max)
	}
	s.Default = n
	return s, nil
}

// check says what is wrong with values, one for each setting in order.
func (s *settings) check(values []int64) error {
	if len(values) != len(s.schema) {
		return fmt.Errorf("%d settings for a game that has %d", len(values), len(s.schema))
	}
	var f faults
	for i, v := range values {
		if d := s.schema[i]; v < d.Min || v > d.Max {
			f.add("setting %s: %d is outside %d..%d", d.Name, v, d.Min, d.Max)
		}
	}
	return f.err()
}

// allow says whether there is a setting of that name that may have that value.
func (s *settings) allow(name string, value int64) bool {
	for _, d := range s.schema {
		if d.Name == name {
			return value >= d.Min && value <= d.Max
		}
	}
	return false
}

// defaults returns each setting's default.
func (s *settings) defaults() []int64 {
	values := make([]int64, len(s.schema))
	for i, d := range s.schema {
		values[i] = d.Default
	}
	return values
}

// set puts values, which were checked, into the game.
func (s *settings) set(g Game, values []int64) {
	if s.field == nil {
		return
	}
	fields := make([]state.Value, len(values))
	for i, v := range values {
		fields[i].Int = v
	}
	s.layout.Load(fields, s.in(g))
}

// mend brings the settings of a game that was restored into their ranges.
func (s *settings) mend(g Game) {
	if s.field != nil {
		s.layout.Load(s.layout.Store(nil, s.in(g)), s.in(g))
	}
}

// in is a pointer to the settings of a game.
func (s *settings) in(g Game) any {
	return reflect.ValueOf(g).Elem().FieldByIndex(s.field).Addr().Interface()
}
