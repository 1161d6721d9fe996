package state_test

import (
	"testing"

	"github.com/sandlot-server/sandlot/game/state"
)

// fleet is a match like arena's: eight ships on the move.
type fleet struct {
	Ships  state.Table[arenaShip] `sync:"max=16"`
	Shots  state.Table[arenaShot]
	EndsAt uint32 `sync:""`
}

type arenaShip struct {
	X, Y   int32 `sync:"step=64,lerp,predict"`
	VX, VY int32 `sync:"predict"`
	Aim    uint8 `sync:"lerp=angle"`
	HP     uint8 `sync:""`
	Ammo   uint8 `sync:"owner"`
	Heat   int32
}

type arenaShot struct {
	X, Y int32 `sync:"step=64,lerp"`
}

func newFleet(l *state.Layout) *fleet {
	f := &fleet{EndsAt: 5400}
	l.Bind(f)
	for i := range 8 {
		f.Ships.Add(state.Player(i+1), arenaShip{X: int32(i) * 9000, Y: int32(i) * 5000, HP: 100, Ammo: 10})
	}
	return f
}

// move is a tick of everyone moving at about 300 units of 1/256 a tick and
// turning, with a shot now and then.
func (f *fleet) move(tick uint32, shoot bool) {
	for id, s := range f.Ships.All() {
		n := int32(tick)*7919 + int32(id)*104729
		s.VX, s.VY = 280+n%40, n%61-280
		s.X, s.Y = s.X+s.VX, s.Y+s.VY
		s.Aim += uint8(n % 9)
		if shoot && n%16 == 0 {
			s.Ammo--
			f.Shots.Add(f.Ships.Owner(id), arenaShot{s.X, s.Y})
		}
	}
	for id, s := range f.Shots.All() {
		if s.X += 900; (uint32(id)+tick)%32 == 0 {
			f.Shots.Remove(id)
		}
	}
}

// discard counts what a message takes.
type discard struct{ n int }

func (d *discard) Int(int64)  { d.n++ }
func (d *discard) Str(string) { d.n++ }

// TestSizes holds the bytes of a tick with eight ships moving and turning.
func TestSizes(t *testing.T) {
	l := compile[fleet](t)
	f := newFleet(l)
	ring, d := state.NewRing(l, 30), state.NewDiffer(l.Tables())
	base := ring.Capture(1, f)
	body, owner := 0, 0
	for tick := uint32(2); tick <= 61; tick++ {
		f.move(tick, false)
		now := ring.Capture(tick, f)
		var tape state.Tape
		d.Body(&tape, base, now, nil, nil)
		b := tape.Packed()
		d.Owner(&tape, base, now, nil, nil, 3)
		body, owner = body+b, owner+tape.Packed()-b
		base = now
	}
	t.Logf("body %.1f bytes, owner section %.1f bytes a tick", float64(body)/60, float64(owner)/60)
	if body+owner > 60*40 {
		t.Errorf("%.1f bytes a tick; 40 is the budget", float64(body+owner)/60)
	}
}

// TestSteadyStateAllocates nothing: capture, one body, eight owner sections,
// with views and without.
func TestSteadyStateAllocatesNothing(t *testing.T) {
	l := compile[fleet](t)
	f := newFleet(l)
	ring, d := state.NewRing(l, 30), state.NewDiffer(l.Tables())
	m := state.NewMirror(l.Tables())
	var a, b state.View
	baseView, nowView := &a, &b
	base := ring.Capture(1, f).Tick
	baseView.Reset(ring.Newest())
	tick := uint32(1)
	var sink discard
	var tape state.Tape
	step := func() {
		tick++
		f.move(tick, true)
		now := ring.Capture(tick, f)
		was := ring.At(base)
		d.Body(&sink, was, now, nil, nil)
		for p := range state.Player(8) {
			d.Owner(&sink, was, now, nil, nil, p+1)
		}
		nowView.Reset(now)
		nowView.ShowAll(1, now)
		nowView.Show(0, int(tick)%8)
		d.Body(&sink, was, now, baseView, nowView)
		baseView, nowView = nowView, baseView
		tape.Reset()
		d.Body(&tape, nil, now, nil, nil)
		if err := m.Apply(tape.Source(), true); err != nil {
			t.Fatal(err)
		}
		m.Fill(now, nil, 1)
		base = tick
	}
	for range 500 {
		step()
	}
	if n := testing.AllocsPerRun(200, step); n != 0 {
		t.Fatalf("%v allocations a tick", n)
	}
	saved := l.Save(nil, f)
	if n := testing.AllocsPerRun(100, func() { saved = l.Save(saved[:0], f) }); n != 0 {
		t.Fatalf("%v allocations a save", n)
	}
}

func BenchmarkCaptureAndDiff(b *testing.B) {
	l := compile[fleet](b)
	f := newFleet(l)
	ring, d := state.NewRing(l, 30), state.NewDiffer(l.Tables())
	base := ring.Capture(1, f)
	var sink discard
	b.ReportAllocs()
	for tick := uint32(2); b.Loop(); tick++ {
		f.move(tick, false)
		now := ring.Capture(tick, f)
		d.Body(&sink, base, now, nil, nil)
		for p := range state.Player(8) {
			d.Owner(&sink, base, now, nil, nil, p+1)
		}
		base = now
	}
}

func BenchmarkApply(b *testing.B) {
	l := compile[fleet](b)
	f := newFleet(l)
	d, m := state.NewDiffer(l.Tables()), state.NewMirror(l.Tables())
	var first, second state.Snapshot
	l.Capture(f, &first)
	f.move(2, false)
	l.Capture(f, &second)
	var key, there, back state.Tape
	d.Body(&key, nil, &first, nil, nil)
	d.Body(&there, &first, &second, nil, nil)
	d.Body(&back, &second, &first, nil, nil)
	if err := m.Apply(key.Source(), true); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if m.Apply(there.Source(), false) != nil || m.Apply(back.Source(), false) != nil {
			b.Fatal("apply")
		}
	}
}

func BenchmarkSave(b *testing.B) {
	l := compile[fleet](b)
	f := newFleet(l)
	var saved []byte
	b.ReportAllocs()
	for b.Loop() {
		saved = l.Save(saved[:0], f)
		state.Hash(saved)
	}
	b.SetBytes(int64(len(saved)))
}
