package game

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"

	"github.com/sandlot-server/sandlot/game/state"
)

// settings is what a host may change: an exported struct field of the game
// tagged `sandlot:"settings"`.
type settings struct {
	field  []int // index in the game's struct
	schema []state.Setting
}

const (
	maxSettings = 32
	maxSafe     = 1 << 53 // browsers hold integers up to here
)

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
		for j := range field.Type.NumField() {
			setting, err := compileSetting(field.Type.Field(j))
			if err != nil {
				f.add("%s.%s.%s: %v", t, field.Name, field.Type.Field(j).Name, err)
				continue
			}
			s.schema = append(s.schema, setting)
		}
	}
	if len(s.schema) > maxSettings {
		f.add("%s: %d settings, at most %d", t, len(s.schema), maxSettings)
	}
	return s
}

// compileSetting reads one field, such as `range:"1..10" default:"3"`.
func compileSetting(field reflect.StructField) (state.Setting, error) {
	s := state.Setting{Name: wireName(field.Name)}
	if !field.IsExported() {
		return s, fmt.Errorf("a setting must be exported")
	}
	if field.Type.Kind() == reflect.Bool {
		s.Max = 1
		switch field.Tag.Get("default") {
		case "true":
			s.Default = 1
		case "", "false":
		default:
			return s, fmt.Errorf("the default of a bool is true or false")
		}
		return s, nil
	}
	zero := reflect.New(field.Type).Elem()
	if !zero.CanInt() && !zero.CanUint() {
		return s, fmt.Errorf("a setting is an integer or a bool, not %s", field.Type)
	}
	low, high, ok := strings.Cut(field.Tag.Get("range"), "..")
	var errs [3]error
	s.Min, errs[0] = strconv.ParseInt(low, 10, 64)
	s.Max, errs[1] = strconv.ParseInt(high, 10, 64)
	if !ok || errs[0] != nil || errs[1] != nil || s.Min > s.Max || s.Min < -maxSafe || s.Max > maxSafe {
		return s, fmt.Errorf(`it needs a tag such as range:"1..10", within ±2^53`)
	}
	s.Default, errs[2] = strconv.ParseInt(field.Tag.Get("default"), 10, 64)
	if errs[2] != nil || s.Default < s.Min || s.Default > s.Max {
		return s, fmt.Errorf("it needs a default within %d..%d", s.Min, s.Max)
	}
	if !fits(zero, s.Min) || !fits(zero, s.Max) {
		return s, fmt.Errorf("%d..%d does not fit into %s", s.Min, s.Max, field.Type)
	}
	return s, nil
}

func fits(v reflect.Value, n int64) bool {
	if v.CanInt() {
		return !v.OverflowInt(n)
	}
	return n >= 0 && !v.OverflowUint(uint64(n))
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
	return f.join(nil)
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
	for i, v := range values {
		switch field := s.at(g, i); {
		case field.CanInt():
			field.SetInt(v)
		case field.CanUint():
			field.SetUint(uint64(v))
		default:
			field.SetBool(v != 0)
		}
	}
}

// get reads them from the game.
func (s *settings) get(g Game) []int64 {
	values := make([]int64, len(s.schema))
	for i := range values {
		switch field := s.at(g, i); {
		case field.CanInt():
			values[i] = field.Int()
		case field.CanUint():
			values[i] = int64(min(field.Uint(), maxSafe+1))
		case field.Bool():
			values[i] = 1
		}
	}
	return values
}

func (s *settings) at(g Game, i int) reflect.Value {
	return reflect.ValueOf(g).Elem().FieldByIndex(s.field).Field(i)
}

// wireName is a Go name as clients know it: HP is hp, EndsAt is endsAt.
func wireName(name string) string {
	runes := []rune(name)
	for i, r := range runes {
		if !unicode.IsUpper(r) || i > 0 && i+1 < len(runes) && unicode.IsLower(runes[i+1]) {
			break
		}
		runes[i] = unicode.ToLower(r)
	}
	return string(runes)
}
