package state_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/sandlot-server/sandlot/game/state"
)

// byteSource makes elements of arbitrary bytes: 0xff and a length begin a
// string, all else is an integer of one byte or, from 0xf0, a varint.
type byteSource struct {
	b   []byte
	err error
}

var errBytes = errors.New("bytes do not go on")

func (s *byteSource) fail() {
	s.b, s.err = nil, errBytes
}

func (s *byteSource) Int() int64 {
	if len(s.b) == 0 || s.b[0] == 0xff {
		s.fail()
		return 0
	}
	c := s.b[0]
	s.b = s.b[1:]
	if c < 0xf0 {
		return int64(c)
	}
	v, n := binary.Varint(s.b)
	if n <= 0 {
		s.fail()
		return 0
	}
	s.b = s.b[n:]
	return v
}

func (s *byteSource) Str(max int) string {
	if len(s.b) < 2 || s.b[0] != 0xff || len(s.b) < 2+int(s.b[1]) || int(s.b[1]) > max {
		s.fail()
		return ""
	}
	n := 2 + int(s.b[1])
	v := string(s.b[2:n])
	s.b = s.b[n:]
	return v
}

func (s *byteSource) More() bool { return len(s.b) > 0 }
func (s *byteSource) Err() error { return s.err }

// bytesOf is a message that byteSource gives back.
func bytesOf(t *state.Tape) []byte {
	var b []byte
	for _, e := range t.All() {
		switch e := e.(type) {
		case string:
			b = append(append(b, 0xff, byte(len(e))), e...)
		case int64:
			if e >= 0 && e < 0xf0 {
				b = append(b, byte(e))
				continue
			}
			b = binary.AppendVarint(append(b, 0xf0), e)
		}
	}
	return b
}

// fuzzWorld is a state with every kind of field.
func fuzzWorld(l *state.Layout) *world {
	w := &world{EndsAt: 1 << 20, Motto: "go", Lamps: [5]bool{true}, Log: []entry{{1, []string{"a", ""}}, {}}}
	l.Bind(w)
	for i := range 3 {
		w.Ships.Add(state.Player(i+1), ship{body: body{X: int32(i) * 1000, Y: -7}, Name: "ann", Cargo: [3]int16{1, 2, 3}, Note: "psst"})
	}
	w.Ships.Remove(2)
	w.Boards.Add(0, board{Turn: 3})
	return w
}

// FuzzMirrorApply sees that no message breaks a mirror: it applies or gives an
// error, and what a keyframe then brings is whole.
func FuzzMirrorApply(f *testing.F) {
	l := compile[world](f)
	w := fuzzWorld(l)
	d := state.NewDiffer(l.Tables())
	var a, b state.Snapshot
	l.Capture(w, &a)
	for id, s := range w.Ships.All() {
		s.X += int32(id) * 100
		s.Name = "bob"
	}
	w.Ships.Remove(1)
	w.Ships.Add(1, ship{})
	l.Capture(w, &b)
	var key, delta state.Tape
	d.Body(&key, nil, &a, nil, nil)
	d.Owner(&key, nil, &a, nil, nil, 1)
	d.Body(&delta, &a, &b, nil, nil)
	d.Owner(&delta, &a, &b, nil, nil, 3)
	first := bytesOf(&key)
	f.Add(first, true)
	f.Add(bytesOf(&delta), false)
	f.Fuzz(func(t *testing.T, message []byte, keyframe bool) {
		m := state.NewMirror(l.Tables())
		if err := m.Apply(&byteSource{b: first}, true); err != nil {
			t.Fatal(err)
		}
		err := m.Apply(&byteSource{b: message}, keyframe)
		for _, schema := range l.Tables() {
			r := m.Table(schema.Name)
			if want := 0; err != nil && !schema.One && r.Len() != want || schema.One && r.Len() != 1 {
				t.Fatalf("%s has %d rows after %v", schema.Name, r.Len(), err)
			}
			for pos := range r.Len() {
				if r.ID(pos) == 0 || pos > 0 && r.ID(pos) <= r.ID(pos-1) {
					t.Fatalf("%s: row %d at %d", schema.Name, r.ID(pos), pos)
				}
			}
		}
	})
}

// FuzzRestore sees that no bytes break a restore, and that what it accepts is
// saved and restored to the same again.
func FuzzRestore(f *testing.F) {
	l := compile[world](f)
	saved := l.Save(nil, fuzzWorld(l))
	f.Add(saved[9:])
	f.Add(l.Save(nil, &world{})[9:])
	f.Fuzz(func(t *testing.T, body []byte) {
		w := &world{}
		if _, err := l.Restore(append(bytes.Clone(saved[:9]), body...), w); err != nil {
			if !errors.Is(err, state.ErrCorrupt) {
				t.Fatal(err)
			}
			return
		}
		once := l.Save(nil, w)
		again := &world{}
		if _, err := l.Restore(once, again); err != nil || !bytes.Equal(l.Save(nil, again), once) {
			t.Fatalf("restored, saved and restored: %v", err)
		}
		var s state.Snapshot
		l.Capture(w, &s)
	})
}
