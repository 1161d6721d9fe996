package game_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
)

// Guard turns some away.
type Guard struct {
	Lab
	Starts, Players, At int
}

func (g *Guard) Admit(j game.Join) error {
	if j.Name == "eve" {
		return errors.New("no eve")
	}
	return nil
}

func (g *Guard) Refuse(p game.Player, command any) error {
	if take, ok := command.(*Take); ok && take.N == 2 {
		return fmt.Errorf("player %d took two", p)
	}
	return nil
}

func (g *Guard) Start(t *game.Tick) {
	g.Starts++
	g.Players, g.At = t.Count(), int(t.N)
	t.Broadcast(Heard{Word: "start"})
}

var (
	_ game.Admitter = (*Guard)(nil)
	_ game.Refuser  = (*Guard)(nil)
	_ game.Starter  = (*Guard)(nil)
)

func guard(t *testing.T) *game.Runner {
	t.Helper()
	d, err := game.Define("guard", func() game.Game { return new(Guard) }, labOptions()...)
	if err != nil {
		t.Fatal(err)
	}
	return start(t, d)
}

func TestEventsComeInOrder(t *testing.T) {
	var got []string
	r := lab(t, func(tick *game.Tick) {
		for _, e := range tick.Events {
			got = append(got, fmt.Sprintf("%d:%d %d %s %v %d %v", tick.N, e.Kind, e.Player, e.Name, e.Bot, e.Team, e.Command))
		}
		got = append(got, fmt.Sprintf("%v %d %q %d %v %v", slices.Collect(tick.Players()), tick.Count(), tick.Name(3), tick.Team(3), tick.Bot(3), tick.Has(3)))
	})
	if err := r.Join(3, "bot", true, 2); err != nil {
		t.Fatal(err)
	}
	if err := r.Join(1, "ann", false, 0); err != nil {
		t.Fatal(err)
	}
	if err := r.Command(1, 0, []state.Value{{Str: "hi"}, {Int: -4}, {Int: 5}}); err != nil {
		t.Fatal(err)
	}
	r.Step()
	r.Leave(3)
	r.Leave(3)
	r.Leave(9)
	r.Step()
	r.Step()
	want := []string{
		"1:1 3 bot true 2 <nil>", "1:1 1 ann false 0 <nil>", "1:3 1 ann false 0 &{hi [-4 5]}", `[1 3] 2 "bot" 2 true true`,
		"2:2 3 bot true 2 <nil>", `[1] 1 "" 0 false false`, `[1] 1 "" 0 false false`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestJoinRefusals(t *testing.T) {
	r := guard(t)
	check := func(want string, err error) {
		t.Helper()
		if got := code(t, err); got != want {
			t.Errorf("got %q (%v), want %q", got, err, want)
		}
	}
	check(game.CodeRefused, r.Join(1, "eve", false, 0))
	check(game.CodeInvalid, r.Join(0, "ann", false, 0))
	check(game.CodeInvalid, r.Join(1, "ann", false, 3))
	check(game.CodeInvalid, r.Join(1, strings.Repeat("x", 257), false, 0))
	check("", r.Join(1, "ann", false, 1))
	check(game.CodeSeated, r.Join(1, "ann", false, 1))
	join(t, r, 2, 3, 4)
	check(game.CodeFull, r.Join(5, "bob", false, 0))
	r.Step()
	r.Leave(4)
	check("", r.Join(5, "bob", false, 0)) // late joins are allowed

	closed, err := game.Define("closed", newPlain, game.Players(1, 2))
	if err != nil {
		t.Fatal(err)
	}
	r = start(t, closed)
	join1 := r.Join(1, "ann", false, 0)
	check("", join1)
	r.Step()
	check(game.CodeStarted, r.Join(2, "bob", false, 0))
}

func TestCommandRefusals(t *testing.T) {
	r := guard(t)
	join(t, r, 1)
	take := func(n int64) []state.Value { return []state.Value{{Int: n}} }
	check := func(want string, err error) {
		t.Helper()
		if got := code(t, err); got != want {
			t.Errorf("got %q (%v), want %q", got, err, want)
		}
	}
	check(game.CodeInvalid, r.Command(1, -1, nil))
	check(game.CodeInvalid, r.Command(1, 2, nil))
	check(game.CodeInvalid, r.Command(1, 1, nil))
	check(game.CodeInvalid, r.Command(1, 1, take(4)))
	check(game.CodeInvalid, r.Command(1, 0, []state.Value{{Str: "far too long"}, {}, {}}))
	check(game.CodeInvalid, r.Command(1, 0, []state.Value{{Str: "\xff"}, {}, {}}))
	check(game.CodeUnseated, r.Command(2, 1, take(1)))
	check(game.CodeRefused, r.Command(1, 1, take(2)))
	for range 32 {
		check("", r.Command(1, 1, take(1)))
	}
	check(game.CodeBusy, r.Command(1, 1, take(1)))
	r.Step()
	check("", r.Command(1, 1, take(1)))
}

func TestPendingIsBounded(t *testing.T) {
	r := lab(t, nil)
	n := 0
	for ; n < 10_000; n++ {
		if err := r.Join(1, "ann", false, 0); err != nil {
			if code(t, err) != game.CodeBusy {
				t.Fatal(err)
			}
			break
		}
		r.Leave(1)
	}
	if n != 2048 {
		t.Errorf("refused after %d joins and leaves, want 2,048", n)
	}
	r.Step()
	join(t, r, 1)
}

func TestStartComesOnce(t *testing.T) {
	r := guard(t)
	join(t, r, 1, 2)
	g := r.Game().(*Guard)
	if g.Starts != 0 || r.Tick() != 0 {
		t.Error("started before the first step")
	}
	r.Step()
	if len(r.Events()) != 1 {
		t.Errorf("sent %v", r.Events())
	}
	r.Step()
	if g.Starts != 1 || g.Players != 2 || g.At != 0 {
		t.Errorf("%d starts, with %d players at tick %d", g.Starts, g.Players, g.At)
	}
}

func TestEventsOut(t *testing.T) {
	r := lab(t, func(tick *game.Tick) {
		tick.Send(1, Heard{Word: "one", N: 7})
		tick.Send(5, Heard{Word: "nobody"})
		tick.Send(0, Heard{Word: "nobody"})
		tick.Broadcast(&Heard{Word: "all of it, cut", N: 1000})
	})
	join(t, r, 1)
	for range 3 {
		r.Step()
		if got, want := fmt.Sprint(r.Events()), "[{1 0 [{0 one} {7 }]} {0 0 [{0 all of i} {100 }]}]"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestTickDoesNotOutliveItsStep(t *testing.T) {
	var kept *game.Tick
	r := lab(t, func(tick *game.Tick) { kept = tick })
	join(t, r, 1)
	r.Step()
	for name, f := range map[string]func(){
		"Send":      func() { kept.Send(1, Heard{}) },
		"Broadcast": func() { kept.Broadcast(Heard{}) },
		"End":       func() { kept.End(game.Result{}) },
		"Input":     func() { kept.Input(1) },
	} {
		if got := panics(f); !strings.Contains(got, "Tick."+name+" outside of the step") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestWrongUseOfTickPanics(t *testing.T) {
	for want, step := range map[string]func(*game.Tick){
		"not one of lab's events": func(tick *game.Tick) { tick.Broadcast(Take{}) },
		"rank 0":                  func(tick *game.Tick) { tick.End(game.Result{Places: []game.Place{{Player: 1}}}) },
		"two places": func(tick *game.Tick) {
			tick.End(game.Result{Places: []game.Place{{Player: 1, Rank: 1}, {Player: 1, Rank: 2}}})
		},
		"the game's own": func(tick *game.Tick) { panic("the game's own") },
	} {
		r := lab(t, step)
		if got := panics(r.Step); !strings.Contains(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestEnd(t *testing.T) {
	r := lab(t, func(tick *game.Tick) {
		if tick.N == 2 {
			tick.End(game.Result{Places: []game.Place{{Player: 2, Rank: 3}, {Player: 1, Rank: 1, Score: 9}}})
			tick.End(game.Result{})
		}
	})
	r.Step()
	if _, over := r.Result(); over {
		t.Error("over before the end")
	}
	r.Step()
	r.Step()
	result, over := r.Result()
	if got := fmt.Sprint(result, over, r.Tick()); got != "{[{1 1 9} {2 3 0}]} true 2" {
		t.Errorf("got %s", got)
	}
	if got := code(t, r.Join(1, "ann", false, 0)); got != game.CodeOver {
		t.Errorf("join after the end: %q", got)
	}
}

func TestSettings(t *testing.T) {
	d := lab(t, nil).Definition()
	r, err := game.NewRunner(d, 1, []int64{-5, 0})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Game().(*Lab).Options; got != (Dials{Speed: -5}) {
		t.Errorf("got %+v", got)
	}
	if got := lab(t, nil).Game().(*Lab).Options; got != (Dials{Speed: 2, Fast: true}) {
		t.Errorf("defaults: got %+v", got)
	}
	_, err = game.NewRunner(d, 1, []int64{6, 2})
	for _, want := range []string{"speed: 6 is outside -5..5", "fast: 2 is outside 0..1"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if _, err := game.NewRunner(d, 1, []int64{}); err == nil {
		t.Error("no settings passed for two")
	}
}

func TestChanceFollowsFromTheSeed(t *testing.T) {
	d := lab(t, nil).Definition()
	hash := func(seed uint64) uint64 {
		r, err := game.NewRunner(d, seed, nil)
		if err != nil {
			t.Fatal(err)
		}
		for range 10 {
			r.Step()
		}
		return r.Hash()
	}
	first, again, other := hash(1), hash(1), hash(2)
	if first != again || first == other {
		t.Errorf("hashes %x, %x, %x", first, again, other)
	}
}
