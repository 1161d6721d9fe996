package lobby_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// rows is what a client holds of the runners, "owner:x", in order.
func (c *client) rows() [][2]int64 {
	t := c.mirror.Table("runners")
	index, _, _ := t.Field("x")
	var all [][2]int64
	for pos := range t.Len() {
		all = append(all, [2]int64{int64(t.Owner(pos)), t.Int(pos, index)})
	}
	return all
}

func same(a, b [][2]int64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// begin has ann and bob in a running match at w, and names how long b needs to
// hear of it.
func (w *world) begin(o lobby.CreateOptions) (ann, bob *client) {
	w.t.Helper()
	ann = w.create("ann", o)
	bob = w.join("bob", ann.lobby, lobby.RolePlayer)
	ann.sayAndSettle(wire.AppendStart(nil))
	pass(lobby.Defaults().Countdown+time.Second, ann, bob)
	ann.wantPhase("running")
	return ann, bob
}

// pass lets time pass while all of them go on reading and acking.
func pass(d time.Duration, all ...*client) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		<-time.After(min(time.Until(end), 50*time.Millisecond))
		for range 2 {
			for _, c := range all {
				c.settle()
			}
		}
	}
}

// Somebody watches at b a match that runs at a: served where they are, from all
// that spectators see, with chat both ways, late and through the end.
func TestSpectateElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := pair(t)
		ann, bob := a.begin(lobby.CreateOptions{Title: "here"})
		j, err := b.Join(t.Context(), who("eve"), ann.lobby, lobby.RoleSpectator)
		if err != nil || j.URL != "ws://b.example.com:7777/v1/ws?lobby="+ann.lobby {
			t.Fatalf("watching at b answers %+v, %v", j, err)
		}
		eve := b.enter(j, err)
		if eve.welcome.Role != wire.RoleSpectator || eve.welcome.Player != 0 || eve.welcome.Resume != "" {
			t.Errorf("her welcome is %+v", eve.welcome)
		}
		pass(500*time.Millisecond, ann, bob, eve)
		eve.wantPhase("running")
		if got := strings.Join(eve.members(), " "); got != strings.Join(ann.members(), " ") || got == "" {
			t.Errorf("she knows %s, and ann %s", got, ann.members())
		}
		if m, ok := eve.last(wire.TypeMatch); !ok || m.Match.Number != 1 {
			t.Errorf("she was told of match %+v", m.Match)
		}
		for range 20 {
			ann.walk(1)
			bob.walk(-1)
			pass(50*time.Millisecond, ann, bob, eve)
		}
		ann.command(doShout)
		pass(200*time.Millisecond, ann, bob, eve)
		if !same(eve.rows(), ann.rows()) || len(eve.rows()) != 2 || eve.tick != ann.tick {
			t.Errorf("she sees %v of tick %d, and ann %v of %d", eve.rows(), eve.tick, ann.rows(), ann.tick)
		}
		if m, ok := eve.last(wire.TypeEvent); !ok || m.Event.Fields[0].Int != 1 {
			t.Error("she did not hear the shout")
		}
		// Another one comes later, and the count is told.
		fay := b.join("fay", ann.lobby, lobby.RoleSpectator)
		pass(2*time.Second, ann, bob, eve, fay)
		if !same(fay.rows(), ann.rows()) || fay.phase() != "running" {
			t.Errorf("who came later sees %v, and ann %v", fay.rows(), ann.rows())
		}
		if info, err := a.Get(t.Context(), who("ann"), ann.lobby); err != nil || info.Spectators != 2 {
			t.Errorf("%d spectators are told of, %v", info.Spectators, err)
		}
		eve.chat("hello from b")
		ann.chat("hello from a")
		pass(100*time.Millisecond, ann, bob, eve, fay)
		if got := strings.Join(fay.texts(), ", "); got != "eve: hello from b, ann: hello from a" {
			t.Errorf("she reads %s", got)
		}
		eve.sayAndSettle(wire.AppendReady(nil, wire.Ready{Ready: true}))
		eve.wantError(lobby.CodeNotMember)

		// The match ends, and another one begins.
		ann.command(doEnd)
		pass(time.Second, ann, bob, eve, fay)
		eve.wantPhase("results")
		if m, ok := eve.last(wire.TypeResult); !ok || len(m.Result.Places) != 2 {
			t.Errorf("the result is %+v", m.Result)
		}
		pass(lobby.Defaults().Results, ann, bob, eve, fay)
		ann.wantPhase("waiting")
		ann.sayAndSettle(wire.AppendStart(nil))
		pass(lobby.Defaults().Countdown+time.Second, ann, bob, eve, fay)
		if m, _ := eve.last(wire.TypeMatch); m.Match.Number != 2 || !same(eve.rows(), ann.rows()) || eve.tick != ann.tick {
			t.Errorf("of match %d she sees %v of %d, and ann %v of %d", m.Match.Number, eve.rows(), eve.tick, ann.rows(), ann.tick)
		}
		if err := b.Leave(t.Context(), who("eve"), ann.lobby); err != nil { // as if by HTTP
			t.Error(err)
		}
		eve.settle()
		eve.wantClosed(session.Bye)
		gus := b.join("gus", ann.lobby, lobby.RoleSpectator)
		gus.sayAndSettle(wire.AppendLeave(nil))
		gus.wantClosed(session.Bye)
		ann.sayAndSettle(wire.AppendLeave(nil))
		bob.sayAndSettle(wire.AppendLeave(nil))
		fay.sleep(lobby.Defaults().EmptyAfter + time.Second)
		fay.wantClosed(session.Closed)
	})
}

// The home dies without a word: its spectators are told within the lease.
func TestSpectatorsOfADeadHome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cut := &severed{}
		a, b := pair(t, cut)
		ann, _ := a.begin(lobby.CreateOptions{})
		eve := b.join("eve", ann.lobby, lobby.RoleSpectator)
		eve.sleep(3 * time.Second)
		if len(eve.rows()) != 2 {
			t.Fatalf("she sees %v", eve.rows())
		}
		cut.off.Store(true)
		eve.sleep(time.Second) // the lease of these tests
		eve.wantClosed(session.Closed)
		if m, ok := eve.last(wire.TypeError); !ok || m.Error.Code != lobby.CodeMatchLost {
			t.Errorf("she was told %+v", m.Error)
		}
	})
}

// Whom the host bans can watch nowhere.
func TestBannedSpectatorElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := pair(t)
		ann, bob := a.begin(lobby.CreateOptions{})
		eve := b.join("bob", ann.lobby, lobby.RoleSpectator) // bob watches himself
		eve.sleep(time.Second)
		if len(eve.rows()) != 2 {
			t.Fatalf("he sees %v", eve.rows())
		}
		ann.manage(wire.ActBan, bob.welcome.Player, 0)
		eve.sleep(3 * time.Second)
		eve.wantClosed(session.Kicked)
		again := b.join("bob", ann.lobby, lobby.RoleSpectator)
		again.sleep(3 * time.Second)
		again.wantClosed(session.Kicked)
	})
}

// A spectator elsewhere who cannot follow is skipped, and has the newest state,
// in one message, as soon as it can again. The others notice nothing.
func TestSlowSpectatorElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := pair(t)
		ann, bob := a.begin(lobby.CreateOptions{})
		eve := b.join("eve", ann.lobby, lobby.RoleSpectator)
		fay := b.join("fay", ann.lobby, lobby.RoleSpectator)
		pass(time.Second, ann, bob, eve, fay)
		seen := eve.tick
		for range 100 { // 5 s in which eve reads nothing
			ann.walk(1)
			pass(50*time.Millisecond, ann, bob, fay)
		}
		if fay.tick+1 < ann.tick || !same(fay.rows(), ann.rows()) {
			t.Errorf("the other one sees tick %d of %d", fay.tick, ann.tick)
		}
		waiting := eve.conn.take()
		if len(waiting) == 0 || len(waiting) > 25 { // the second at most that may be unacked
			t.Errorf("%d messages wait for her", len(waiting))
		}
		eve.conn.frames = waiting
		eve.settle()
		if len(eve.conn.take()) > 0 || eve.tick > seen+25 {
			t.Errorf("she has got as far as %d from %d, and more", eve.tick, seen)
		}
		pass(time.Second, ann, bob, eve, fay)
		if eve.tick+1 < ann.tick || !same(eve.rows(), ann.rows()) {
			t.Errorf("then she sees %v of tick %d, and ann %v of %d", eve.rows(), eve.tick, ann.rows(), ann.tick)
		}
	})
}
