package state

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unsafe"
)

// Bounds of messages: a client's frame is 4 KiB at most.
const (
	maxMessageFields = 64
	maxMessageValues = 512
	maxMessageText   = 1024
)

// MessageLayout is the struct type of an input, command or event, compiled
// once. It is immutable and safe for concurrent use.
type MessageLayout struct {
	message Message
	typ     reflect.Type
	pointer reflect.Type // to typ
	from    []messageSource
}

type messageSource struct {
	offset   uintptr
	kind     scalar // noScalar: a string
	n        int
	min, max int64
}

// CompileMessage compiles a message's struct type. Integers may have a range
// (`range:"-1..1"`; else it is that of their type), strings a bound in bytes
// (`max:"24"`; else 64); press marks inputs that must not be lost. name is the
// message's name on the wire. The error joins all faults, each naming
// Type.Field.
func CompileMessage(name string, t reflect.Type) (*MessageLayout, error) {
	if t == nil || t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("compile message %s: %v is not a struct", name, t)
	}
	c := &compiler{}
	m := &MessageLayout{message: Message{Name: name}, typ: t, pointer: reflect.PointerTo(t)}
	where := t.Name()
	if where == "" {
		where = name
	}
	seen := map[string]bool{}
	for _, f := range members(t, where, 0) {
		field, src := c.messageField(f)
		if seen[field.Name] {
			c.fault(f.where, "two fields are called %q on the wire; rename one", field.Name)
		}
		seen[field.Name] = true
		m.message.Fields = append(m.message.Fields, field)
		m.from = append(m.from, src)
	}
	if len(name) > maxName {
		c.fault(where, "the name %q is longer than %d bytes; shorten it", name, maxName)
	}
	if n := m.message.Len(); len(m.from) > maxMessageFields || n > maxMessageValues {
		c.fault(where, "%d fields with %d values; %d and %d at most", len(m.from), n, maxMessageFields, maxMessageValues)
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	return m, nil
}

func (c *compiler) messageField(m member) (MessageField, messageSource) {
	f := MessageField{Name: WireName(m.Name)}
	src := messageSource{offset: m.offset, n: 1}
	typ := m.Type
	if typ.Kind() == reflect.Array {
		f.Len, src.n, typ = typ.Len(), typ.Len(), typ.Elem()
		if f.Len < 1 || f.Len > maxMessageValues {
			c.fault(m.where, "an array in a message has 1 to %d elements", maxMessageValues)
		}
	}
	if len(f.Name) > maxName {
		c.fault(m.where, "the name is longer than %d bytes; shorten it", maxName)
	}
	if m.PkgPath != "" {
		c.fault(m.where, "an unexported field cannot be sent; export it")
	}
	if _, ok := m.Tag.Lookup("sync"); ok {
		c.fault(m.where, "messages have no sync tag; drop it")
	}
	src.kind = scalarOf(typ)
	switch {
	case typ.Kind() == reflect.String && f.Len == 0:
		f.Kind = String
	case src.kind == boolean:
		f.Kind = Bool
	case src.kind.isInt():
	default:
		c.fault(m.where, "%s cannot be sent; use integers, bool, a string, or an array of integers or bools", m.Type)
		return f, src
	}
	c.messageRange(m, &f, src.kind)
	if _, ok := m.Tag.Lookup("press"); ok {
		f.Flags |= Press
		if f.Kind == String || f.Min != 0 || f.Max&(f.Max+1) != 0 {
			c.fault(m.where, "presses are OR-ed together, so they are bools or bit sets; use bool, or a range from 0 to 1, 3, 7 and so on")
		}
	}
	src.min, src.max = f.Min, f.Max
	return f, src
}

// messageRange reads a field's range or max tag.
func (c *compiler) messageRange(m member, f *MessageField, kind scalar) {
	bound, hasMax := m.Tag.Lookup("max")
	between, hasRange := m.Tag.Lookup("range")
	if hasMax && f.Kind != String {
		c.fault(m.where, "max is for strings; use range:\"0..%s\"", bound)
	}
	if hasRange && f.Kind != Int {
		c.fault(m.where, "range is for integers; drop it")
		return
	}
	if f.Kind == String {
		f.Max = defaultText
		if n, err := strconv.Atoi(bound); hasMax && (err != nil || n < 1 || n > maxMessageText) {
			c.fault(m.where, "max:%q is not a whole number from 1 to %d", bound, maxMessageText)
		} else if hasMax {
			f.Max = int64(n)
		}
		return
	}
	f.Min, f.Max = kind.bounds()
	if !hasRange {
		if kind.isInt() && kind.size() == 8 {
			c.fault(m.where, "%s needs a range within ±2^53, as in range:\"0..1000\"", m.Type)
		}
		return
	}
	from, to, ok := strings.Cut(between, "..")
	lo, err1 := strconv.ParseInt(strings.TrimSpace(from), 10, 64)
	hi, err2 := strconv.ParseInt(strings.TrimSpace(to), 10, 64)
	if !ok || err1 != nil || err2 != nil || lo > hi || lo < f.Min || hi > f.Max {
		c.fault(m.where, "range:%q is not LOW..HIGH within %d..%d", between, f.Min, f.Max)
		return
	}
	f.Min, f.Max = lo, hi
}

// Message is the message's shape.
func (m *MessageLayout) Message() Message { return m.message }

// Type is the compiled struct type.
func (m *MessageLayout) Type() reflect.Type { return m.typ }

// Load sets a message, given by a pointer to the compiled type, from values
// that Check passed. It allocates nothing.
func (m *MessageLayout) Load(v []Value, into any) {
	if reflect.TypeOf(into) != m.pointer {
		panic(fmt.Sprintf("state: load %s into a %T", m.typ, into))
	}
	p := dataOf(into)
	for i := range m.from {
		f := &m.from[i]
		at := unsafe.Add(p, f.offset)
		if f.kind == noScalar {
			*(*string)(at) = v[0].Str
		} else {
			for j := range f.n {
				f.kind.write(unsafe.Add(at, uintptr(j)*f.kind.size()), v[j].Int)
			}
		}
		v = v[f.n:]
	}
}

// Store appends the values of a message, given by value or by pointer. What a
// game set out of range is brought into it, and strings are cut.
func (m *MessageLayout) Store(dst []Value, from any) []Value {
	if t := reflect.TypeOf(from); t != m.typ && t != m.pointer {
		panic(fmt.Sprintf("state: store %s from a %T", m.typ, from))
	}
	p := dataOf(from)
	for i := range m.from {
		f := &m.from[i]
		at := unsafe.Add(p, f.offset)
		if f.kind == noScalar {
			dst = append(dst, Value{Str: clip(*(*string)(at), int(f.max))})
			continue
		}
		for j := range f.n {
			v := f.kind.read(unsafe.Add(at, uintptr(j)*f.kind.size()))
			if f.kind == uint64s && v < 0 {
				v = f.max // above 2^63
			}
			dst = append(dst, Value{Int: min(max(v, f.min), f.max)})
		}
	}
	return dst
}
