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

func (answers) Boot() string { return "a run" }

// run is an instance's run of that name.
type run struct {
	answers
	boot string
}

func (r run) Boot() string { return r.boot }

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
	return p, lobby.Instance{Name: name, Boot: a.Boot(), Peer: s.URL}
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
		w, err := k.IssuePeer(auth.Peer{From: "one", To: "two", Boot: two.Boot, Sum: "echo e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}) // of nothing
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

// What was overheard on its way to an instance is not taken by its next run, and who
// has not heard of that run yet asks in vain, for no fault of the instance.
func TestRestarted(t *testing.T) {
	asked := 0
	answer := answers(func(context.Context, string, []byte) ([]byte, error) { asked++; return []byte("{}"), nil })
	k, overheard := keys(t, "the secret"), ""
	next := peers.New(peers.Config{Instance: "two", Keys: k})
	defer next.Close()
	now := run{answer, "first"}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		overheard = r.Header.Get(peers.Header)
		next.Handler(now).ServeHTTP(w, r)
	}))
	defer s.Close()
	one := peers.New(peers.Config{Instance: "one", Keys: keys(t, "the secret")})
	defer one.Close()
	two := lobby.Instance{Name: "two", Boot: "first", Peer: s.URL}
	if _, err := one.Ask(t.Context(), two, "echo", nil); err != nil || asked != 1 {
		t.Fatalf("%v, asked %d times", err, asked)
	}
	again := overheard
	next, now = peers.New(peers.Config{Instance: "two", Keys: keys(t, "the secret")}), run{answer, "second"} // whose memory is empty
	defer next.Close()
	r := httptest.NewRequest(http.MethodPost, peers.Path+"echo", nil)
	r.Header.Set(peers.Header, again)
	w := httptest.NewRecorder()
	if next.Handler(now).ServeHTTP(w, r); w.Code != http.StatusMisdirectedRequest || asked != 1 {
		t.Errorf("said again: %d, asked %d times", w.Code, asked)
	}
	_, err := one.Ask(t.Context(), two, "echo", nil)
	if code, after := codeOf(err); code != lobby.CodeUnavailable || after == 0 || !errors.Is(err, lobby.ErrUnasked) || asked != 1 {
		t.Errorf("asked as the first run: %v", err)
	}
	two.Boot = "second"
	if _, err := one.Ask(t.Context(), two, "echo", nil); err != nil || asked != 2 {
		t.Errorf("asked as the second run: %v", err)
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
