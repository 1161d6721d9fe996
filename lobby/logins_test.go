package lobby_test

import (
	"testing"
	"testing/synctest"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/session"
)

// A player who comes again by another instance is there once: the newest session
// stays, whichever instance has it, and one that only talks counts for itself.
func TestNewestSessionWins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at, _, _ := town(t, nil, "a", "b", "c")
		a, b, c := at["a"], at["b"], at["c"]
		ann := a.create("ann", lobby.CreateOptions{Region: "r-a"})
		ann.sleep(2 * beat)
		first := b.join("bob", ann.lobby, lobby.RoleChat)
		second := c.join("bob", ann.lobby, lobby.RoleChat)
		ann.sleep(2 * beat)
		first.settle()
		first.wantClosed(session.Replaced)
		third := b.join("bob", ann.lobby, lobby.RoleChat)
		fourth := b.join("bob", ann.lobby, lobby.RoleChat)
		ann.sleep(2 * beat)
		second.settle()
		second.wantClosed(session.Replaced)
		third.settle()
		third.wantClosed(session.Replaced)
		home := a.join("bob", ann.lobby, lobby.RoleChat)
		seat := a.enter(c.Join(t.Context(), who("bob"), ann.lobby, lobby.RolePlayer)) // asked at c, which asks a
		ann.sleep(2 * beat)
		fourth.settle()
		fourth.wantClosed(session.Replaced)
		for _, s := range []*client{home, seat, ann} {
			if _, over := s.s.Ended(); over {
				t.Errorf("%s was closed", s.name)
			}
		}
		other := a.create("ann", lobby.CreateOptions{Region: "r-a"}) // another lobby is another matter
		ann.sleep(2 * beat)
		if _, over := ann.s.Ended(); over {
			t.Error("ann was closed in her first lobby")
		}
		other.settle()
	})
}
