package lobby_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/feed"
	"github.com/sandlot-server/sandlot/net/wire"
)

// An instance with spectators that dies is forgotten with its lease, also where others
// have some too: lists and answers count those that are left.
func TestSpectatorsOfADeadInstanceAreNotCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := memory(t)
		dead := &severed{Bus: m, Store: m}
		a, b, c := over(t, "a", m, m), over(t, "b", m, m), over(t, "c", dead, dead)
		ann, other := a.begin(lobby.CreateOptions{})
		pass(2*beat, ann, other)
		bob := b.join("bob", ann.lobby, lobby.RoleSpectator)
		pass(beat/2, ann, other, bob) // else both instances' words come at the same instants
		cat := c.join("cat", ann.lobby, lobby.RoleSpectator)
		want := func(when string, n int) {
			t.Helper()
			i, err := a.Get(t.Context(), who("ann"), ann.lobby)
			if err != nil || i.Spectators != n {
				t.Errorf("%s %d watch, want %d (%v)", when, i.Spectators, n, err)
			}
		}
		pass(beat, ann, other, bob, cat)
		want("at first", 2)
		dead.off.Store(true)
		pass(lease-2*beat, ann, other, bob)
		want("before its lease ends", 2)
		pass(4*beat, ann, other, bob)
		want("then", 1)
	})
}

// What was said as the last instance left is not told to the next one that comes, which
// learns how the lobby is by then.
func TestNothingOldIsToldToWhoComesLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var old atomic.Int32
		var late atomic.Bool
		tap := func(channel string, payload []byte) {
			if f, err := feed.Decode(payload); strings.HasSuffix(channel, ":feed") && err == nil && late.Load() {
				old.Add(int32(len(f.Messages)))
			}
		}
		a, b := pair(t, &severed{tap: tap})
		ann, bob := a.begin(lobby.CreateOptions{})
		eve := b.join("eve", ann.lobby, lobby.RoleChat)
		pass(time.Second, ann, bob, eve)
		ann.command(doStall)
		pass(100*time.Millisecond, ann, bob, eve) // its Loop takes in nothing for a while
		bob.say(wire.AppendLeave(nil))
		eve.sayAndSettle(wire.AppendLeave(nil))
		pass(2*time.Second, ann)
		late.Store(true)
		fay := b.join("fay", ann.lobby, lobby.RoleChat)
		pass(time.Second, ann, fay)
		if n := old.Load(); n > 0 || len(fay.members()) != 1 {
			t.Errorf("she is told %d old messages, and knows %q", n, fay.members())
		}
	})
}
