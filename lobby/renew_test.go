package lobby_test

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/auth"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// A resume token that was given before the signed-in time was renewed brings its
// player back until the new end, and not beyond.
func TestResumeTokensFollowTheSignIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		sign := func(ttl time.Duration) string {
			token, _, err := w.keys.Issue(auth.Identity{ID: "id-ann", Name: "ann"}, ttl)
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
		bob := w.create("bob", lobby.CreateOptions{})
		ann, err := w.dial(session.Claim{Credential: sign(5 * time.Minute), Lobby: bob.lobby})
		if err != nil {
			t.Fatal(err)
		}
		ann.settle()
		ann.sleep(4 * time.Minute)
		ann.sayAndSettle(wire.AppendRenew(nil, wire.Renew{Token: sign(10 * time.Minute)}))
		ann.sayAndSettle(wire.AppendRenew(nil, wire.Renew{Token: sign(time.Minute)})) // shortens nothing
		ann.sleep(9 * time.Minute)
		ann.s.Close(session.Lost)
		back, err := w.resume(ann)
		if err != nil {
			t.Fatalf("after 13 minutes, signed in for 14: %v", err)
		}
		back.sayAndSettle(wire.AppendPing(nil, wire.Ping{ClientTime: 1}))
		if got := back.s.Identity().Expires; time.Until(got) > time.Minute || time.Until(got) <= 0 {
			t.Errorf("it now ends in %v", time.Until(got))
		}
		back.sleep(50 * time.Second)
		back.s.Close(session.Lost)
		back.sleep(20 * time.Second) // the seat is held, the signed-in time is over
		_, err = w.resume(back)
		var no *session.Refusal
		if !errors.As(err, &no) || no.Status != http.StatusUnauthorized || no.Code != auth.ErrExpired.Code {
			t.Errorf("after the end: %v", err)
		}
		if ann, err = w.dial(session.Claim{Credential: sign(time.Hour), Lobby: bob.lobby}); err != nil || ann.s.Identity().Player != 2 {
			t.Errorf("with a new token the seat is there: %v", err)
		}
	})
}
