package auth_test

import (
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/net/auth"
)

// An instance's word is good once, at the instance it is for, for 10 s, and is no
// token of a player's.
func TestPeer(t *testing.T) {
	a, clock := newAuth(t, nil)
	say := func() string {
		t.Helper()
		token, err := a.IssuePeer(auth.Peer{From: "one", To: "two", Sum: "POST /x", Remote: "203.0.113.9:1"})
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	word := say()
	_, err := a.TakePeer(word, "three")
	wants(t, err, auth.ErrWrongAudience)
	p, err := a.TakePeer(word, "two")
	if err != nil || p.From != "one" || p.Sum != "POST /x" || p.Remote != "203.0.113.9:1" {
		t.Fatalf("%+v, %v", p, err)
	}
	_, err = a.TakePeer(word, "two")
	wants(t, err, auth.ErrSpent)
	_, err = a.Verify(word)
	wants(t, err, auth.ErrWrongAudience)
	pass, _, err := a.IssuePass(auth.Pass{Player: "ann", Lobby: "L1", Home: "two", Boot: "b"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.TakePeer(pass, "two")
	wants(t, err, auth.ErrWrongAudience)
	old := say()
	clock.now = clock.now.Add(16 * time.Second)
	_, err = a.TakePeer(old, "two")
	wants(t, err, auth.ErrExpired)
}
