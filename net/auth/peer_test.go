package auth_test

import (
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/net/auth"
)

// An instance's word is good once, at the instance and the run it is for, for 10 s,
// and is no token of a player's.
func TestPeer(t *testing.T) {
	a, clock := newAuth(t, nil)
	say := func() string {
		t.Helper()
		token, err := a.IssuePeer(auth.Peer{From: "one", To: "two", Boot: "b", Sum: "POST /x", Remote: "203.0.113.9:1"})
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	word := say()
	_, err := a.TakePeer(word, "three", "b")
	wants(t, err, auth.ErrWrongAudience)
	_, err = a.TakePeer(word, "two", "the next")
	wants(t, err, auth.ErrRestarted)
	p, err := a.TakePeer(word, "two", "b")
	if err != nil || p.From != "one" || p.Boot != "b" || p.Sum != "POST /x" || p.Remote != "203.0.113.9:1" {
		t.Fatalf("%+v, %v", p, err)
	}
	_, err = a.TakePeer(word, "two", "b")
	wants(t, err, auth.ErrSpent)
	_, err = a.Verify(word)
	wants(t, err, auth.ErrWrongAudience)
	pass, _, err := a.IssuePass(auth.Pass{Player: "ann", Lobby: "L1", Home: "two", Boot: "b"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.TakePeer(pass, "two", "b")
	wants(t, err, auth.ErrWrongAudience)
	nameless, err := a.IssuePeer(auth.Peer{From: "one", To: "two", Sum: "POST /x"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.TakePeer(nameless, "two", "b")
	wants(t, err, auth.ErrIncomplete)
	old := say()
	clock.now = clock.now.Add(16 * time.Second)
	_, err = a.TakePeer(old, "two", "b")
	wants(t, err, auth.ErrExpired)
}
