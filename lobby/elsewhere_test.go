package lobby_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/auth"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// Who shows a token with a private lobby's code at the wrong instance is sent on
// with what opens it at home.
func TestMovedByCode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at, _, _ := town(t, map[string]string{"a": "https://a.example.com"}, "a", "b")
		a, b := at["a"], at["b"]
		ann := a.create("ann", lobby.CreateOptions{Private: true, Region: "r-a"})
		ann.sleep(2 * beat)
		made, err := a.Get(t.Context(), who("ann"), ann.lobby)
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct{ name, shows, leadsTo string }{
			{"bob", made.Code, made.Code}, // he has no seat: the code is his way in
			{"ann", ann.lobby, ann.lobby},
		} {
			token, _, err := b.keys.Issue(auth.Identity{ID: "id-" + test.name, Name: test.name}, time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			_, err = b.Claim(t.Context(), session.Claim{Credential: token, Lobby: test.shows})
			if got, want := url(err), "wss://a.example.com/v1/ws?lobby="+test.leadsTo; got != want {
				t.Errorf("%s is sent to %q (%v), want %q", test.name, got, err, want)
				continue
			}
			c, err := a.dial(session.Claim{Credential: token, Lobby: test.leadsTo})
			if err != nil || c.lobby != ann.lobby {
				t.Errorf("there %s gets %v", test.name, err)
			}
		}
	})
}

// Whom the host removes by the seat reads on nowhere, and is let in nowhere: not
// where the lobby's chat was heard already, nor where it begins to be.
func TestRemovedIsOutElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := pair(t)
		ann := a.create("ann", lobby.CreateOptions{})
		bob := a.join("bob", ann.lobby, lobby.RolePlayer)
		ann.sleep(2 * beat)
		away := b.join("bob", ann.lobby, lobby.RoleChat)
		cat := b.join("cat", ann.lobby, lobby.RoleChat)
		ann.sayAndSettle(wire.AppendKick(nil, wire.Kick{Player: bob.welcome.Player}))
		ann.sleep(beat)
		for _, c := range []*client{bob, away} {
			c.settle()
			c.wantClosed(session.Kicked)
		}
		again := b.join("bob", ann.lobby, lobby.RoleChat)
		again.wantClosed(session.Kicked)
		ann.sleep(61 * time.Second)
		again = b.join("bob", ann.lobby, lobby.RoleChat)
		bob = a.join("bob", ann.lobby, lobby.RolePlayer)
		ann.manage(wire.ActBan, bob.welcome.Player, 0)
		ann.sleep(beat)
		again.settle()
		again.wantClosed(session.Kicked)
		if _, over := cat.s.Ended(); over {
			t.Error("somebody else was removed")
		}
		cat.sayAndSettle(wire.AppendLeave(nil))
		ann.sleep(lobby.Defaults().EmptyAfter + 2*time.Second) // b forgets the lobby
		again = b.join("bob", ann.lobby, lobby.RoleChat)
		again.sleep(time.Second)
		again.wantClosed(session.Kicked)
	})
}

// Where a lobby's home can be asked, it says at once who is not let in to talk.
func TestHomeSaysWhoTalks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at, wires, _ := town(t, map[string]string{"a": "https://a.example.com", "b": "https://b.example.com"}, "a", "b")
		a, b := at["a"], at["b"]
		ann := a.create("ann", lobby.CreateOptions{Region: "r-a"})
		bob := a.join("bob", ann.lobby, lobby.RolePlayer)
		ann.manage(wire.ActBan, bob.welcome.Player, 0)
		ann.sleep(2 * beat)
		_, err := b.Join(t.Context(), who("bob"), ann.lobby, lobby.RoleChat)
		refused(t, "who was banned", err, lobby.CodeKicked)
		for _, cut := range []bool{false, true} {
			wires.sever("a", cut)
			j, err := b.Join(t.Context(), who("cat"), ann.lobby, lobby.RoleChat)
			if err != nil || j.URL != "wss://b.example.com/v1/ws?lobby="+ann.lobby {
				t.Errorf("somebody else, the home cut off is %t: %q, %v", cut, j.URL, err)
			}
		}
	})
}

// A question that came to nothing, for what is no fault of the instance that was
// asked, does not keep others from it.
func TestNotHushedForNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at, wires, _ := town(t, nil, "a", "b")
		ann := at["a"].create("ann", lobby.CreateOptions{Region: "r-a"})
		ann.sleep(2 * beat)
		wires.sever("a", true)
		wires.busy = true
		for range 3 {
			_, err := at["b"].Join(t.Context(), who("bob"), ann.lobby, lobby.RolePlayer)
			refused(t, "while it takes no questions", err, lobby.CodeUnavailable)
		}
		if wires.cuts != 3 {
			t.Errorf("of three questions it was asked %d", wires.cuts)
		}
		wires.sever("a", false)
		if _, err := at["b"].Join(t.Context(), who("bob"), ann.lobby, lobby.RolePlayer); err != nil {
			t.Errorf("and then: %v", err)
		}
	})
}
