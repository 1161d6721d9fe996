package lobby_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/auth"
	"github.com/sandlot-server/sandlot/net/session"
)

// Who shows a token with a private lobby's code at the wrong instance is sent on
// with what opens it at home.
func TestMovedByCode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at, _, _, stop := town(t, map[string]string{"a": "https://a.example.com"}, "a", "b")
		defer stop()
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
