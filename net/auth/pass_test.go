package auth_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/net/auth"
)

func TestPass(t *testing.T) {
	a, clock := newAuth(t, nil)
	until := start.Add(time.Hour)
	token, ends, err := a.IssuePass(auth.Pass{Player: "ann", Name: "Ann", Lobby: "L1", Home: "h", Boot: "b", Role: 1, Load: true, Until: until})
	if err != nil || !ends.Equal(start.Add(30*time.Second)) {
		t.Fatalf("ends %v, %v", ends, err)
	}
	p, err := a.VerifyPass(token)
	if err != nil || p.Player != "ann" || p.Name != "Ann" || p.Lobby != "L1" || p.Home != "h" || p.Boot != "b" || p.Role != 1 || !p.Load || !p.Until.Equal(until) || p.ID == "" {
		t.Fatalf("%+v, %v", p, err)
	}
	wants(t, a.SpendPass(p), nil)
	wants(t, a.SpendPass(p), auth.ErrSpent)
	// Spent as long as it is valid, at the edges too.
	for clock.now = start; ; clock.now = clock.now.Add(time.Second) {
		if _, err := a.VerifyPass(token); err != nil {
			wants(t, err, auth.ErrExpired)
			break
		}
		wants(t, a.SpendPass(p), auth.ErrSpent)
	}
	if d := clock.now.Sub(start); d != 35*time.Second {
		t.Errorf("valid for %v", d)
	}
}

func TestPassSpentConcurrently(t *testing.T) {
	a, _ := newAuth(t, nil)
	token, _, err := a.IssuePass(auth.Pass{Player: "ann", Lobby: "L1", Home: "h", Boot: "b"})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var spent atomic.Int32
	for range 32 {
		wg.Go(func() {
			p, err := a.VerifyPass(token)
			if err == nil && a.SpendPass(p) == nil {
				spent.Add(1)
			}
		})
	}
	if wg.Wait(); spent.Load() != 1 {
		t.Fatalf("spent %d times", spent.Load())
	}
}

// The memory of spent passes is bounded and forgets.
func TestSpentIsBounded(t *testing.T) {
	a, clock := newAuth(t, func(c *auth.Config) { c.MaxSpent = 2 })
	spend := func() error {
		token, _, err := a.IssuePass(auth.Pass{Player: "ann", Lobby: "L1", Home: "h", Boot: "b"})
		if err != nil {
			t.Fatal(err)
		}
		p, err := a.VerifyPass(token)
		if err != nil {
			t.Fatal(err)
		}
		return a.SpendPass(p)
	}
	wants(t, spend(), nil)
	wants(t, spend(), nil)
	wants(t, spend(), auth.ErrFull)
	clock.now = clock.now.Add(time.Minute)
	wants(t, spend(), nil)
}

func TestIncompletePass(t *testing.T) {
	a, _ := newAuth(t, nil)
	token, _, err := a.IssuePass(auth.Pass{Player: "ann", Lobby: "L1"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.VerifyPass(token)
	wants(t, err, auth.ErrIncomplete)
}

func TestResume(t *testing.T) {
	a, clock := newAuth(t, nil)
	in := auth.Resume{Player: "ann", Name: "Ann", Lobby: "L1", Home: "h", Boot: "b", Seat: "3", Serial: 7, Role: 0, Until: start.Add(time.Hour)}
	token, err := a.IssueResume(in)
	if err != nil {
		t.Fatal(err)
	}
	out, err := a.VerifyResume(token)
	if err != nil || !out.Until.Equal(in.Until) {
		t.Fatalf("%+v, %v", out, err)
	}
	if out.Until = in.Until; out != in {
		t.Errorf("%+v, want %+v", out, in)
	}
	// The signed-in time may have been renewed: the lobby knows.
	clock.now = start.Add(time.Hour + 6*time.Second)
	_, err = a.VerifyResume(token)
	wants(t, err, nil)
	_, err = a.IssueResume(in)
	wants(t, err, auth.ErrExpired)
	clock.now = start.Add(12*time.Hour + 6*time.Second)
	_, err = a.VerifyResume(token)
	wants(t, err, auth.ErrExpired)
}
