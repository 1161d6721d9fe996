package state

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// compiler gathers the faults of a type, so that its author sees all at once.
type compiler struct {
	faults []error
	rows   map[reflect.Type]bool // the row types of the game's tables
	within []reflect.Type        // types being compiled: finds recursion
}

func (c *compiler) fault(where, format string, args ...any) {
	c.faults = append(c.faults, fmt.Errorf("%s: %w", where, fmt.Errorf(format, args...)))
}

func (c *compiler) err() error { return errors.Join(c.faults...) }

// member is a field of a struct, those of embedded structs included.
type member struct {
	reflect.StructField
	offset uintptr // from the start of the outermost struct
	where  string  // Type.Field, for faults
}

// members lists the fields of a struct. Fields of embedded structs come in
// their place, as Go promotes them.
func members(t reflect.Type, where string, base uintptr) []member {
	var all []member
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Name == "_" {
			continue
		}
		m := member{f, base + f.Offset, where + "." + f.Name}
		if embedded(f) {
			all = append(all, members(f.Type, m.where, m.offset)...)
			continue
		}
		all = append(all, m)
	}
	return all
}

// embedded reports whether a field's own fields stand in its place.
func embedded(f reflect.StructField) bool {
	return f.Anonymous && f.Type.Kind() == reflect.Struct && !isTable(f.Type) && f.Tag.Get("sandlot") != "scratch"
}

var tableType = reflect.TypeFor[tabler]()

// isTable reports whether t is a Table of some row. A struct that embeds one
// has its methods too, but neither its name nor its package.
func isTable(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t.PkgPath() == tableType.PkgPath() && strings.HasPrefix(t.Name(), "Table[") &&
		reflect.PointerTo(t).Implements(tableType)
}

// rowOf is the type of a table's rows.
func rowOf(table reflect.Type) reflect.Type {
	return reflect.New(table).Interface().(tabler).rowType()
}
