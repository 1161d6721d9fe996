package state

import (
	"reflect"
)

// source is where one synced field is read from in a row.
type source struct {
	offset uintptr
	kind   scalar // noScalar: a string
	n      int    // values: 1, or the elements of an array
	step   int64
	at     int // word (or string) of the public value, or of the owner's; -1: none
	rem    int // word of the exact remainder; -1: none
	max    int // bytes of a string
}

// synced is one table as Capture reads it.
type synced struct {
	offset uintptr // of the table in the game; 0 for the one-row table
	one    bool
	max    int
	stride uintptr // bytes a row
	width  int
	texts  int
	from   []source
	where  [2]coord // where a row is, if placed
	placed bool
}

// coord is one coordinate of a row: the word it is captured in, and its step.
type coord struct {
	word int
	step int64
}

// table compiles the fields of a row into a table's schema and its sources.
func (c *compiler) table(name, where string, one bool, fields []member) (TableSchema, synced) {
	schema := TableSchema{Name: name, One: one}
	var from []source
	type place struct{ public, owner int } // field numbers of each source, -1: none
	var places []place
	var marked []int // sources tagged pos
	for _, m := range fields {
		tag, ok := m.Tag.Lookup("sync")
		if !ok || isTable(m.Type) {
			continue
		}
		f, src, sync, ok := c.field(m, tag, one)
		if !ok {
			continue
		}
		p := place{-1, -1}
		if sync.public() {
			p.public = len(schema.Fields)
			schema.Fields = append(schema.Fields, f)
		}
		if !sync.public() || f.Step > 1 && sync.predict {
			p.owner = len(schema.Owner)
			schema.Owner = append(schema.Owner, Field{f.Name, f.Kind, f.Len, 1, f.Flags & Predict})
		}
		if sync.pos {
			marked = append(marked, len(from))
		}
		from = append(from, src)
		places = append(places, p)
	}
	c.checkFields(where, schema)
	if n := len(marked); n != 0 && n != 2 {
		c.fault(where, "pos is for the two fields that say where a row is, x first, and not for %d", n)
	}
	cols := newColumns(&schema)
	for i, p := range places {
		from[i].at, from[i].rem = -1, -1
		switch {
		case p.public >= 0 && p.owner >= 0:
			from[i].at, from[i].rem = cols.fields[p.public].at, cols.fields[cols.public+p.owner].at
		case p.public >= 0:
			from[i].at = cols.fields[p.public].at
		default:
			from[i].at = cols.fields[cols.public+p.owner].at
		}
	}
	s := synced{one: one, width: cols.width, texts: cols.texts, from: from, placed: len(marked) == 2}
	for i, at := range marked[:min(len(marked), 2)] {
		s.where[i] = coord{from[at].at, from[at].step}
	}
	return schema, s
}

// public reports whether everyone gets the field.
func (t syncTag) public() bool {
	return !t.forOwner && (!t.predict || t.lerp || t.angle || t.step > 0)
}

// field compiles one synced field. It reports a fault and false if it cannot.
func (c *compiler) field(m member, tag string, one bool) (Field, source, syncTag, bool) {
	before := len(c.faults)
	t, err := parseSync(tag)
	if err != nil {
		c.fault(m.where, "%w", err)
		return Field{}, source{}, t, false
	}
	f := Field{Name: WireName(m.Name), Step: max(t.step, 1)}
	src := source{offset: m.offset, n: 1, step: f.Step}
	typ := m.Type
	if typ.Kind() == reflect.Array {
		if typ.Len() < 1 || typ.Len() > maxArray {
			c.fault(m.where, "a synced array has 1 to %d elements, not %d", maxArray, typ.Len())
		}
		f.Len, src.n, typ = typ.Len(), typ.Len(), typ.Elem()
	}
	src.kind = scalarOf(typ)
	switch {
	case m.PkgPath != "":
		c.fault(m.where, "an unexported field cannot be synced; export it")
	case m.Tag.Get("sandlot") != "":
		c.fault(m.where, "sandlot:%q and sync exclude each other; drop one", m.Tag.Get("sandlot"))
	case typ.Kind() == reflect.String && f.Len == 0:
		f.Kind, src.max = String, t.max
		if src.max == 0 {
			src.max = defaultText
		}
		if src.max > maxText {
			c.fault(m.where, "max=%d is too long for a synced string; %d bytes at most", t.max, maxText)
		}
	case src.kind == boolean:
		f.Kind = Bool
	case src.kind.isFloat():
		c.fault(m.where, "%s cannot be synced; use an int32 in fixed point, with step=N", m.Type)
	case src.kind.isInt() && src.kind.size() == 8:
		c.fault(m.where, "%s cannot be synced, since browsers hold 53 bits; use int32 or uint32", m.Type)
	case src.kind == noScalar:
		c.fault(m.where, "%s cannot be synced; use integers, bool, a string, or an array of integers or bools", m.Type)
	}
	c.checkTag(m.where, t, f, one)
	switch {
	case t.angle:
		f.Flags |= Angle
	case t.lerp:
		f.Flags |= Lerp
	}
	if t.predict {
		f.Flags |= Predict
	}
	return f, src, t, len(c.faults) == before
}

func (c *compiler) checkTag(where string, t syncTag, f Field, one bool) {
	if f.Kind != Int && (t.step > 0 || t.lerp || t.angle) {
		c.fault(where, "step and lerp are for integers; drop them")
	}
	if f.Kind != String && t.max > 0 {
		c.fault(where, "max=N is for strings and tables; drop it")
	}
	if t.rewind {
		c.fault(where, "rewind is for tables; drop it, or put it on the table")
	}
	if t.lerp && t.angle {
		c.fault(where, "lerp and lerp=angle exclude each other; drop one")
	}
	if t.forOwner && (t.step > 0 || t.lerp || t.angle) {
		c.fault(where, "an owner field is sent exactly; drop step and lerp, or drop owner")
	}
	if t.pos && (f.Kind != Int || f.Len > 0) {
		c.fault(where, "pos is for integers; drop it")
	}
	if one && t.pos {
		c.fault(where, "a top-level field is the match's, which is nowhere; drop pos, or move it into a table's row")
	}
	if one && (t.forOwner || t.predict) {
		c.fault(where, "a top-level field has no owner; drop owner and predict, or move it into a table's row")
	}
}

// checkFields checks what concerns the fields of a table together.
func (c *compiler) checkFields(where string, t TableSchema) {
	for _, l := range [][]Field{t.Fields, t.Owner} {
		if len(l) > maxFields {
			c.fault(where, "%d synced fields of one audience; %d at most: split the row or use arrays", len(l), maxFields)
		}
		seen := map[string]bool{}
		for _, f := range l {
			if seen[f.Name] {
				c.fault(where, "two fields are called %q on the wire; rename one", f.Name)
			}
			if len(f.Name) > maxName {
				c.fault(where, "the name %q is longer than %d bytes; shorten it", f.Name, maxName)
			}
			seen[f.Name] = true
		}
	}
}
