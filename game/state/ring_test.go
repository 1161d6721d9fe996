package state_test

import (
	"slices"
	"testing"

	"github.com/sandlot-server/sandlot/game/state"
)

func TestRing(t *testing.T) {
	l := compile[world](t)
	w := &world{}
	r := state.NewRing(l, 3)
	if r.Newest() != nil || r.At(0) != nil {
		t.Fatal("an empty ring has a state")
	}
	for tick := uint32(1); tick <= 10; tick++ {
		if tick%2 == 1 { // states of ticks 1–2, 3–4, …, 9–10
			w.EndsAt++
		}
		if s := r.Capture(tick, w); s != r.Newest() || s.Tick != tick || s.First != (tick-1)/2*2+1 {
			t.Fatalf("tick %d: state of %d–%d", tick, s.First, s.Tick)
		}
	}
	for tick, first := range map[uint32]uint32{4: 0, 5: 5, 6: 5, 8: 7, 10: 9, 11: 0} {
		s := r.At(tick)
		if (s != nil) != (first != 0) || s != nil && s.First != first {
			t.Errorf("at %d: %v, want the state since %d", tick, s, first)
		}
	}
	w.Heat(3)
	if s := r.Capture(11, w); s.First != 9 {
		t.Error("what is not synced made a new state")
	}
	if r.Capture(20, w); r.At(15) == nil {
		t.Error("the range of an unchanged state has a hole")
	}
	w.EndsAt++
	r.Capture(25, w)
	if r.At(22) != nil {
		t.Error("a tick that was never captured has a state")
	}
	if r.Capture(1, w); r.At(25) != nil || r.At(1) == nil {
		t.Error("going back in time left the old states")
	}
	if r.Reset(); r.Newest() != nil {
		t.Error("not empty after Reset")
	}
}

// What anybody needs stays, what nobody needs goes, and its memory is used for
// the state that comes next; where nobody says what it needs, all stays.
func TestRingNeed(t *testing.T) {
	l := compile[world](t)
	w := &world{}
	r := state.NewRing(l, 8)
	capture := func(tick uint32) *state.Snapshot {
		w.EndsAt++
		return r.Capture(tick, w)
	}
	held := func(ticks ...uint32) {
		t.Helper()
		for tick := uint32(1); tick < 30; tick++ {
			s := r.At(tick)
			if (s != nil) != slices.Contains(ticks, tick) || s != nil && s.Tick != tick {
				t.Fatalf("at %d: %v; want those of %v", tick, s, ticks)
			}
		}
	}
	for tick := uint32(1); tick <= 4; tick++ {
		capture(tick)
	}
	r.Need(4)
	r.Need(2) // the older need counts
	r.Need(3)
	first := r.At(1)
	if capture(5) != first {
		t.Error("memory that nobody needs was not used next")
	}
	held(2, 3, 4, 5)
	capture(6) // a need is good for one capture
	held(2, 3, 4, 5, 6)
	r.Need(30) // the newest stays: what comes next may be equal to it
	capture(7)
	held(6, 7)
	r.Need(0)
	for tick := uint32(8); tick < 20; tick++ {
		capture(tick)
	}
	held(12, 13, 14, 15, 16, 17, 18, 19)
	memory := map[*state.Snapshot]bool{}
	for tick := uint32(20); tick < 30; tick++ {
		r.Need(tick - 1)
		memory[capture(tick)] = true
	}
	held(28, 29)
	if len(memory) > 2 {
		t.Errorf("%d states' memory is gone through where two would do", len(memory))
	}
}

// Heat changes what is saved but never sent.
func (w *world) Heat(v int32) {
	for _, s := range w.Ships.All() {
		s.Heat = v
	}
	w.Pi += float64(v)
}

func TestView(t *testing.T) {
	l := compile[world](t)
	w := &world{}
	for range 10 {
		w.Ships.Add(1, ship{})
	}
	var s state.Snapshot
	l.Capture(w, &s)
	var none *state.View
	var a, b state.View
	a.Reset(&s)
	if !none.Has(0, 3) || a.Has(0, 3) || none.Key() != 0 || a.Key() == 0 || none.Equal(&a) || a.Equal(none) || !none.Equal(nil) {
		t.Fatal("nil is everything, a new view nothing")
	}
	a.Show(0, 3)
	b.Set(&a)
	if !a.Has(0, 3) || a.Has(0, 64) || a.Has(99, 0) || !b.Equal(&a) || b.Key() != a.Key() {
		t.Fatal("a copy differs")
	}
	b.Hide(0, 3)
	if b.Has(0, 3) || b.Equal(&a) || b.Key() == a.Key() {
		t.Fatal("hiding changed nothing, or the original")
	}
	if s.Find(0, 4) != 3 || s.Find(0, 99) != -1 || s.Len(0) != 10 || s.Owner(0, 0) != 1 || s.ID(0, 9) != 10 {
		t.Fatal("snapshot lookups")
	}
}
