package game_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
)

// probe runs a lab at 10 ticks a second and notes what player 1's input is each
// tick, as "move jump bits".
func probe(t *testing.T) (*game.Runner, func() string) {
	var seen Stick
	r := lab(t, func(tick *game.Tick) { seen = *tick.Input(1).(*Stick) })
	join(t, r, 1)
	r.Step()
	return r, func() string {
		r.Step()
		jump := 0
		if seen.Jump {
			jump = 1
		}
		seq, margin := r.Applied(1)
		return fmt.Sprintf("%d:%d%d %d %d", seen.Move, jump, seen.Bits, seq, margin)
	}
}

func expect(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got %q, want %q (move:jump bits, applied, margin)", got, want)
	}
}

func TestInputOneATickInOrder(t *testing.T) {
	r, step := probe(t)
	expect(t, step(), "0:00 0 0")
	r.Input(1, 1, 0, stick(1, 1, 0, 0))
	r.Input(1, 2, 0, stick(-1, 1, 0, 0))
	r.Input(1, 5, 0, stick(0, 1, 1, 0)) // numbers may jump
	expect(t, step(), "1:00 1 2")
	expect(t, step(), "-1:00 2 1")
	expect(t, step(), "0:10 5 0")
}

func TestInputRepeatsWithoutWhatWasPressed(t *testing.T) {
	r, step := probe(t)
	r.Input(1, 1, 0, stick(1, 1, 1, 5))
	expect(t, step(), "1:15 1 0")
	expect(t, step(), "1:00 1 -1")
	expect(t, step(), "1:00 1 -2")
	r.Input(1, 2, 0, stick(0, 1, 0, 0))
	expect(t, step(), "0:00 2 0")
	for range 200 {
		step()
	}
	expect(t, step(), "0:00 2 -127")
}

func TestInputBeforeTheFirstIsNearestToZero(t *testing.T) {
	var mine, others Stick
	r := lab(t, func(tick *game.Tick) {
		mine, others = *tick.Input(1).(*Stick), *tick.Input(9).(*Stick)
		*tick.Input(9).(*Stick) = Stick{Move: 9} // must not stay
	})
	join(t, r, 1)
	r.Step()
	r.Step()
	if want := (Stick{Gear: 1}); mine != want || others != want {
		t.Errorf("got %+v and %+v, want %+v", mine, others, want)
	}
}

func TestInputFullBufferDropsTheOldest(t *testing.T) {
	r, step := probe(t)
	for seq := uint32(1); seq <= 10; seq++ {
		jump := int64(0)
		if seq == 1 {
			jump = 1
		}
		r.Input(1, seq, 0, stick(0, 1, jump, 1<<(seq%3)))
	}
	if got := r.Dropped(); got != 2 {
		t.Errorf("dropped %d, want 2", got)
	}
	expect(t, step(), "0:17 3 7") // 1 and 2 live on in 3
	expect(t, step(), "0:02 4 6")
}

func TestInputSkipsAheadAfterADeepSecond(t *testing.T) {
	r, step := probe(t)
	seq := uint32(0)
	send := func(jump int64) {
		seq++
		r.Input(1, seq, 0, stick(0, 1, jump, 0))
	}
	for range 4 {
		send(0) // a stall ended: three too many
	}
	for tick := range 10 { // 10 ticks are the second: nothing is skipped yet
		expect(t, step(), fmt.Sprintf("0:00 %d 3", tick+1))
		send(0)
	}
	send(1) // 11..15 wait; the last is pressed
	seqs := []string{"0:00 12 3", "0:10 15 0"}
	expect(t, step(), seqs[0]) // 11 is skipped
	// the buffer stays deep, so another is skipped each tick until it is not
	expect(t, step(), "0:00 14 1")
	expect(t, step(), seqs[1])
	send(0)
	expect(t, step(), "0:00 16 0")
}

func TestInputSkippedPressCounts(t *testing.T) {
	r, step := probe(t)
	seq := uint32(0)
	send := func(jump int64) { seq++; r.Input(1, seq, 0, stick(0, 1, jump, 0)) }
	send(0)
	send(0)
	for range 10 {
		send(0)
		step()
	}
	send(1) // 11 and 12 wait before it
	expect(t, step(), "0:00 12 1")
	send(0)
	send(0)
	send(0)
	expect(t, step(), "0:10 13 3")
}

func TestInputSteadyMarginIsNeverSkipped(t *testing.T) {
	r, step := probe(t)
	r.Input(1, 1, 0, stick(0, 1, 0, 0))
	for seq := uint32(2); seq < 60; seq++ {
		r.Input(1, seq, 0, stick(0, 1, 0, 0))
		expect(t, step(), fmt.Sprintf("0:00 %d 1", seq-1))
	}
}

func TestInputIgnored(t *testing.T) {
	r, step := probe(t)
	r.Input(1, 3, 0, stick(1, 1, 0, 0))
	for what, in := range map[string]struct {
		p      game.Player
		seq    uint32
		fields []state.Value
	}{
		"an old number":      {1, 3, stick(-1, 1, 0, 0)},
		"zero":               {1, 0, stick(-1, 1, 0, 0)},
		"out of range":       {1, 4, stick(2, 1, 0, 0)},
		"below range":        {1, 4, stick(0, 0, 0, 0)},
		"too few fields":     {1, 4, stick(0, 1, 0, 0)[:3]},
		"too many fields":    {1, 4, append(stick(0, 1, 0, 0), state.Value{})},
		"nobody in the game": {2, 4, stick(-1, 1, 0, 0)},
		"player 0":           {0, 4, stick(-1, 1, 0, 0)},
	} {
		r.Input(in.p, in.seq, 0, in.fields)
		if got := r.Dropped(); got != 0 {
			t.Errorf("%s: counted as dropped", what)
		}
	}
	expect(t, step(), "1:00 3 0")
	expect(t, step(), "1:00 3 -1")
}

func TestViewedIsNeverAhead(t *testing.T) {
	var viewed []uint32
	r := lab(t, func(tick *game.Tick) { viewed = append(viewed, tick.Viewed(1), tick.Viewed(2)) })
	join(t, r, 1)
	r.Step()
	r.Step()
	r.Input(1, 1, 1, stick(0, 1, 0, 0))
	r.Input(1, 2, 4e9, stick(0, 1, 0, 0))
	r.Step()
	r.Step()
	if got, want := fmt.Sprint(viewed[4:]), "[1 0 2 0]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestValuesOfBrains(t *testing.T) {
	d := lab(t, nil).Definition()
	for _, in := range []any{Stick{Gear: 2}, &Stick{Gear: 2}} {
		if got, err := d.InputValues(nil, in); err != nil || fmt.Sprint(got) != fmt.Sprint(stick(0, 2, 0, 0)) {
			t.Errorf("%T: %v, %v", in, got, err)
		}
	}
	if got, err := d.InputValues(nil, Stick{Move: 9}); err != nil || fmt.Sprint(got) != fmt.Sprint(stick(1, 1, 0, 0)) {
		t.Errorf("out of range: %v, %v", got, err)
	}
	for _, in := range []any{nil, Say{}, (*Stick)(nil)} {
		if _, err := d.InputValues(nil, in); code(t, err) != game.CodeInvalid {
			t.Errorf("%#v: %v", in, err)
		}
	}
	index, values, err := d.CommandValues(nil, &Take{N: 3})
	if err != nil || index != 1 || values[0].Int != 3 {
		t.Errorf("got %d, %v, %v", index, values, err)
	}
	for _, c := range []any{nil, Stick{}, (*Say)(nil)} {
		_, _, err := d.CommandValues(nil, c)
		if code(t, err) != game.CodeInvalid || strings.TrimSpace(err.Error()) == "" {
			t.Errorf("%#v: %v", c, err)
		}
	}
	if e, err := d.NewEvent(0, []state.Value{{Str: "hi"}, {Int: 5}}); err != nil || *e.(*Heard) != (Heard{"hi", 5}) {
		t.Errorf("got %v, %v", e, err)
	}
	if _, err := d.NewEvent(1, nil); code(t, err) != game.CodeInvalid {
		t.Errorf("got %v", err)
	}
}

func TestIdleLetsGoUntilTheNextInput(t *testing.T) {
	r, step := probe(t)
	r.Idle(1) // nothing came yet
	expect(t, step(), "0:00 0 0")
	for seq := uint32(1); seq <= 3; seq++ {
		r.Input(1, seq, 0, stick(1, 1, 1, 5))
	}
	expect(t, step(), "1:15 1 2")
	r.Idle(1)
	r.Idle(9) // nobody
	expect(t, step(), "0:00 3 -1")
	expect(t, step(), "0:00 3 -2")
	r.Input(1, 3, 0, stick(1, 1, 0, 0)) // late
	expect(t, step(), "0:00 3 -3")
	r.Input(1, 4, 0, stick(-1, 1, 0, 0))
	expect(t, step(), "-1:00 4 0")
}

func TestIdleLooksAtTheNewest(t *testing.T) {
	var viewed uint32
	r := lab(t, func(tick *game.Tick) { viewed = tick.Viewed(1) })
	join(t, r, 1)
	r.Step()
	r.Input(1, 1, 1, stick(0, 1, 0, 0))
	r.Step()
	if viewed != 1 {
		t.Fatalf("looked at %d, want 1", viewed)
	}
	r.Idle(1)
	if r.Step(); viewed != 0 {
		t.Errorf("looks at %d, as before it let go", viewed)
	}
}
