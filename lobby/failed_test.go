package lobby_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// A game that fails as somebody comes leaves no one hanging who comes at the same moment:
// their sessions are told that the lobby is closed.
func TestGameThatFailsAtTheDoor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{Game: "picky"})
		bob := w.join("bob", ann.lobby, lobby.RolePlayer)
		ann.sayAndSettle(wire.AppendStart(nil))
		ann.sleep(4 * time.Second)
		ann.wantPhase("running")
		var coming []func() *session.Session
		for _, name := range []string{"ghost", "cat", "dan"} {
			j, err := w.Join(t.Context(), who(name), ann.lobby, lobby.RolePlayer)
			if err != nil {
				t.Fatal(err)
			}
			a, err := w.Claim(t.Context(), session.Claim{Credential: j.Pass})
			if err != nil {
				t.Fatal(err)
			}
			coming = append(coming, func() *session.Session {
				s := session.New(&conn{}, a.Identity(), a.Schema(), nil, time.Now())
				a.Attach(s)
				return s
			})
		}
		bob.command(doStall)
		ann.sleep(100 * time.Millisecond) // its Loop is at it, and takes in nothing
		all := []*session.Session{ann.s, bob.s}
		for _, attach := range coming {
			all = append(all, attach())
		}
		ann.sleep(time.Second)
		for _, s := range all {
			if why, over := s.Ended(); !over || why != session.Closed {
				t.Errorf("%s is told %v (%t)", s.Identity().Name, why, over)
			}
		}
	})
}
