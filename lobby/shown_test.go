package lobby_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/session"
)

// Passes and resume tokens may be shown with the lobby's code instead of its id, as
// people write codes. With that of any other lobby they are refused as with one that
// is nobody's, and stay unspent.
func TestShownWithACode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		made, err := w.Create(t.Context(), who("ann"), lobby.CreateOptions{Game: "tag", Private: true})
		if err != nil {
			t.Fatal(err)
		}
		own, other := made.Lobby.Code, w.create("bob", lobby.CreateOptions{Private: true}).code(w)
		for _, wrong := range []string{other, "00000000", "no lobby", other + other} {
			if _, err := w.Claim(t.Context(), session.Claim{Credential: made.Pass, Lobby: wrong}); status(err) != http.StatusUnauthorized {
				t.Errorf("a pass with %q: %v", wrong, err)
			}
		}
		ann, err := w.dial(session.Claim{Credential: made.Pass, Lobby: strings.ToLower(own[:4] + "-" + own[4:])})
		if err != nil {
			t.Fatal(err)
		}
		ann.settle()
		for _, wrong := range []string{other, "00000000"} {
			_, err := w.Claim(t.Context(), session.Claim{Credential: ann.welcome.Resume, Lobby: wrong, Resuming: true})
			if status(err) != http.StatusUnauthorized {
				t.Errorf("a resume token with %q: %v", wrong, err)
			}
		}
		back, err := w.dial(session.Claim{Credential: ann.welcome.Resume, Lobby: own, Resuming: true})
		if err != nil {
			t.Fatal(err)
		}
		if back.settle(); back.welcome.Player != ann.welcome.Player {
			t.Errorf("ann was player %d and is %d", ann.welcome.Player, back.welcome.Player)
		}
	})
}

// So they may on any instance: it leads on by the id where it knows the lobby, and
// leaves the code to its home where it does not.
func TestShownWithACodeElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at, _, _ := town(t, map[string]string{"a": "https://a.example.com"}, "a", "b")
		a, b := at["a"], at["b"]
		ann := a.create("ann", lobby.CreateOptions{Private: true, Region: "r-a"})
		own := ann.code(a)
		moved := func(code string) string {
			t.Helper()
			_, err := b.Claim(t.Context(), session.Claim{Credential: ann.welcome.Resume, Lobby: code, Resuming: true})
			r := new(session.Refusal)
			if !errors.As(err, &r) || r.Reason != session.Moved {
				t.Fatalf("b says %v", err)
			}
			return strings.TrimPrefix(r.URL, "wss://a.example.com/v1/ws?lobby=")
		}
		if got := moved(own); got != own { // b has not heard of it yet
			t.Errorf("ann is sent on with %q, not %q", got, own)
		}
		ann.sleep(2 * beat)
		if got := moved(own); got != ann.lobby {
			t.Errorf("ann is sent on with %q, not %q", got, ann.lobby)
		}
		_, err := b.Claim(t.Context(), session.Claim{Credential: ann.welcome.Resume, Lobby: "00000000", Resuming: true})
		if status(err) != http.StatusUnauthorized {
			t.Errorf("with another code: %v", err)
		}
		if _, err := a.dial(session.Claim{Credential: ann.welcome.Resume, Lobby: own, Resuming: true}); err != nil {
			t.Errorf("at home: %v", err)
		}
		synctest.Wait()
	})
}

// code is that of the client's lobby.
func (c *client) code(w *world) string {
	c.t.Helper()
	info, err := w.Get(c.t.Context(), who(c.name), c.lobby)
	if err != nil {
		c.t.Fatal(err)
	}
	return info.Code
}
