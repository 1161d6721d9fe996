package dial_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/sandlot-server/sandlot/net/ws/dial"
	"github.com/sandlot-server/sandlot/net/ws/dial/dialtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve runs f with the server's end of each connection and returns the ws URL.
func serve(t *testing.T, f func(p *dialtest.Peer)) string {
	t.Helper()
	var wg sync.WaitGroup
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		wg.Add(1) // before the hijack, up to which Close waits for the handler
		defer wg.Done()
		p, err := dialtest.Upgrade(w, r, "sandlot.v1")
		if err != nil {
			return
		}
		defer p.Break()
		f(p)
	}))
	t.Cleanup(func() { s.Close(); wg.Wait() })
	return "ws" + strings.TrimPrefix(s.URL, "http")
}

func open(t *testing.T, o dial.Options) *dial.Conn {
	t.Helper()
	o.Protocols = []string{"sandlot.v1"}
	c, err := dial.Dial(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestMessagesAndOwnClose(t *testing.T) {
	said := make(chan error, 1)
	url := serve(t, func(p *dialtest.Peer) {
		if got := p.Request.Header.Get("Authorization"); got != "Bearer pass" {
			t.Errorf("authorization %q", got)
		}
		_ = p.Ping()
		_ = p.Text("passed over")
		for {
			b, err := p.Read()
			if err != nil {
				said <- err
				return
			}
			_ = p.Write(append(b, '!'))
		}
	})
	c := open(t, dial.Options{URL: url, Header: http.Header{"Authorization": {"Bearer pass"}}})
	if c.Protocol() != "sandlot.v1" {
		t.Errorf("protocol %q", c.Protocol())
	}
	if err := c.Write([]byte("hello")); err != nil {
		t.Fatal(err)
	}
	var got []string
	end := c.Run(func(p []byte) {
		got = append(got, string(p))
		c.Close(1000, "bye")
		c.Close(4000, "too late")
		if c.Write([]byte("after")) == nil {
			t.Error("written after the close")
		}
	})
	if len(got) != 1 || got[0] != "hello!" || end.Code != 1000 || end.Reason != "bye" {
		t.Errorf("%q, %+v", got, end)
	}
	var closed *dialtest.Closed
	if err := <-said; !errors.As(err, &closed) || closed.Code != 1000 || closed.Reason != "bye" {
		t.Errorf("the server heard %v", err)
	}
}

func TestClosedByTheServer(t *testing.T) {
	for reason, code := range map[string]uint16{"moved;url=ws://elsewhere/": 4001, "restart;after=5": 1001} {
		url := serve(t, func(p *dialtest.Peer) { p.Close(code, reason) })
		if end := open(t, dial.Options{URL: url}).Run(nil); end.Code != code || end.Reason != reason || end.Err != nil {
			t.Errorf("%+v, want %d %q", end, code, reason)
		}
	}
}

func TestBroken(t *testing.T) {
	url := serve(t, func(p *dialtest.Peer) { p.Break() })
	if end := open(t, dial.Options{URL: url}).Run(nil); end.Code != 1006 || end.Err == nil {
		t.Errorf("%+v", end)
	}
}

func TestSilentServerIsLost(t *testing.T) {
	done := make(chan struct{})
	url := serve(t, func(*dialtest.Peer) { <-done })
	if end := open(t, dial.Options{URL: url, Idle: 20 * time.Millisecond}).Run(nil); end.Code != 1006 {
		t.Errorf("%+v", end)
	}
	close(done)
}

func TestTooBigAMessage(t *testing.T) {
	url := serve(t, func(p *dialtest.Peer) {
		_ = p.Write(make([]byte, 200))
		_, _ = p.Read()
	})
	end := open(t, dial.Options{URL: url, MaxMessage: 100}).Run(func([]byte) { t.Error("it was read") })
	if end.Code != 1006 {
		t.Errorf("%+v", end)
	}
}

func TestRefused(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`{"title":"Forbidden","status":403,"code":"pass_spent","detail":"the pass was used before"}`))
	}))
	defer s.Close()
	_, err := dial.Dial(context.Background(), dial.Options{URL: "ws" + strings.TrimPrefix(s.URL, "http")})
	var r *dial.Refused
	if !errors.As(err, &r) || r.Status != 403 || r.Code != "pass_spent" ||
		r.Message != "the pass was used before" || r.RetryAfter != 7*time.Second {
		t.Errorf("%v", err)
	}
}

func TestNobodyThere(t *testing.T) {
	for _, url := range []string{"http://127.0.0.1", "ws://", "::"} {
		if _, err := dial.Dial(context.Background(), dial.Options{URL: url}); err == nil {
			t.Errorf("%q was dialled", url)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "ws://" + l.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	go func() { // a server that takes the connection and never answers
		c, err := l.Accept()
		if err == nil {
			defer c.Close()
			_, _ = c.Read(make([]byte, 1))
		}
		cancel()
	}()
	if _, err := dial.Dial(ctx, dial.Options{URL: url}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	l.Close()
	if _, err := dial.Dial(context.Background(), dial.Options{URL: url}); err == nil {
		t.Error("a closed port was dialled")
	}
}

func TestTLS(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p, err := dialtest.Upgrade(w, r, ""); err == nil {
			_ = p.Write([]byte("secret"))
			p.Close(1000, "")
		}
	}))
	defer s.Close()
	conf := s.Client().Transport.(*http.Transport).TLSClientConfig
	url := "wss" + strings.TrimPrefix(s.URL, "https")
	c, err := dial.Dial(context.Background(), dial.Options{URL: url, TLS: &tls.Config{RootCAs: conf.RootCAs}})
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	c.Run(func(p []byte) { got = string(p) })
	if got != "secret" {
		t.Errorf("%q", got)
	}
	if _, err := dial.Dial(context.Background(), dial.Options{URL: url}); err == nil {
		t.Error("an unknown certificate was taken")
	}
}
