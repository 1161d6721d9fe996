package lobby_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// playing starts a match for one person and waits until it runs.
func (w *world) playing(name string) *client {
	c := w.enter(w.QuickPlay(w.t.Context(), who(name), lobby.QuickPlayOptions{Game: "tag"}))
	c.sleep(2 * time.Second)
	c.wantPhase("running")
	return c
}

func TestTicksKeepTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.playing("ann")
		before := ann.tick
		ann.sleep(time.Minute)
		if n := ann.tick - before; n != 20*60 {
			t.Errorf("%d ticks in a minute at 20 Hz", n)
		}
		w.count.add(func() {
			for _, late := range w.count.late {
				if late != 0 {
					t.Fatalf("a tick was %v late, though nothing took any time", late)
				}
			}
		})
	})
}

// Two lobbies made at the same time do not tick at the same time.
func TestLobbiesAreStaggered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		var due [2]time.Duration
		for i := range due {
			c := w.create([]string{"ann", "bob"}[i], lobby.CreateOptions{Bots: true})
			c.sayAndSettle(wire.AppendStart(nil))
			<-time.After(2*time.Second - lobby.Defaults().CountdownAlone)
			for c.settle(); c.tick == 0; c.settle() {
				<-time.After(100 * time.Microsecond)
			}
			for was := c.tick; c.tick == was; c.settle() {
				<-time.After(100 * time.Microsecond)
			}
			due[i] = time.Duration(time.Now().UnixNano()) % (50 * time.Millisecond)
			c.sayAndSettle(wire.AppendLeave(nil))
		}
		if apart := (due[0] - due[1]).Abs(); apart < 5*time.Millisecond || apart > 45*time.Millisecond {
			t.Errorf("they tick %v apart of 50 ms", apart)
		}
	})
}

// A step that takes ten periods costs game time, which everyone is told.
func TestSlipIsCountedAndTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.playing("ann")
		ann.command(doStall)
		before := ann.tick
		ann.sleep(2 * time.Second)
		m, ok := ann.last(wire.TypeSlip)
		if !ok || m.Slip.Ticks < 5 || m.Slip.Ticks > 7 {
			t.Fatalf("told of %d slipped ticks (%v)", m.Slip.Ticks, ok)
		}
		w.count.add(func() {
			if w.count.slipped != int(m.Slip.Ticks) {
				t.Errorf("%d counted, %d told", w.count.slipped, m.Slip.Ticks)
			}
		})
		if n := ann.tick - before; n+m.Slip.Ticks < 39 || n+m.Slip.Ticks > 41 {
			t.Errorf("%d ticks and %d slipped in 2 s at 20 Hz", n, m.Slip.Ticks)
		}
		if m, ok := ann.last(wire.TypeDone); !ok || m.Done.N != 1 {
			t.Error("the command was not said to be done")
		}
	})
}

// A game that panics ends its own lobby and no other.
func TestPanicEndsOneLobby(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.playing("ann")
		bob := w.create("bob", lobby.CreateOptions{Bots: true})
		bob.sayAndSettle(wire.AppendStart(nil))
		bob.sleep(2 * time.Second)
		ann.command(doPanic)
		ann.sleep(200 * time.Millisecond)
		ann.wantClosed(session.Closed)
		ann.wantError("game_failed")
		bob.settle()
		before := bob.tick
		bob.sleep(time.Second)
		if bob.tick-before != 20 {
			t.Errorf("the other lobby made %d ticks in a second", bob.tick-before)
		}
		if _, err := w.resume(ann); code(err) != lobby.CodeMatchLost {
			t.Errorf("coming back to a lobby that failed: %v", err)
		}
		w.count.add(func() {
			if w.count.panics != 1 {
				t.Errorf("%d panics are counted", w.count.panics)
			}
		})
	})
}

// A number that was done is not done again.
func TestCommandsAreDoneOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.playing("ann")
		ann.command(doShout)
		ann.commands = 0
		ann.command(doShout) // the same number, as after a reconnect
		ann.sleep(200 * time.Millisecond)
		events, dones := 0, 0
		for _, m := range ann.got {
			switch m.Type {
			case wire.TypeEvent:
				events++
			case wire.TypeDone:
				dones++
			}
		}
		if events != 1 || dones != 2 {
			t.Errorf("%d events and %d dones", events, dones)
		}
	})
}

// A quick match begins again by itself.
func TestInstantLobbiesGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.playing("ann")
		ann.command(doEnd)
		ann.sleep(time.Second)
		ann.wantPhase("results")
		ann.sleep(lobby.Defaults().Results + lobby.Defaults().CountdownAlone)
		ann.wantPhase("running")
		if m, _ := ann.last(wire.TypeMatch); m.Match.Number != 2 {
			t.Errorf("match %d", m.Match.Number)
		}
		ann.sleep(time.Second)
		if ann.tick == 0 || ann.tick > 40 {
			t.Errorf("the second match is at tick %d", ann.tick)
		}
	})
}
