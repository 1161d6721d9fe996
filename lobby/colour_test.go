package lobby_test

import (
	"testing"
	"testing/synctest"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

func (c *client) colour(p state.Player) uint8 {
	c.settle()
	m, _ := c.member(p)
	return m.Colour
}

func TestColours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{})
		red := who("bob")
		red.Colour = 2
		bob := w.enter(w.Join(t.Context(), red, ann.lobby, lobby.RolePlayer))
		cat := w.join("cat", ann.lobby, lobby.RoleSpectator)
		if got := []uint8{ann.colour(1), ann.colour(2), ann.colour(3)}; got[0] != 1 || got[1] != 2 || got[2] != 3 {
			t.Fatalf("colours %v: the choice counts, and others get one that nobody has", got)
		}
		bob.manage(wire.ActColour, bob.welcome.Player, wire.Colours)
		if got := cat.colour(2); got != wire.Colours {
			t.Errorf("bob chose %d, others see %d", wire.Colours, got)
		}
		bob.manage(wire.ActColour, 0, 1) // two may have the same
		if got := cat.colour(2); got != 1 {
			t.Errorf("bob has %d", got)
		}
		bob.manage(wire.ActColour, 0, 0)
		if got := cat.colour(2); got != 2 {
			t.Errorf("bob gets %d, where 1 and 3 are taken", got)
		}
		bob.manage(wire.ActColour, 0, wire.Colours+1)
		bob.wantError(lobby.CodeInvalid)
		ann.manage(wire.ActColour, bob.welcome.Player, 5) // not even the host
		ann.wantError(lobby.CodeInvalid)
		cat.manage(wire.ActColour, cat.welcome.Player, 9)
		if got := ann.colour(3); got != 9 {
			t.Errorf("a spectator chose 9 and has %d", got)
		}
	})
}

// The colour is the seat's: who comes back has it still.
func TestColourSurvivesResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{})
		bob := w.join("bob", ann.lobby, lobby.RolePlayer)
		bob.manage(wire.ActColour, 0, 11)
		bob.s.Close(session.Lost)
		back, err := w.resume(bob)
		if err != nil {
			t.Fatal(err)
		}
		ann.settle()
		if m, _ := ann.member(back.welcome.Player); m.Colour != 11 || m.Flags&wire.MemberConnected == 0 {
			t.Errorf("bob came back as %+v", m)
		}
	})
}
