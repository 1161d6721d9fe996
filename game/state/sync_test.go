package state_test

import (
	"fmt"
	"maps"
	"reflect"
	"testing"

	"github.com/sandlot-server/sandlot/game/state"
	"pgregory.net/rapid"
)

// viewer is one client: its mirror, and what was last sent to it.
type viewer struct {
	player state.Player
	mirror *state.Mirror
	base   uint32 // tick; 0: needs a keyframe
	view   *state.View
	hidden map[state.ID]bool // by row id, in every table; nil: sees all
}

// TestMirrorEqualsGame plays arbitrary changes to viewers that skip, join, come
// back late and see different rows, and compares what each holds with the game.
func TestMirrorEqualsGame(t *testing.T) {
	layout := compile[world](t)
	rapid.Check(t, func(t *rapid.T) {
		w := &world{}
		layout.Bind(w)
		ring := state.NewRing(layout, rapid.IntRange(2, 5).Draw(t, "ring"))
		differ := state.NewDiffer(layout.Tables())
		viewers := make([]*viewer, rapid.IntRange(1, 4).Draw(t, "viewers"))
		for i := range viewers {
			viewers[i] = &viewer{player: state.Player(i), mirror: state.NewMirror(layout.Tables())} // 0 is a spectator
			if i%2 == 1 {
				viewers[i].hidden = map[state.ID]bool{}
			}
		}
		tick := uint32(0)
		for range rapid.IntRange(1, 12).Draw(t, "ticks") {
			tick += uint32(rapid.IntRange(1, 2).Draw(t, "gap"))
			for range rapid.IntRange(0, 4).Draw(t, "changes") {
				w.change(t)
			}
			now := ring.Capture(tick, w)
			for _, v := range viewers {
				v.look(t)
				if rapid.IntRange(0, 3).Draw(t, "skip") == 0 {
					continue
				}
				if rapid.IntRange(0, 15).Draw(t, "rejoin") == 0 {
					v.base = 0
				}
				v.send(t, layout, differ, ring, now, w)
			}
		}
	})
}

// look changes what a viewer sees.
func (v *viewer) look(t *rapid.T) {
	if v.hidden == nil {
		return
	}
	for range rapid.IntRange(0, 3).Draw(t, "looks") {
		id := state.ID(rapid.IntRange(1, 12).Draw(t, "look"))
		v.hidden[id] = !v.hidden[id]
	}
}

func (v *viewer) viewOf(s *state.Snapshot) *state.View {
	if v.hidden == nil {
		return nil
	}
	view := &state.View{}
	view.Reset(s)
	for table := range s.Tables() {
		view.ShowAll(table, s)
		for pos := range s.Len(table) {
			if v.hidden[s.ID(table, pos)] {
				view.Hide(table, pos)
			}
		}
	}
	return view
}

// send makes one state message, applies it and compares.
func (v *viewer) send(t *rapid.T, l *state.Layout, d *state.Differ, ring *state.Ring, now *state.Snapshot, w *world) {
	var base *state.Snapshot
	if v.base != 0 {
		base = ring.At(v.base)
	}
	view := v.viewOf(now)
	var tape state.Tape
	n, changed := d.Body(&tape, base, now, v.view, view)
	if n != tape.Len() || changed != (n > 1) {
		t.Fatalf("Body says %d elements, changed %v; wrote %d", n, changed, tape.Len())
	}
	n += d.Owner(&tape, base, now, v.view, view, v.player)
	if n != tape.Len() {
		t.Fatalf("Owner's count makes %d elements; wrote %d", n, tape.Len())
	}
	v.sameWithoutHidden(t, l, base, now, view, &tape)
	if err := v.mirror.Apply(tape.Source(), base == nil); err != nil {
		t.Fatalf("apply: %v", err)
	}
	v.base, v.view = now.Tick, view
	v.compare(t, v.mirror, w)

	filled := state.NewMirror(l.Tables())
	filled.Fill(now, view, v.player)
	v.compare(t, filled, w)
}

// sameWithoutHidden makes the same message from snapshots that never had the
// hidden rows: it must be the same to the last element, so nothing of a hidden
// row can be in it.
func (v *viewer) sameWithoutHidden(t *rapid.T, l *state.Layout, base, now *state.Snapshot, view *state.View, sent *state.Tape) {
	bare := state.NewDiffer(l.Tables())
	var was *state.Snapshot
	if base != nil {
		was = base.Only(v.view)
	}
	var tape state.Tape
	bare.Body(&tape, was, now.Only(view), nil, nil)
	bare.Owner(&tape, was, now.Only(view), nil, nil, v.player)
	if !reflect.DeepEqual(sent.All(), tape.All()) {
		t.Fatalf("hidden rows leave a trace:\nsent %v\nbare %v", sent.All(), tape.All())
	}
}

func (v *viewer) compare(t *rapid.T, m *state.Mirror, w *world) {
	check := func(table string, want map[state.ID]seen, owner func(state.ID) state.Player) {
		r := m.Table(table)
		for id := range want {
			if v.hidden[id] && table != "match" {
				delete(want, id)
			}
		}
		if r.Len() != len(want) {
			t.Fatalf("%s: %d rows, want %d", table, r.Len(), len(want))
		}
		for pos := range r.Len() {
			id := r.ID(pos)
			if pos > 0 && id <= r.ID(pos-1) || r.Find(id) != pos {
				t.Fatalf("%s: row %d at %d is out of order", table, id, pos)
			}
			if got := held(r, pos, want[id]); !maps.Equal(got, want[id]) {
				t.Fatalf("%s row %d:\ngot  %v\nwant %v", table, id, got, want[id])
			}
			if r.Owner(pos) != owner(id) {
				t.Fatalf("%s row %d: owner %d, want %d", table, id, r.Owner(pos), owner(id))
			}
		}
	}
	ships, boards, marks := map[state.ID]seen{}, map[state.ID]seen{}, map[state.ID]seen{}
	for id, s := range w.Ships.All() {
		ships[id] = s.seen(v.player != 0 && w.Ships.Owner(id) == v.player)
	}
	for id, b := range w.Boards.All() {
		boards[id] = b.seen()
	}
	for id := range w.Marks.All() {
		marks[id] = seen{}
	}
	check("ships", ships, w.Ships.Owner)
	check("boards", boards, w.Boards.Owner)
	check("marks", marks, w.Marks.Owner)
	match := seen{"endsAt": int64(w.EndsAt), "motto": w.Motto, "wind": quantised(int64(w.Wind), 10)}
	for i := range w.Lamps {
		match[key("lamps", i)] = w.Lamps[i]
	}
	for i := range w.Depths {
		match[key("depths", i)] = int64(w.Depths[i])
	}
	check("match", map[state.ID]seen{1: match}, func(state.ID) state.Player { return 0 })
}

// change makes one arbitrary change to the game.
func (w *world) change(t *rapid.T) {
	switch rapid.IntRange(0, 9).Draw(t, "change") {
	case 0, 1:
		w.Ships.Add(state.Player(rapid.IntRange(0, 3).Draw(t, "owner")), anyShip(t))
	case 2:
		w.Ships.Remove(state.ID(rapid.IntRange(1, 20).Draw(t, "id")))
	case 3, 4:
		for _, s := range w.Ships.All() {
			if rapid.Bool().Draw(t, "moves") {
				s.X += rapid.Int32Range(-300, 300).Draw(t, "dx")
				s.VX = rapid.Int32().Draw(t, "vx")
				s.Cargo[rapid.IntRange(0, 2).Draw(t, "hold")] += rapid.Int16Range(-9, 9).Draw(t, "load")
				s.Armed = !s.Armed
			}
		}
	case 5:
		for id := range w.Ships.All() {
			if rapid.Bool().Draw(t, "new") {
				*w.Ships.Get(id) = anyShip(t)
			}
		}
	case 6:
		w.Boards.Add(1, board{Turn: rapid.Uint16().Draw(t, "turn")})
		w.Marks.Add(2, mark{})
	case 7:
		for _, b := range w.Boards.All() {
			b.Cells[rapid.IntRange(0, 41).Draw(t, "cell")] = rapid.Byte().Draw(t, "value")
			b.Flags[rapid.IntRange(0, 2).Draw(t, "flag")] = rapid.Bool().Draw(t, "set")
		}
	case 8:
		w.Boards.Remove(state.ID(rapid.IntRange(1, 5).Draw(t, "id")))
		w.Marks.Remove(state.ID(rapid.IntRange(1, 5).Draw(t, "id")))
	case 9:
		w.EndsAt, w.Wind = rapid.Uint32().Draw(t, "ends"), rapid.Int16().Draw(t, "wind")
		w.Motto = rapid.StringOfN(rapid.RuneFrom([]rune("abcé")), 0, 4, 8).Draw(t, "motto")
		w.Lamps[rapid.IntRange(0, 4).Draw(t, "lamp")] = rapid.Bool().Draw(t, "on")
		w.Depths = [3]int8{1, rapid.Int8().Draw(t, "depth"), 3}
		w.Grid[0]++
		w.Log = append(w.Log, entry{At: int64(w.EndsAt), Words: []string{fmt.Sprint(w.Wind)}})
	}
}

func anyShip(t *rapid.T) ship {
	return ship{
		body: body{X: rapid.Int32().Draw(t, "x"), Y: rapid.Int32Range(-200, 200).Draw(t, "y"), VX: rapid.Int32().Draw(t, "vx")},
		Aim:  rapid.Uint8().Draw(t, "aim"), HP: rapid.Uint8Range(0, 3).Draw(t, "hp"), Armed: rapid.Bool().Draw(t, "armed"),
		Name:  rapid.StringOfN(rapid.RuneFrom([]rune("xyz")), 0, 6, 6).Draw(t, "name"),
		Cargo: [3]int16{rapid.Int16().Draw(t, "cargo")}, Ammo: rapid.Uint8().Draw(t, "ammo"),
		Codes: [4]uint32{rapid.Uint32().Draw(t, "code"), 0, 0, rapid.Uint32Range(0, 1).Draw(t, "code")},
		Note:  rapid.SampledFrom([]string{"", "psst"}).Draw(t, "note"), Ready: rapid.Bool().Draw(t, "ready"),
		Heat: rapid.Int32().Draw(t, "heat"),
	}
}
