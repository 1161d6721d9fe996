package state

import "math/bits"

// Rows is one table of a Mirror. Positions count from 0 in ascending id order
// and shift with every Apply; fields are numbered with the public ones first
// and the owner's after them, as Field says. A position or field that is not
// there panics, as an index does.
type Rows struct {
	columns
	rows
}

// Name is the table's name on the wire.
func (r *Rows) Name() string { return r.name }

// Len is the number of rows.
func (r *Rows) Len() int { return len(r.ids) }

// ID is the id of the row at a position.
func (r *Rows) ID(pos int) ID { return r.ids[pos] }

// Owner is whose row it is; 0 is nobody.
func (r *Rows) Owner(pos int) Player { return r.owners[pos] }

// Find returns the position of the row with that id, or -1.
func (r *Rows) Find(id ID) int { return r.find(id) }

// Field returns a field's number by its name on the wire. owner tells that
// only the row's owner is sent it; on others' rows it is 0. A public field
// whose exact remainder its owner gets is found as the public one.
func (r *Rows) Field(name string) (index int, owner, ok bool) {
	for i := range r.fields {
		if r.fields[i].Name == name {
			return i, i >= r.public, true
		}
	}
	return 0, false, false
}

// Int is the true value of an integer or boolean (0 or 1), or of an array's
// first element: quantised by the field's step, or exact where the remainder
// is known.
func (r *Rows) Int(pos, field int) int64 { return r.Elem(pos, field, 0) }

// Bool is the value of a boolean.
func (r *Rows) Bool(pos, field int) bool { return r.Elem(pos, field, 0) != 0 }

// Elem is the true value of an array's element.
func (r *Rows) Elem(pos, field, i int) int64 {
	f := &r.fields[field]
	if uint(i) >= uint(f.n) {
		panic("state: element of " + r.name + "." + f.Name + " out of range")
	}
	base := pos * r.width
	v := r.ints[base+f.at+i] * f.Step
	if f.rem >= 0 {
		v += r.ints[base+f.rem+i]
	}
	return v
}

// Elems is the number of elements of an array field, 1 for one value and 0 for
// a string.
func (r *Rows) Elems(field int) int { return r.fields[field].n }

// Str is the value of a string.
func (r *Rows) Str(pos, field int) string {
	f := &r.fields[field]
	if f.Kind != String {
		panic("state: " + r.name + "." + f.Name + " is not a string")
	}
	return r.strs[pos*r.texts+f.at]
}

// append adds a row of zeros.
func (r *Rows) append(id ID, owner Player) {
	r.ids, r.owners = append(r.ids, id), append(r.owners, owner)
	clear(grow(&r.ints, r.width))
	clear(grow(&r.strs, r.texts))
}

// move copies the row at one position over another.
func (r *Rows) move(to, from int) {
	r.ids[to], r.owners[to] = r.ids[from], r.owners[from]
	copy(r.ints[to*r.width:(to+1)*r.width], r.ints[from*r.width:])
	copy(r.strs[to*r.texts:(to+1)*r.texts], r.strs[from*r.texts:])
}

// cut drops the rows from a position on.
func (r *Rows) cut(n int) {
	clear(r.strs[n*r.texts:])
	r.ids, r.owners, r.ints, r.strs = r.ids[:n], r.owners[:n], r.ints[:n*r.width], r.strs[:n*r.texts]
}

// fill copies what a viewer sees of a snapshot's table.
func (r *Rows) fill(s *rows, table int, v *View, p Player) {
	if r.one {
		v = nil
	}
	r.cut(0)
	for w, n := 0, len(s.ids); w*64 < n; w++ {
		for rest := v.word(table, w, n); rest != 0; rest &= rest - 1 {
			pos := w*64 + bits.TrailingZeros64(rest)
			width, texts := r.shown, r.said
			if p != 0 && s.owners[pos] == p {
				width, texts = r.width, r.texts
			}
			r.ids, r.owners = append(r.ids, s.ids[pos]), append(r.owners, s.owners[pos])
			ints := grow(&r.ints, r.width)
			clear(ints[copy(ints, s.ints[pos*r.width:][:width]):])
			strs := grow(&r.strs, r.texts)
			clear(strs[copy(strs, s.strs[pos*r.texts:][:texts]):])
		}
	}
}
