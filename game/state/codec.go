package state

import (
	"encoding/binary"
	"fmt"
	"reflect"

	"github.com/cespare/xxhash/v2"
)

// saveVersion is raised when the encoding of saves changes.
const saveVersion = 1

type op uint8

const (
	opScalar op = iota
	opString
	opSlice
	opArray
	opStruct
	opTable
)

// codec is how a value of one type is saved and restored: a tree that follows
// the type. Ints of a byte and bools are saved as they are, other ints as
// (zigzag) varints, floats as their bits, strings and slices after their
// length, with nil slices told from empty ones.
type codec struct {
	op     op
	offset uintptr // within what contains it
	kind   scalar
	size   uintptr      // bytes in memory
	least  int          // bytes that a saved value takes at least
	n      int          // opArray: elements. opTable: its bound
	typ    reflect.Type // opSlice: itself. opTable: itself
	elem   *codec       // opSlice, opArray, opTable
	fields []codec      // opStruct
	rewind bool         // opTable: its past is kept
	name   string       // opStruct's fields: the Go name
}

// value compiles a type. Nothing is saved that could not be restored: what is
// refused is named.
func (c *compiler) value(t reflect.Type, where string) codec {
	k := codec{size: t.Size(), typ: t}
	switch t.Kind() {
	case reflect.Struct:
		if isTable(t) {
			c.fault(where, "a table is a field of the game itself; move it there")
			return k
		}
		return c.structure(t, where, false)
	case reflect.String:
		k.op, k.least = opString, 1
	case reflect.Slice, reflect.Array:
		c.sequence(&k, t, where)
	case reflect.Map:
		c.fault(where, "a map cannot be saved, and its order is chance; use a slice, an array or a table")
	case reflect.Pointer:
		c.fault(where, "a pointer cannot be saved; use the value itself, a row's ID or an index")
	case reflect.Interface, reflect.Func, reflect.Chan:
		c.fault(where, "%s %s cannot be saved; use plain values, or tag it sandlot:\"scratch\" if it is rebuilt each tick", article(t.Kind()), t.Kind())
	default:
		k.kind = scalarOf(t)
		switch {
		case k.kind == noScalar:
			c.fault(where, "%s cannot be saved; use integers, floats, bools or strings", t)
		case k.kind == float32s:
			k.least = 4
		case k.kind == float64s:
			k.least = 8
		default:
			k.least = 1
		}
	}
	return k
}

func article(k reflect.Kind) string {
	if k == reflect.Interface {
		return "an"
	}
	return "a"
}

func (c *compiler) sequence(k *codec, t reflect.Type, where string) {
	before := len(c.faults)
	e := c.value(t.Elem(), where+"[]")
	k.elem = &e
	if t.Kind() == reflect.Array {
		k.op, k.n, k.least = opArray, t.Len(), t.Len()*e.least
		return
	}
	k.op, k.least = opSlice, 1
	if e.least == 0 && len(c.faults) == before {
		c.fault(where, "elements without content cannot be saved; count them in an integer")
	}
}

// structure compiles a struct's fields. top is the game itself, where tables
// belong.
func (c *compiler) structure(t reflect.Type, where string, top bool) codec {
	k := codec{op: opStruct, size: t.Size(), typ: t}
	for _, outer := range c.within {
		if outer == t {
			c.fault(where, "%s contains itself and cannot be saved; use indices into one slice", t)
			return k
		}
	}
	c.within = append(c.within, t)
	defer func() { c.within = c.within[:len(c.within)-1] }()
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Name == "_" {
			continue
		}
		at := where + "." + f.Name
		if !c.saved(f, at, top) {
			continue
		}
		var e codec
		switch {
		case isTable(f.Type) && top:
			e = c.savedTable(f, at)
		case embedded(f):
			e = c.structure(f.Type, at, top)
		default:
			e = c.value(f.Type, at)
			c.unseen(f.Type, at)
		}
		e.offset, e.name = f.Offset, f.Name
		k.fields = append(k.fields, e)
		k.least += e.least
	}
	return k
}

// saved decides by its name and tags whether a field is saved.
func (c *compiler) saved(f reflect.StructField, where string, top bool) bool {
	switch tag := f.Tag.Get("sandlot"); {
	case tag == "scratch":
		return false
	case tag == "settings" && top && f.PkgPath == "":
	case tag == "settings":
		c.fault(where, "settings are an exported field of the game itself")
	case tag != "":
		c.fault(where, "sandlot:%q is not known; there is scratch and, on one field of the game, settings", tag)
	}
	if f.PkgPath != "" && !embedded(f) {
		c.fault(where, "an unexported field is not saved; export it, or tag it sandlot:\"scratch\" if it is rebuilt each tick")
		return false
	}
	return true
}

func (c *compiler) savedTable(f reflect.StructField, where string) codec {
	tag, _ := parseSync(f.Tag.Get("sync")) // a fault was reported by addTable
	k := codec{op: opTable, size: f.Type.Size(), typ: f.Type, n: tag.max, least: 2}
	if k.n == 0 {
		k.n = DefaultMax
	}
	row := rowOf(f.Type)
	if row.Kind() != reflect.Struct {
		return k // addTable reported it
	}
	name := row.Name()
	if name == "" {
		name = where + "[]"
	}
	e := c.structure(row, name, false)
	k.elem, k.rewind = &e, tag.rewind
	if tag.rewind && e.holds() {
		c.fault(where, "rows with slices cannot be rewound; use arrays, or drop rewind")
	}
	return k
}

// unseen faults sync tags that nobody would look at, within a nested struct. A
// nested copy of a row is fine.
func (c *compiler) unseen(t reflect.Type, where string) {
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || c.rows[t] || isTable(t) {
		return
	}
	for i := range t.NumField() {
		if _, ok := t.Field(i).Tag.Lookup("sync"); ok {
			c.fault(where+"."+t.Field(i).Name, "a sync tag within a nested struct has no effect; embed the struct or move the field up")
		}
	}
}

// hash tells layouts apart whose saves differ.
func (k *codec) hash() uint64 {
	return xxhash.Sum64(k.describe(fmt.Appendf(nil, "sandlot save %d ", saveVersion)))
}

func (k *codec) describe(d []byte) []byte {
	d = append(d, byte('a'+k.op), byte('a'+k.kind))
	switch k.op {
	case opArray:
		d = binary.AppendUvarint(d, uint64(k.n))
	case opStruct:
		d = binary.AppendUvarint(d, uint64(len(k.fields)))
	}
	if k.elem != nil {
		d = k.elem.describe(d)
	}
	for i := range k.fields {
		d = append(d, k.fields[i].name...)
		d = append(d, 0)
		d = k.fields[i].describe(d)
	}
	return d
}
