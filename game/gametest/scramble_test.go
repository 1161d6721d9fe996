package gametest

import (
	"reflect"
	"slices"
	"testing"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
)

// TestScrambleChangesWhatItMay keeps the private check honest: what it changes
// is seen by those who may see it.
func TestScrambleChangesWhatItMay(t *testing.T) {
	k := kitOf(t, nil)
	r, err := k.start(4, playing)
	if err != nil {
		t.Fatal(err)
	}
	for range 60 {
		if err := r.step(); err != nil {
			t.Fatal(err)
		}
	}
	me, other := r.crowd.here[0].Player, r.crowd.here[1].Player
	layout, err := layoutOf(r.r.Game())
	if err != nil {
		t.Fatal(err)
	}
	var was, is state.Snapshot
	layout.Capture(r.r.Game(), &was)
	scramble(r.chance, r.r.Game(), &was, r.r.View(me), me)
	layout.Capture(r.r.Game(), &is)
	if !slices.Equal(k.sent(&was, r.r.View(me), me), k.sent(&is, r.r.View(me), me)) {
		t.Error("what the viewer is sent changed")
	}
	if slices.Equal(k.sent(&was, r.r.View(me), other), k.sent(&is, r.r.View(me), other)) {
		t.Error("no owner field of another player changed")
	}
	if slices.Equal(k.sent(&was, nil, me), k.sent(&is, nil, me)) {
		t.Error("no hidden row changed")
	}
}

func TestSecrecyOf(t *testing.T) {
	for tag, want := range map[string]secrecy{
		`sync:""`: public, `sync:"lerp"`: public, `sync:"step=4"`: public, `sync:"max=3"`: public, `sync:"lerp=angle,predict"`: public,
		`sync:"owner"`: owned, `sync:"predict"`: owned, `sync:"step=4,predict"`: rounded, ``: server,
	} {
		got, _ := secrecyOf(reflect.StructField{Tag: reflect.StructTag(tag)})
		if got != want {
			t.Errorf("%q is %d, want %d", tag, got, want)
		}
	}
}

func TestMatchIsDriven(t *testing.T) {
	m := New(t, newHunt, huntOptions, Seed(3), Setting("ticks", 50))
	ann, bob := m.Join("ann"), m.Join("bob")
	m.Input(ann, lean{X: 1, Leap: true})
	m.Step(5)
	if err := m.Command(bob, set{At: 2}); err != nil {
		t.Fatal(err)
	}
	m.StepUntil(10, func() bool { return m.Mirror(ann).Table("traps").Len() > 0 || m.Mirror(bob).Table("traps").Len() > 0 })
	if heard := m.Heard(ann); len(heard) != 1 || *heard[0].(*sprung) != (sprung{ann}) {
		t.Errorf("ann heard %v: a leap held down is one leap", heard)
	}
	if heard := m.Heard(bob); len(heard)+len(m.Heard(ann)) != 0 {
		t.Errorf("bob heard %v", heard)
	}
	m.Golden(ann, "testdata/hunt_ann.golden")
	m.Golden(bob, "testdata/hunt_bob.golden")
	m.Leave(bob)
	m.StepUntil(100, func() bool { _, over := m.Result(); return over })
	if m.Tick() != 50 || m.Game().(*hunt).Hunters.Len() != 1 {
		t.Errorf("over at tick %d with %d hunters", m.Tick(), m.Game().(*hunt).Hunters.Len())
	}
	if _, err := m.TryJoin("late"); err == nil || err.(*game.Error).Code != game.CodeOver {
		t.Errorf("got %v", err)
	}
}

func TestFirstDifference(t *testing.T) {
	for _, test := range []struct {
		want, got string
		line      int
	}{{"a\nb", "a\nb", 0}, {"a\nb", "a\nc", 2}, {"a", "a\nb", 2}, {"a\nb", "a", 2}} {
		if line, _, _ := firstDifference(test.want, test.got); line != test.line {
			t.Errorf("%q and %q: line %d, want %d", test.want, test.got, line, test.line)
		}
	}
}

func TestFloor(t *testing.T) {
	for _, test := range [][3]int64{{5, 4, 1}, {4, 4, 1}, {-1, 4, -1}, {-4, 4, -1}, {-5, 4, -2}, {0, 4, 0}} {
		if got := floor(test[0], test[1]); got != test[2] {
			t.Errorf("floor(%d, %d) = %d, want %d", test[0], test[1], got, test[2])
		}
	}
}
