package lobby_test

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/feed"
	"github.com/sandlot-server/sandlot/net/wire"
)

// Who only talks on another instance knows the lobby and its members as who only talks
// at its home does, whenever either came. As long as nobody watches elsewhere no
// states are published for that, and as soon as somebody does they are.
func TestTalkersElsewhereKnowTheMembers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var frames, states atomic.Int32
		a, b := pair(t, &severed{tap: func(channel string, payload []byte) {
			if strings.HasSuffix(channel, ":feed") {
				if f, err := feed.Decode(payload); err == nil && f.State != nil {
					states.Add(1)
				}
				frames.Add(1)
			}
		}})
		ann := a.create("ann", lobby.CreateOptions{})
		ann.sleep(3 * time.Second) // b knows of it
		near, eve := a.join("near", ann.lobby, lobby.RoleChat), b.join("eve", ann.lobby, lobby.RoleChat)
		all := []*client{ann, near, eve}
		agree := func(when string) {
			t.Helper()
			pass(time.Second, all...)
			if got, want := eve.members(), near.members(); !slices.Equal(got, want) || len(got) == 0 {
				t.Errorf("%s eve knows %q, and at its home one knows %q", when, got, want)
			}
			if eve.phase() != near.phase() {
				t.Errorf("%s eve sees the phase %s, and at its home one sees %s", when, eve.phase(), near.phase())
			}
		}
		agree("at first")
		bob := a.join("bob", ann.lobby, lobby.RolePlayer)
		all = append(all, bob)
		agree("when bob has come")
		bob.sayAndSettle(wire.AppendReady(nil, wire.Ready{Ready: true}))
		agree("when he is ready")
		ann.sayAndSettle(wire.AppendStart(nil))
		pass(lobby.Defaults().Countdown, all...)
		agree("in the match")
		idle := frames.Load()
		pass(4*time.Second, all...)
		if n := frames.Load() - idle; n > 25 { // an answer each beat of 200 ms
			t.Errorf("while nothing happens to the members, %d frames are published in 4 s", n)
		}
		if n := states.Load(); n != 0 {
			t.Errorf("nobody watches, and %d states are published", n)
		}
		fay := b.join("fay", ann.lobby, lobby.RoleChat)
		all = append(all, fay)
		agree("when fay has come")
		if !slices.Equal(fay.members(), near.members()) {
			t.Errorf("fay knows %q", fay.members())
		}
		for range 2 { // comes, leaves, comes again
			cat := b.join("cat", ann.lobby, lobby.RoleSpectator)
			pass(time.Second, append(all, cat)...)
			if cat.tick+2 < ann.tick || !same(cat.rows(), ann.rows()) {
				t.Errorf("cat sees %v of tick %d, and ann %v of %d", cat.rows(), cat.tick, ann.rows(), ann.tick)
			}
			cat.sayAndSettle(wire.AppendLeave(nil))
			pass(5*time.Second, all...)
			before := states.Load()
			pass(4*time.Second, all...)
			if n := states.Load() - before; n != 0 {
				t.Errorf("cat has left, and %d states are published", n)
			}
		}
		if _, seen := eve.last(wire.TypeMatch); seen || eve.tick != 0 {
			t.Errorf("eve is told of the match itself")
		}
		bob.sayAndSettle(wire.AppendLeave(nil))
		all = []*client{ann, near, eve, fay}
		agree("when bob has left")
		ann.command(doEnd)
		agree("in the results")
		if _, told := eve.last(wire.TypeResult); !told {
			t.Error("eve is not told the result")
		}
	})
}

// With a delay they learn of a match no sooner than who watches.
func TestTalkersElsewhereAreToldAsLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := pair(t)
		ann := a.create("ann", lobby.CreateOptions{Delay: 4 * time.Second})
		bob := a.join("bob", ann.lobby, lobby.RolePlayer)
		ann.sleep(3 * time.Second)
		eve := b.join("eve", ann.lobby, lobby.RoleChat)
		ann.sayAndSettle(wire.AppendStart(nil))
		pass(lobby.Defaults().Countdown+5*time.Second, ann, bob, eve)
		eve.wantPhase("running")
		before := eve.members()
		ann.command(doEnd)
		bob.sayAndSettle(wire.AppendLeave(nil))
		pass(3*time.Second, ann, eve)
		ann.wantPhase("results")
		eve.wantPhase("running")
		if _, told := eve.last(wire.TypeResult); told || !slices.Equal(eve.members(), before) {
			t.Errorf("eve knows %q and the result (%t) too soon; they were %q", eve.members(), told, before)
		}
		pass(1500*time.Millisecond, ann, eve)
		eve.wantPhase("results")
		if _, told := eve.last(wire.TypeResult); !told || strings.Contains(strings.Join(eve.members(), " "), "bob") {
			t.Errorf("then eve knows %q, and the result: %t", eve.members(), told)
		}
	})
}
