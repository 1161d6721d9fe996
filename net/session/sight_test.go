package session_test

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// TestSightConverges plays a game with sight, with and without a budget, to
// clients that come, go, stall, ask for keyframes and are paced. What they hold
// is in their sight whenever they are sent to; it is all of that, as it is,
// without a budget at once, and with one soon after things come to rest.
func TestSightConverges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		budget := rapid.SampledFrom([]int{0, 64, 100, 300}).Draw(t, "budget")
		var options []game.Option
		if budget > 0 {
			options = append(options, game.Budget(budget))
		}
		f := newMeadow(t, 4000, rapid.SampledFrom([]int32{0, 800, 1500, 5000}).Draw(t, "reach"), options...)
		f.join(t, 0)
		next := state.Player(1)
		for range rapid.IntRange(1, 20).Draw(t, "players") {
			f.join(t, next)
			next++
		}
		for range rapid.IntRange(1, 60).Draw(t, "ticks") {
			switch rapid.IntRange(0, 11).Draw(t, "event") {
			case 0:
				f.join(t, next)
				next++
			case 1:
				f.leave(f.watchers[len(f.watchers)-1])
				if len(f.watchers) == 0 {
					f.join(t, 0)
				}
			case 2:
				w := rapid.SampledFrom(f.watchers).Draw(t, "who")
				w.conn.blocked = f.now
			case 3:
				rapid.SampledFrom(f.watchers).Draw(t, "who").s.Receive(wire.AppendKeyframe(nil), f.now)
			case 4:
				rapid.SampledFrom(f.watchers).Draw(t, "who").s.Pace(rapid.IntRange(0, 5).Draw(t, "pace"))
			case 5:
				if rapid.Bool().Draw(t, "again") {
					f.start(t)
				}
			case 6:
				for _, w := range f.watchers {
					w.conn.blocked = time.Time{}
				}
			}
			for _, w := range f.watchers {
				if w.me == 0 {
					w.s.Receive(wire.AppendAck(nil, wire.Ack{Tick: w.tick}), f.now)
				} else if rapid.IntRange(0, 3).Draw(t, "moves") > 0 {
					w.steer(f, int64(rapid.IntRange(-1, 1).Draw(t, "x")), int64(rapid.IntRange(-1, 1).Draw(t, "y")))
				}
			}
			f.tick(t)
			for _, w := range f.watchers {
				f.inSight(t, w, w.fresh && budget == 0)
			}
		}
		for _, w := range f.watchers {
			w.conn.blocked = time.Time{}
		}
		for range 100 {
			for _, w := range f.watchers {
				if w.me == 0 {
					w.s.Receive(wire.AppendAck(nil, wire.Ack{Tick: w.tick}), f.now)
				} else {
					w.steer(f, 0, 0)
				}
			}
			f.tick(t)
		}
		for _, w := range f.watchers {
			if _, ended := w.s.Ended(); !ended {
				f.inSight(t, w, true)
			}
		}
	})
}

// haunted is a crowd in which player 1 is seen by nobody else.
type haunted struct{ sighted }

func (h *haunted) See(p game.Player, v *game.Viewer) {
	h.sighted.See(p, v)
	if p != 1 {
		v.Hide(&h.Pawns, 1)
	}
}

// TestHiddenLeavesNoTrace plays two matches that differ in what player 1, who is
// hidden, does: all others are sent the same bytes.
func TestHiddenLeavesNoTrace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var options []game.Option
		if rapid.Bool().Draw(t, "budget") {
			options = append(options, game.Budget(rapid.IntRange(64, 200).Draw(t, "bytes")))
		}
		reach := rapid.Int32Range(0, 3000).Draw(t, "reach")
		fresh := func() game.Game { return &haunted{sighted{crowd{Side: 3000, Reach: reach}}} }
		a, b := newMeadowOf(t, fresh, options...), newMeadowOf(t, fresh, options...)
		for p := range state.Player(rapid.IntRange(2, 12).Draw(t, "players")) {
			a.join(t, p+1)
			b.join(t, p+1)
		}
		b.now = a.now
		a.join(t, 0)
		b.join(t, 0)
		for range rapid.IntRange(1, 40).Draw(t, "ticks") {
			for i, w := range a.watchers {
				x, y := int64(rapid.IntRange(-1, 1).Draw(t, "x")), int64(rapid.IntRange(-1, 1).Draw(t, "y"))
				if w.me == 0 || x*y == 1 {
					continue // says nothing
				}
				w.steer(a, x, y)
				if w.me == 1 {
					x, y = -x, 1-y*y
				}
				b.watchers[i].steer(b, x, y)
			}
			for _, f := range []*meadow{a, b} {
				f.now = f.now.Add(50 * time.Millisecond)
				f.group.Read(f.runner)
				f.runner.Step()
				f.group.Send(f.runner, f.now)
			}
			for i, w := range a.watchers {
				if sent, same := w.conn.frames, b.watchers[i].conn.frames; w.me != 1 && !reflect.DeepEqual(sent, same) {
					t.Fatalf("tick %d: player %d was sent %x, and %x", a.runner.Tick(), w.me, sent, same)
				}
				w.read(t, a.schema)
				b.watchers[i].read(t, b.schema)
			}
		}
	})
}

// TestManyAllocateNothing: steps, sights, bodies and budgets of a crowd cost no
// garbage in the steady state.
func TestManyAllocateNothing(t *testing.T) {
	for _, test := range []struct {
		name    string
		reach   int32
		options []game.Option
	}{
		{"all", 0, nil},
		{"sight", 30000, nil},
		{"sight and budget", 30000, []game.Option{game.Budget(120)}},
	} {
		s := newStage(t, 20, 60, 100000, test.reach, test.options...)
		step := func() {
			s.say()
			s.tick()
		}
		ticks := 2000 // sizes differ from tick to tick: until all have been as large as they get
		if racing {
			ticks = 50
		}
		for range ticks {
			step()
		}
		if n := testing.AllocsPerRun(200, step); n > 0 && !racing {
			t.Errorf("%s: %v allocations a tick", test.name, n)
		}
	}
}
