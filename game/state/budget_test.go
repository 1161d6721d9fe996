package state_test

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
	"pgregory.net/rapid"
)

// sender sends one client what a budget lets through.
type sender struct {
	differ *state.Differ
	ring   *state.Ring
	held   state.Held
	base   uint32
	out    *wire.Writer
}

func newSender(l *state.Layout, states int) *sender {
	s := &sender{differ: state.NewDiffer(l.Tables()), ring: state.NewRing(l, states), out: wire.NewWriter(nil)}
	s.differ.Share(wire.NewWriter(nil))
	return s
}

// send makes a message. It says whether that is a keyframe.
func (s *sender) send(budget int, view *state.View, p state.Player) (message []byte, keyframe bool) {
	now := s.ring.Newest()
	s.out.Empty()
	base := s.ring.At(s.base)
	if keyframe = s.base == 0 || base == nil; keyframe {
		s.differ.Body(s.out, nil, now, nil, view)
		s.differ.Owner(s.out, nil, now, nil, view, p)
		s.held.Fill(now, view)
	} else {
		s.differ.Within(s.out, budget, &s.held, s.ring, base, now, view, p)
	}
	s.base = now.Tick
	whole := wire.NewWriter(nil)
	whole.Array(s.out.Count())
	whole.Copy(s.out.Bytes(), s.out.Count())
	return whole.Bytes(), keyframe
}

// TestWithinBudget plays arbitrary changes to clients with a budget, which skip
// ticks and see different rows from tick to tick. What a client holds of a row is
// always what the row was at the tick that the server thinks; it holds nothing
// that is out of its sight; once nothing changes it holds all that is in sight,
// as it is. What it is sent does not depend on rows that it never sees.
func TestWithinBudget(t *testing.T) {
	layout := compile[world](t)
	rapid.Check(t, func(t *rapid.T) {
		w := &world{}
		layout.Bind(w)
		states := rapid.IntRange(2, 6).Draw(t, "ring")
		real, other := newSender(layout, states), newSender(layout, states)
		v := &viewer{player: state.Player(rapid.IntRange(0, 2).Draw(t, "player")), hidden: map[state.ID]bool{}}
		v.mirror = state.NewMirror(layout.Tables())
		budget := rapid.IntRange(1, 200).Draw(t, "budget")
		history := map[uint32]*state.Snapshot{}
		tick, salt := uint32(0), int32(1<<20)
		step := func(skip bool) {
			tick++
			real.ring.Capture(tick, w)
			history[tick] = &state.Snapshot{}
			layout.Capture(w, history[tick])
			if real.ring.Newest().First == tick {
				salt += rapid.Int32Range(1, 100).Draw(t, "salt")
			}
			other.ring.Capture(tick, disguised(t, layout, w, salt))
			if skip {
				return
			}
			view := v.viewOf(real.ring.Newest())
			message, keyframe := real.send(budget, view, v.player)
			same, _ := other.send(budget, view, v.player)
			if !bytes.Equal(message, same) {
				t.Fatalf("rows that are never seen leave a trace:\n%x\n%x", message, same)
			}
			var r wire.Reader
			r.Reset(message)
			if err := v.mirror.Apply(&r, keyframe); err != nil {
				t.Fatalf("apply %x: %v", message, err)
			}
			v.holdsThen(t, layout, &real.held, history, real.ring.Newest(), view)
		}
		for range rapid.IntRange(1, 15).Draw(t, "ticks") {
			for range rapid.IntRange(0, 4).Draw(t, "changes") {
				w.change(t)
			}
			v.look(t)
			for id := state.ID(3); id < 30; id += 3 {
				v.hidden[id] = true
			}
			step(rapid.IntRange(0, 3).Draw(t, "skip") == 0)
		}
		for range 100 { // nothing changes any more
			step(false)
		}
		v.compare(t, v.mirror, w)
	})
}

// disguised is a copy of the game with every third row, which no viewer sees,
// different, and differently so in each state. (In as many states: how long a
// Ring remembers does depend on all rows.)
func disguised(t *rapid.T, l *state.Layout, w *world, salt int32) *world {
	twin := &world{}
	l.Bind(twin)
	if _, err := l.Restore(l.Save(nil, w), twin); err != nil {
		t.Fatal(err)
	}
	for id, s := range twin.Ships.All() {
		if id%3 == 0 {
			s.X, s.Name, s.Ammo, s.Armed = s.X+salt, s.Name+"!", s.Ammo+uint8(salt), salt%3 == 0
		}
	}
	for id, b := range twin.Boards.All() {
		if id%3 == 0 {
			b.Turn += uint16(salt)
		}
	}
	return twin
}

// holdsThen compares each row that a client holds with what it was at the tick
// that the server has noted.
func (v *viewer) holdsThen(t *rapid.T, l *state.Layout, h *state.Held, history map[uint32]*state.Snapshot, now *state.Snapshot, view *state.View) {
	was := map[uint32]*state.Mirror{}
	for i, table := range l.Tables() {
		got := v.mirror.Table(table.Name)
		for pos := range got.Len() {
			id := got.ID(pos)
			base := now.Tick
			if !table.One {
				if !view.Has(i, now.Find(i, id)) || now.Find(i, id) < 0 {
					t.Fatalf("%s: row %d is out of sight, and held", table.Name, id)
				}
				var ok bool
				if base, ok = h.Base(i, id); !ok {
					t.Fatalf("%s: row %d is held, and not known to be", table.Name, id)
				}
			}
			if was[base] == nil {
				was[base] = state.NewMirror(l.Tables())
				was[base].Fill(history[base], nil, v.player)
			}
			want := was[base].Table(table.Name)
			if at := want.Find(id); at < 0 || !reflect.DeepEqual(rowOf(got, pos), rowOf(want, at)) {
				t.Fatalf("%s: row %d is not what it was at tick %d", table.Name, id, base)
			}
		}
	}
}

// rowOf is all that a mirror holds of a row.
func rowOf(r *state.Rows, pos int) (all []any) {
	all = append(all, r.ID(pos), r.Owner(pos))
	for f := 0; ; f++ {
		n, ok := elems(r, f)
		if !ok {
			return all
		}
		for i := range n {
			all = append(all, r.Elem(pos, f, i))
		}
		if n == 0 {
			all = append(all, r.Str(pos, f))
		}
	}
}

// elems is the number of elements of a field, if there is that field.
func elems(r *state.Rows, f int) (n int, ok bool) {
	defer func() { ok = recover() == nil }()
	return r.Elems(f), true
}
