package state_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/sandlot-server/sandlot/game/state"
)

type gallery struct {
	Geese  state.Table[goose] `sync:"max=8,rewind"`
	Clouds state.Table[goose]
}

type goose struct {
	X    int32 `sync:""`
	Name string
	Legs [2]int8
}

func shoot(t testing.TB, keep int) (*state.Layout, *gallery, *state.History) {
	l, err := state.Compile(reflect.TypeFor[gallery]())
	if err != nil {
		t.Fatal(err)
	}
	g := new(gallery)
	l.Bind(g)
	return l, g, l.History(g, keep)
}

// then is the table as of a tick, "id:x" each.
func then(g *gallery, tick uint32) string {
	var all []string
	for id, d := range g.Geese.Then(state.Past(tick)) {
		all = append(all, fmt.Sprintf("%d:%d", id, d.X))
	}
	return strings.Join(all, " ")
}

func TestThen(t *testing.T) {
	_, g, h := shoot(t, 3)
	first, _ := g.Geese.Add(1, goose{X: 10})
	if got := then(g, 5); got != "1:10" {
		t.Errorf("before anything is kept: %q", got)
	}
	h.Remember(0)
	g.Geese.Get(first).X = 11
	g.Geese.Add(2, goose{X: 20})
	h.Remember(1)
	g.Geese.Remove(first)
	h.Remember(2)
	g.Geese.Get(2).X = 99
	for tick, want := range []string{"1:10", "1:11 2:20", "2:20", "2:20"} {
		if got := then(g, uint32(tick)); got != want {
			t.Errorf("as of %d: %q, want %q", tick, got, want)
		}
	}
	h.Remember(3) // tick 0 gives way
	if a, b := then(g, 0), then(g, 9); a != "1:11 2:20" || b != "2:99" {
		t.Errorf("the oldest is %q, the newest %q", a, b)
	}
	g.Geese.Get(2).X = 7
	h.Remember(3) // again
	if got := then(g, 3); got != "2:7" {
		t.Errorf("as of 3: %q", got)
	}
	for id, d := range g.Geese.Then(1) {
		d.X, d.Legs[0] = 0, 9
		g.Geese.Remove(id)
		break // what was is not changed by what is
	}
	if got := then(g, 1); got != "1:11 2:20" {
		t.Errorf("the past has changed: %q", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("a table without rewind has a past")
		}
	}()
	g.Clouds.Then(1)
}

func TestHistorySavesAndRestores(t *testing.T) {
	l, g, h := shoot(t, 4)
	r := rand.New(rand.NewPCG(1, 2))
	for tick := range uint32(20) {
		switch r.IntN(3) {
		case 0:
			g.Geese.Add(state.Player(tick), goose{X: r.Int32(), Name: "a goose", Legs: [2]int8{1, -1}})
		case 1:
			g.Geese.Remove(state.ID(r.IntN(8) + 1))
		}
		h.Remember(tick)
		saved := h.Save(l.Save(nil, g))
		back := new(gallery)
		rest, err := l.Restore(saved, back)
		if err != nil {
			t.Fatal(err)
		}
		again := l.History(back, 4)
		if rest, err = again.Restore(append(rest, 77), tick); err != nil || len(rest) != 1 {
			t.Fatalf("%d bytes are left: %v", len(rest), err)
		}
		if !bytes.Equal(again.Save(l.Save(nil, back)), saved) {
			t.Fatal("saved again it is another")
		}
		for at := range tick + 2 {
			if a, b := then(g, at), then(back, at); a != b {
				t.Fatalf("at tick %d as of %d: %q, restored %q", tick, at, a, b)
			}
		}
	}
}

func TestHistoryRefusesWhatIsNotOne(t *testing.T) {
	l, g, h := shoot(t, 3)
	g.Geese.Add(1, goose{X: 5})
	for tick := range uint32(3) {
		h.Remember(tick)
	}
	good := h.Save(nil)
	for n := range good {
		back := new(gallery)
		l.Bind(back)
		if _, err := l.History(back, 3).Restore(good[:n], 2); err == nil {
			t.Errorf("%d of %d bytes are a past", n, len(good))
		}
	}
	for name, bad := range map[string][]byte{
		"too many ticks":     {4},
		"a tick to come":     {1, 3, 0},
		"ticks out of order": {2, 2, 0, 1, 0},
		"too many rows":      {1, 1, 9},
		"rows that are not":  {1, 1, 8, 0},
	} {
		if _, err := h.Restore(bad, 2); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	if l, err := state.Compile(reflect.TypeFor[world]()); err != nil || l.History(new(world), 3) != nil {
		t.Errorf("a game without rewindable tables has a past: %v", err)
	}
	var none *state.History
	none.Remember(1)
	if rest, err := none.Restore([]byte{1}, 0); err != nil || len(rest) != 1 || none.Save(nil) != nil {
		t.Error("no past is something")
	}
}

func FuzzHistory(f *testing.F) {
	l, g, h := shoot(f, 3)
	g.Geese.Add(1, goose{X: 5, Name: "x"})
	h.Remember(1)
	h.Remember(2)
	f.Add(h.Save(nil))
	f.Fuzz(func(t *testing.T, src []byte) {
		back := new(gallery)
		l.Bind(back)
		h := l.History(back, 3)
		rest, err := h.Restore(src, 2)
		if err != nil {
			return
		}
		saved := h.Save(nil)
		other := new(gallery)
		l.Bind(other)
		again := l.History(other, 3)
		if _, err := again.Restore(saved, 2); err != nil || !bytes.Equal(again.Save(nil), saved) {
			t.Fatalf("%x, of which %d bytes were taken, is not what it says: %v", src, len(src)-len(rest), err)
		}
	})
}

func TestAllocHistory(t *testing.T) {
	_, g, h := shoot(t, 4)
	for i := range int32(8) {
		g.Geese.Add(1, goose{X: i})
	}
	tick := uint32(0)
	step := func() { tick++; h.Remember(tick) }
	for range 10 {
		step()
	}
	if n := testing.AllocsPerRun(100, step); n != 0 {
		t.Errorf("%v allocations a tick", n)
	}
	sum := int32(0)
	if n := testing.AllocsPerRun(100, func() {
		for _, d := range g.Geese.Then(3) {
			sum += d.X
		}
	}); n != 0 {
		t.Errorf("%v allocations a look back", n)
	}
}
