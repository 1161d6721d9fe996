package peers_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/peers"
	"github.com/sandlot-server/sandlot/net/auth"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// answers is an instance that answers by hand.
type answers func(ctx context.Context, what string, question []byte) ([]byte, error)

func (a answers) Answer(ctx context.Context, what string, question []byte) ([]byte, error) {
	return a(ctx, what, question)
}

func keys(t *testing.T, secret string) *auth.Auth {
	t.Helper()
	a, err := auth.New(auth.Config{Keys: []auth.Key{{Secret: []byte(secret + " of these tests, long enough")}}})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// instance serves a.
func instance(t *testing.T, name, secret string, a answers) (*peers.Peers, lobby.Instance) {
	t.Helper()
	p := peers.New(peers.Config{Instance: name, Keys: keys(t, secret)})
	s := httptest.NewServer(p.Handler(a))
	t.Cleanup(func() { p.Close(); s.Close() })
	return p, lobby.Instance{Name: name, Peer: s.URL}
}

func codeOf(err error) (string, time.Duration) {
	e := new(lobby.Error)
	if errors.As(err, &e) {
		return e.Code, e.RetryAfter
	}
	return "", 0
}

// Questions and answers arrive as they are, refusals with their codes; what is not
// signed by the same key for that instance and question gets nothing.
func TestAsk(t *testing.T) {
	_, two := instance(t, "two", "the secret", func(_ context.Context, what string, question []byte) ([]byte, error) {
		if what == "no" {
			return nil, &lobby.Error{Code: lobby.CodeFull, Message: "full", RetryAfter: 3 * time.Second, Err: errors.New("hidden")}
		}
		return append([]byte(what+" "), question...), nil
	})
	one, _ := instance(t, "one", "the secret", nil)
	ctx := t.Context()
	got, err := one.Ask(ctx, two, "echo", []byte(`{"a":1}`))
	if err != nil || string(got) != `echo {"a":1}` {
		t.Errorf("%s, %v", got, err)
	}
	_, err = one.Ask(ctx, two, "no", nil)
	if code, after := codeOf(err); code != lobby.CodeFull || after != 3*time.Second {
		t.Errorf("refused with %v", err)
	}
	stranger, _ := instance(t, "one", "another secret", nil)
	unavailable := func(what string, err error) {
		t.Helper()
		if code, after := codeOf(err); code != lobby.CodeUnavailable || after == 0 {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err = stranger.Ask(ctx, two, "echo", nil)
	unavailable("another key", err)
	_, err = one.Ask(ctx, lobby.Instance{Name: "three", Peer: two.Peer}, "echo", nil)
	unavailable("another instance's", err)
	_, err = one.Ask(ctx, two, "echo", bytes.Repeat([]byte("x"), 1<<17))
	unavailable("too long a question", err)
	_, err = one.Ask(ctx, lobby.Instance{Name: "two", Peer: "http://127.0.0.1:1"}, "echo", nil)
	unavailable("nobody there", err)
}

// A signature is good for its question alone, and once.
func TestSigned(t *testing.T) {
	asked := 0
	_, two := instance(t, "two", "the secret", func(context.Context, string, []byte) ([]byte, error) { asked++; return []byte("{}"), nil })
	k := keys(t, "the secret")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	post := func(what, question, word string) int {
		t.Helper()
		r, err := http.NewRequest(http.MethodPost, two.Peer+peers.Path+what, strings.NewReader(question))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set(peers.Header, word)
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		return resp.StatusCode
	}
	word := func() string {
		t.Helper()
		w, err := k.IssuePeer(auth.Peer{From: "one", To: "two", Sum: "echo e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}) // of nothing
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	if status := post("echo", "", ""); status != 403 {
		t.Errorf("unsigned: %d", status)
	}
	if status := post("other", "", word()); status != 403 {
		t.Errorf("another question: %d", status)
	}
	if status := post("echo", "x", word()); status != 403 {
		t.Errorf("another body: %d", status)
	}
	w := word()
	if status := post("echo", "", w); status != 200 {
		t.Errorf("the question: %d", status)
	}
	if status := post("echo", "", w); status != 403 || asked != 1 {
		t.Errorf("once more: %d, asked %d times", status, asked)
	}
}

// An instance that hangs is waited for as long as the asker likes.
func TestHangs(t *testing.T) {
	_, two := instance(t, "two", "the secret", func(ctx context.Context, _ string, _ []byte) ([]byte, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	one, _ := instance(t, "one", "the secret", nil)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := one.Ask(ctx, two, "echo", nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("ended with %v", err)
	}
}
