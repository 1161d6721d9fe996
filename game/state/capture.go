package state

import (
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// check returns the address of a game after checking its type.
func (l *Layout) check(game any) unsafe.Pointer {
	if t := reflect.TypeOf(game); t != l.game {
		panic(fmt.Sprintf("state: layout of %v used with a %v", l.game, t))
	}
	return dataOf(game)
}

// Capture copies the synced fields of every row into s, quantised. It
// allocates only while s grows. Ticks of s are the caller's to set.
func (l *Layout) Capture(game any, s *Snapshot) {
	p := l.check(game)
	s.serial++
	if len(s.tables) != len(l.synced) {
		s.tables = make([]rows, len(l.synced))
	}
	for i := range l.synced {
		l.synced[i].capture(p, &s.tables[i])
		if l.synced[i].placed || len(l.tables[i].Owner) > 0 {
			s.tables[i].owned.index(s.tables[i].owners)
		}
	}
}

func (s *synced) raw(game unsafe.Pointer) *rawTable {
	return (*rawTable)(unsafe.Add(game, s.offset))
}

func (s *synced) capture(game unsafe.Pointer, dst *rows) {
	dst.reset()
	if s.one {
		dst.ids, dst.owners = append(dst.ids, 1), append(dst.owners, 0)
		s.row(game, dst)
		return
	}
	t := s.raw(game)
	for i, gone := range t.gone {
		if gone {
			continue
		}
		dst.ids, dst.owners = append(dst.ids, t.ids[i]), append(dst.owners, t.owners[i])
		s.row(t.row(i, s.stride), dst)
	}
}

// row appends the columns of one row.
func (s *synced) row(p unsafe.Pointer, dst *rows) {
	ints := grow(&dst.ints, s.width)
	strs := grow(&dst.strs, s.texts)
	for i := range s.from {
		f := &s.from[i]
		at := unsafe.Add(p, f.offset)
		switch {
		case f.kind == noScalar:
			strs[f.at] = clip(*(*string)(at), f.max)
		case f.n == 1 && f.step == 1:
			ints[f.at] = f.kind.read(at)
		default:
			f.quantise(at, ints)
		}
	}
}

// quantise reads a field with a step or of several values: each is rounded to
// the nearest step, and what that leaves goes to the owner where it predicts.
func (f *source) quantise(p unsafe.Pointer, ints []int64) {
	for i := range f.n {
		v := f.kind.read(unsafe.Add(p, uintptr(i)*f.kind.size()))
		q := floorDiv(v+f.step/2, f.step)
		ints[f.at+i] = q
		if f.rem >= 0 {
			ints[f.rem+i] = v - q*f.step
		}
	}
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// grow lengthens a slice by n elements and returns them; their content is for
// the caller to set.
func grow[T any](s *[]T, n int) []T {
	l := len(*s)
	if cap(*s)-l < n {
		*s = append(*s, make([]T, n)...)
	} else {
		*s = (*s)[:l+n]
	}
	return (*s)[l:]
}

// clip makes a string of a game fit for the wire: valid UTF-8 of at most n
// bytes. It allocates only for invalid ones.
func clip(s string, n int) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
