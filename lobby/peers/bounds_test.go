package peers_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/sandlot-server/sandlot/lobby"
)

// Only an instance that is away or ill is told of as such, for which it is not
// asked again for a while.
func TestWhoseFault(t *testing.T) {
	asked := 0
	one, two := instance(t, "two", "the secret", func(_ context.Context, what string, _ []byte) ([]byte, error) {
		switch asked++; what {
		case "long":
			return make([]byte, 1<<17), nil
		case "ill":
			return nil, errors.New("no error of package lobby")
		}
		return []byte("{}"), nil
	})
	stranger, _ := instance(t, "one", "another secret", nil)
	odd := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusConflict) }))
	defer odd.Close()
	at := func(address string) lobby.Instance { return lobby.Instance{Name: "two", Peer: address} }
	for _, test := range []struct {
		name     string
		ask      func() error
		its      bool // the fault of the one asked
		reaches  int  // questions
		contains string
	}{
		{"too long a question", func() error { _, err := one.Ask(t.Context(), two, "join", make([]byte, 64<<10+1)); return err }, false, 0, "65536"},
		{"too long an answer", func() error { _, err := one.Ask(t.Context(), two, "long", nil); return err }, false, 1, "65536"},
		{"another key", func() error { _, err := stranger.Ask(t.Context(), two, "join", nil); return err }, false, 0, "403"},
		{"no refusal", func() error { _, err := one.Ask(t.Context(), at(odd.URL), "join", nil); return err }, false, 0, "refusal"},
		{"a fault there", func() error { _, err := one.Ask(t.Context(), two, "ill", nil); return err }, true, 1, "500"},
		{"nobody there", func() error { _, err := one.Ask(t.Context(), at("http://127.0.0.1:1"), "join", nil); return err }, true, 0, ""},
	} {
		asked = 0
		err := test.ask()
		e := new(lobby.Error)
		if !errors.As(err, &e) || e.Code != lobby.CodeUnavailable || e.RetryAfter == 0 || !strings.Contains(err.Error(), test.contains) {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if its := !errors.Is(err, lobby.ErrUnasked); its != test.its || asked != test.reaches {
			t.Errorf("%s: its fault is %t, and %d questions reached it (%v)", test.name, its, asked, err)
		}
	}
}

// The members of a lobby of 1,000 fit into an answer, and its players, with the
// ratings that tokens may bring, into a question.
func TestManyPlayersFit(t *testing.T) {
	var info lobby.Info
	var o lobby.MatchOptions
	ratings := map[string]int{strings.Repeat("m", 1400): 1500}
	team := make([]lobby.Placed, 0, 1000)
	for i := range 1000 {
		name := strings.Repeat("ü", 24)
		info.Members = append(info.Members, lobby.MemberInfo{Player: uint16(60000 + i), Name: name, Team: 1, Colour: 16, Ready: true, Connected: true, Muted: true})
		team = append(team, lobby.Placed{Who: lobby.Who{ID: strings.Repeat("i", 64), Name: name, Ratings: ratings}, Points: 1500})
	}
	o.Teams = [][]lobby.Placed{team}
	answer, err := json.Marshal(info)
	if err != nil {
		t.Fatal(err)
	}
	question, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	one, two := instance(t, "two", "the secret", func(_ context.Context, _ string, got []byte) ([]byte, error) {
		if len(got) > 0 && !bytes.Equal(got, question) {
			t.Error("another question arrived")
		}
		return answer, nil
	})
	for what, question := range map[string][]byte{"get": nil, "open": question, "fill": question, "joinall": question} {
		if got, err := one.Ask(t.Context(), two, what, question); err != nil || !bytes.Equal(got, answer) {
			t.Errorf("%s: %d bytes, %v", what, len(got), err)
		}
	}
}

// An instance that does not answer takes no places from questions to others.
func TestAskedByTarget(t *testing.T) {
	const most = 256
	came, free := make(chan struct{}, 1), make(chan struct{})
	one, hangs := instance(t, "hangs", "the secret", func(context.Context, string, []byte) ([]byte, error) {
		came <- struct{}{}
		<-free
		return []byte("{}"), nil
	})
	_, well := instance(t, "well", "the secret", func(context.Context, string, []byte) ([]byte, error) { return []byte("{}"), nil })
	var asking sync.WaitGroup
	for range most {
		asking.Go(func() {
			if _, err := one.Ask(t.Context(), hangs, "join", nil); err != nil {
				t.Error(err)
				came <- struct{}{} // nobody waits for it
			}
		})
		<-came // one after another: dialling has its time
	}
	_, err := one.Ask(t.Context(), hangs, "join", nil)
	e := new(lobby.Error)
	if !errors.As(err, &e) || e.Code != lobby.CodeUnavailable || !errors.Is(err, lobby.ErrUnasked) {
		t.Errorf("one more: %v", err)
	}
	if _, err := one.Ask(t.Context(), well, "join", nil); err != nil {
		t.Errorf("another: %v", err)
	}
	close(free)
	asking.Wait()
	if _, err := one.Ask(t.Context(), hangs, "join", nil); err != nil {
		t.Errorf("when it answers again: %v", err)
	}
}
