package lobby_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// inMatch is a running match of two.
func inMatch(t *testing.T) (w *world, ann, bob *client) {
	w = open(t)
	ann = w.create("ann", lobby.CreateOptions{})
	bob = w.join("bob", ann.lobby, lobby.RolePlayer)
	ann.sayAndSettle(wire.AppendStart(nil))
	for range 80 {
		ann.sleep(50 * time.Millisecond)
		bob.settle()
	}
	return w, ann, bob
}

// where is where the client sees a player's runner.
func (c *client) where(p state.Player) int64 {
	rows := c.mirror.Table("runners")
	index, _, _ := rows.Field("x")
	for pos := range rows.Len() {
		if rows.Owner(pos) == p {
			return rows.Int(pos, index)
		}
	}
	return -1
}

// Who has no connection, or none that anything comes over, does not go on
// walking; others do.
func TestControlsAreLetGoOffline(t *testing.T) {
	for name, leave := range map[string]func(*client){
		"dropped": func(c *client) { c.s.Close(session.Lost) },
		"silent":  func(*client) {},
	} {
		synctest.Test(t, func(t *testing.T) {
			w, ann, bob := inMatch(t)
			defer w.stop()
			me := bob.welcome.Player
			bob.walk(1)
			ann.walk(1)
			ann.sleep(200 * time.Millisecond)
			if ann.where(me) < 3 {
				t.Fatalf("%s: bob has walked to %d", name, ann.where(me))
			}
			leave(bob)
			ann.sleep(1400 * time.Millisecond)
			stopped, other := ann.where(me), ann.x()
			ann.sleep(5 * time.Second)
			if ann.where(me) != stopped {
				t.Errorf("%s: bob walked on from %d to %d", name, stopped, ann.where(me))
			}
			if ann.x() != other+100 {
				t.Errorf("%s: ann, who acks, walked from %d to %d", name, other, ann.x())
			}
			if name == "silent" {
				return
			}
			back, err := w.resume(bob)
			if err != nil {
				t.Fatal(err)
			}
			back.walk(-1)
			back.sleep(time.Second)
			if back.x() >= stopped {
				t.Errorf("back, and still at %d", back.x())
			}
		})
	}
}

// A command's number counts for as long as the seat, over matches too.
func TestCommandOfTheMatchBeforeIsNotApplied(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, ann, bob := inMatch(t)
		defer w.stop()
		n := ann.command(doShout)
		ann.command(doEnd)
		ann.sleep(20 * time.Second)
		ann.wantPhase("waiting")
		ann.sayAndSettle(wire.AppendStart(nil))
		ann.sleep(4 * time.Second)
		ann.wantPhase("running")
		bob.settle()
		ann.got, bob.got = nil, nil
		ann.commands = 0
		ann.command(doShout) // sent again, after a welcome that told of no done
		ann.sleep(time.Second)
		bob.settle()
		if m, ok := ann.last(wire.TypeDone); !ok || m.Done.N != n {
			t.Errorf("done %v, %+v", ok, m.Done)
		}
		if _, ok := bob.last(wire.TypeEvent); ok {
			t.Error("it was applied in the next match")
		}

		// Who lost count is told where to go on.
		ann.s.Close(session.Lost)
		back := w.join("ann", ann.lobby, lobby.RolePlayer)
		if m, ok := back.last(wire.TypeDone); !ok || m.Done.N != 2 {
			t.Errorf("a client that begins anew is told %v, %+v", ok, m.Done)
		}
	})
}
