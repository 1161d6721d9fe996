package wire_test

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

type ship struct {
	X, Y  int32  `sync:"step=64,lerp,predict"`
	VX    int32  `sync:"predict"`
	Aim   uint8  `sync:"lerp=angle"`
	Alive bool   `sync:""`
	Title string `sync:"max=20"`
	Ammo  uint8  `sync:"owner"`
}

type board struct {
	Cells [7]int16 `sync:""`
	Walls [3]bool  `sync:""`
	Hand  [4]uint8 `sync:"owner"`
}

type match3 struct {
	Ships    state.Table[ship] `sync:"max=12"`
	Boards   state.Table[board]
	EndsAt   uint32 `sync:""`
	Overtime bool   `sync:""`
}

// TestWhatServersSend: a match that changes at random, sent as a server sends
// it, is the same to the mirror and to the reference, which is another reading
// of PROTOCOL.md.
func TestWhatServersSend(t *testing.T) {
	layout, err := state.Compile(reflect.TypeFor[match3]())
	if err != nil {
		t.Fatal(err)
	}
	tables := layout.Tables()
	rapid.Check(t, func(rt *rapid.T) {
		g := new(match3)
		layout.Bind(g)
		ring := state.NewRing(layout, 8)
		differ := state.NewDiffer(tables)
		viewer := state.Player(rapid.IntRange(1, 3).Draw(rt, "viewer"))
		plain, mirror := &reference{tables: tables}, state.NewMirror(tables)
		var m wire.ServerMessage
		var base *state.Snapshot
		for tick := uint32(1); tick < 12; tick++ {
			change(rt, g)
			now := ring.Capture(tick, g)
			w := wire.NewWriter(nil)
			n, _ := differ.Body(w, base, now, nil, nil)
			n += differ.Owner(w, base, now, nil, nil, viewer)
			if n != w.Count() {
				rt.Fatalf("%d elements written, %d said", w.Count(), n)
			}
			frame := append(wire.AppendStateHead(nil, base == nil, 1, 0, 0, n), w.Bytes()...)
			if err := wire.DecodeServer(frame, nil, &m); err != nil {
				rt.Fatal(err)
			}
			if err := plain.apply(m.Body(), base == nil); err != nil || m.Body().Done() != nil {
				rt.Fatalf("the reference refuses % x: %v, %v", frame, err, m.Body().Done())
			}
			if err := wire.DecodeServer(frame, nil, &m); err != nil {
				rt.Fatal(err)
			}
			if err := mirror.Apply(m.Body(), base == nil); err != nil || m.Body().Done() != nil {
				rt.Fatalf("the mirror refuses % x: %v, %v", frame, err, m.Body().Done())
			}
			a, b := plain.describe(int64(viewer)), describeMirror(mirror, &state.Schema{Tables: tables}, viewer)
			if text(t, a) != text(t, b) {
				rt.Fatalf("the reference has\n%s\nthe mirror\n%s", text(t, a), text(t, b))
			}
			for id, s := range g.Ships.All() {
				rows := mirror.Table("ships")
				pos := rows.Find(id)
				x, _, _ := rows.Field("x")
				if g.Ships.Owner(id) == viewer && rows.Int(pos, x) != int64(s.X) {
					rt.Fatalf("ship %d is at %d, to its owner at %d", id, s.X, rows.Int(pos, x))
				}
			}
			if base = now; rapid.IntRange(0, 4).Draw(rt, "lost") == 0 {
				base = nil // a keyframe next
			}
		}
	})
}

// change adds, removes and changes a few rows.
func change(t *rapid.T, g *match3) {
	n := func(most int) int { return rapid.IntRange(0, most).Draw(t, "n") }
	for range n(3) {
		g.Ships.Add(state.Player(n(3)), ship{X: int32(n(100000) - 50000), Title: "new"})
	}
	if n(2) == 0 {
		g.Boards.Add(state.Player(n(3)), board{})
	}
	moving := n(2)
	for id, s := range g.Ships.All() {
		switch n(9) {
		case 0:
			g.Ships.Remove(id)
			continue
		case 1:
			s.Title = rapid.StringMatching(`[a-zß]{0,9}`).Draw(t, "title")
		case 2:
			s.Alive = !s.Alive
		case 3:
			s.Ammo, s.VX = uint8(n(255)), int32(n(20))-10
		}
		if moving > 0 {
			s.X += int32(n(400)) - 200
			s.Y -= 64
		}
		if moving > 1 {
			s.Aim += 3
		}
	}
	for _, b := range g.Boards.All() {
		b.Cells[n(6)] = int16(n(60000) - 30000)
		b.Walls[n(2)] = n(1) == 0
		b.Hand[n(3)]++
		if n(4) == 0 {
			b.Cells = [7]int16{1, 2, 3, 4, 5, 6, 7}
		}
	}
	g.EndsAt += uint32(n(1))
	g.Overtime = n(3) == 0
}
