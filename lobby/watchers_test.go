package lobby_test

import (
	"testing"
	"testing/synctest"

	"github.com/sandlot-server/sandlot/lobby"
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
