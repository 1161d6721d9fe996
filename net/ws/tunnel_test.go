package ws_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/ws"
)

// distant is another instance, by hand: it takes what is passed on to it.
type distant struct {
	t     *testing.T
	l     net.Listener
	conns chan net.Conn
	asked chan *http.Request
}

const upgraded = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: sandlot.v1\r\n\r\n"

func newHome(t *testing.T, answer string) *distant {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &distant{t: t, l: l, conns: make(chan net.Conn, 8), asked: make(chan *http.Request, 8)}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			r, err := http.ReadRequest(bufio.NewReader(c))
			if err != nil {
				t.Error(err)
				continue
			}
			_, _ = io.WriteString(c, answer)
			h.asked <- r
			h.conns <- c
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		all.Wait()
		for len(h.conns) > 0 {
			_ = (<-h.conns).Close()
		}
	})
	return h
}

// between is a server that passes on to h, and its stop, which may be called once
// more.
func between(t *testing.T, h *distant, change func(*ws.Config)) (s *server, stop func()) {
	t.Helper()
	cfg := ws.Config{RestartAfter: 2 * time.Second, Peers: ws.Peers{Sign: func(to session.Home, sum, remote string) (string, error) {
		host, _, err := net.SplitHostPort(remote)
		return to.Name + "|" + sum + "|" + host, err
	}}}
	if change != nil {
		change(&cfg)
	}
	d := newDoor()
	d.refuse = &session.Refusal{
		Status: 421, Code: "lobby_elsewhere", Message: "elsewhere", Reason: session.Moved, Home: session.Home{Name: "home", URL: "http://" + h.l.Addr().String()},
	}
	handler := ws.New(cfg, d)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/v1/ws", handler)
	hs := &http.Server{Handler: mux}
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() { _ = hs.Serve(ws.Listen(l, nil)) })
	var run sync.WaitGroup
	run.Go(func() { _ = handler.Run(ctx) })
	stop = func() { cancel(); run.Wait() }
	t.Cleanup(func() { stop(); _ = hs.Close(); all.Wait() })
	return &server{t, handler, d, l.Addr().String()}, stop
}

func got[T any](t *testing.T, what string, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(20 * time.Second):
		t.Fatalf("%s did not come", what)
		panic("unreachable")
	}
}

// What a client and its home say to each other passes as it is, close frames with
// their codes too; the home is told who asks, and not what the client makes up.
func TestPassedThrough(t *testing.T) {
	h := newHome(t, upgraded+"\x82\x02hi")
	s, _ := between(t, h, nil)
	r := s.dial(request("/v1/ws?lobby=L&seen=7", speaks, "Authorization: Bearer pass", "X-Forwarded-For: 6.6.6.6"))
	defer r.c.Close()
	asked := got(t, "the request", h.asked)
	for name, want := range map[string]string{
		ws.PeerHeader: "home|socket|127.0.0.1", "Authorization": "Bearer pass", "X-Forwarded-For": "", "Upgrade": "websocket",
		"Sec-Websocket-Protocol": "sandlot.v1",
	} {
		if got := asked.Header.Get(name); got != want {
			t.Errorf("the home sees %s: %q, want %q", name, got, want)
		}
	}
	if asked.URL.RequestURI() != "/v1/ws?lobby=L&seen=7" || asked.Host != "play.example" {
		t.Errorf("the home sees %s at %s", asked.URL.RequestURI(), asked.Host)
	}
	at := got(t, "the connection", h.conns)
	defer at.Close()
	reads(t, r.br, "\x82\x02hi")
	if _, err := r.c.Write([]byte("\x82\x83\x00\x00\x00\x00yes")); err != nil {
		t.Fatal(err)
	}
	reads(t, at, "\x82\x83\x00\x00\x00\x00yes")
	if _, err := io.WriteString(at, "\x88\x08\x11\x95kicked"); err != nil { // 4501
		t.Fatal(err)
	}
	_ = at.(*net.TCPConn).CloseWrite()
	if code, text := r.closes(); code != 4501 || text != "kicked" {
		t.Errorf("closed with %d %q", code, text)
	}
	if _, err := r.c.Write([]byte("\x88\x82\x00\x00\x00\x00\x11\x95")); err != nil { // the client's answer still gets there
		t.Fatal(err)
	}
	reads(t, at, "\x88\x82\x00\x00\x00\x00\x11\x95")
}

// A home that stops in the middle of its refusal does not hold the client.
func TestRefusalThatStops(t *testing.T) {
	h := newHome(t, "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\ngone")
	s, _ := between(t, h, func(c *ws.Config) { c.ClaimTimeout = 500 * time.Millisecond })
	r := s.dial(request("/v1/ws", speaks, "Authorization: Bearer pass"))
	at := got(t, "the connection", h.conns) // stays open, and says no more
	defer at.Close()
	if body, err := io.ReadAll(r.resp.Body); r.resp.StatusCode != 404 || string(body) != "gone" || err != nil {
		t.Errorf("the client gets %d %q, %v", r.resp.StatusCode, body, err)
	}
}

func reads(t *testing.T, from io.Reader, want string) {
	t.Helper()
	if c, ok := from.(net.Conn); ok {
		_ = c.SetReadDeadline(time.Now().Add(20 * time.Second))
	}
	p := make([]byte, len(want))
	if _, err := io.ReadFull(from, p); err != nil || string(p) != want {
		t.Fatalf("reads %q, %v; want %q", p, err, want)
	}
}

// A home that is gone ends the client's connection, and the other way round.
func TestPassedThroughToItsEnd(t *testing.T) {
	h := newHome(t, upgraded)
	s, _ := between(t, h, nil)
	for _, clientFirst := range []bool{false, true} {
		r := s.dial(request("/v1/ws", speaks, "Authorization: Bearer pass"))
		at := got(t, "the connection", h.conns)
		var other io.Reader = r.br
		if clientFirst {
			_ = r.c.Close()
			other = at
		} else {
			_ = at.Close()
		}
		_ = at.SetReadDeadline(time.Now().Add(20 * time.Second))
		_ = r.c.SetReadDeadline(time.Now().Add(20 * time.Second))
		if _, err := other.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("client first %v: the other side ends with %v", clientFirst, err)
		}
		_, _ = r.c.Close(), at.Close()
	}
}

// A stop comes between two frames: the client gets the rest of the one under way,
// and then 1001.
func TestStopBetweenFrames(t *testing.T) {
	h := newHome(t, upgraded)
	s, stop := between(t, h, nil)
	idle := s.dial(request("/v1/ws", speaks, "Authorization: Bearer pass"))
	defer idle.c.Close()
	quiet := got(t, "the connection", h.conns)
	defer quiet.Close()
	busy := s.dial(request("/v1/ws", speaks, "Authorization: Bearer pass"))
	defer busy.c.Close()
	at := got(t, "the connection", h.conns)
	defer at.Close()
	if _, err := io.WriteString(at, "\x82\x05he"); err != nil {
		t.Fatal(err)
	}
	reads(t, busy.br, "\x82\x05he")
	stopped := make(chan struct{})
	go func() { stop(); close(stopped) }()
	if code, text := idle.closes(); code != 1001 || text != "restart;after=2" {
		t.Errorf("an idle one is closed with %d %q", code, text)
	}
	if _, err := io.WriteString(at, "llo"); err != nil {
		t.Fatal(err)
	}
	reads(t, busy.br, "llo")
	if code, text := busy.closes(); code != 1001 || text != "restart;after=2" {
		t.Errorf("a busy one is closed with %d %q", code, text)
	}
	for _, c := range []net.Conn{idle.c, busy.c, at, quiet} {
		_ = c.Close()
	}
	got(t, "the end", stopped)
}

// Where passing on is not possible the client is told when to try again; what the
// home refuses with is the client's answer.
func TestNotPassedThrough(t *testing.T) {
	refusing := newHome(t, "HTTP/1.1 404 Not Found\r\nContent-Type: application/problem+json\r\nContent-Length: 21\r\n\r\n{\"code\":\"match_lost\"}")
	status := func(s *server, want int) string {
		t.Helper()
		r := s.dial(request("/v1/ws", speaks, "Authorization: Bearer pass"))
		defer r.c.Close()
		if r.resp.StatusCode != want || want == 503 && r.resp.Header.Get("Retry-After") == "" {
			t.Errorf("status %d, Retry-After %q; want %d", r.resp.StatusCode, r.resp.Header.Get("Retry-After"), want)
		}
		body, err := io.ReadAll(r.resp.Body)
		if err != nil {
			t.Error(err)
		}
		return string(body)
	}
	s, _ := between(t, refusing, nil)
	if body := status(s, 404); body != `{"code":"match_lost"}` {
		t.Errorf("the home's word arrives as %q", body)
	}
	full := newHome(t, upgraded)
	s, _ = between(t, full, func(c *ws.Config) { c.Peers.Most = 1 })
	first := s.dial(request("/v1/ws", speaks, "Authorization: Bearer pass"))
	defer first.c.Close()
	at := got(t, "the connection", full.conns)
	defer at.Close()
	status(s, 503)
	gone := newHome(t, upgraded)
	_ = gone.l.Close()
	s, _ = between(t, gone, nil)
	status(s, 503)
	s, _ = between(t, full, func(c *ws.Config) { c.Peers.Sign = nil })
	status(s, 503)
}

// A client that does not read stops its home from sending, in bounded memory, and
// is given up after a while.
func TestSlowClientIsPassedOn(t *testing.T) {
	h := newHome(t, upgraded)
	s, _ := between(t, h, func(c *ws.Config) { c.Session.BlockedWrite = 300 * time.Millisecond })
	r := s.dial(request("/v1/ws", speaks, "Authorization: Bearer pass"))
	defer r.c.Close()
	at := got(t, "the connection", h.conns)
	defer at.Close()
	_ = at.SetWriteDeadline(time.Now().Add(20 * time.Second))
	frame := "\x82\x7e\x40\x00" + strings.Repeat("x", 16<<10)
	sent, err := 0, error(nil)
	for sent < 64<<20 && err == nil {
		var n int
		n, err = io.WriteString(at, frame)
		sent += n
	}
	if err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%d bytes went to a client that reads none, then %v", sent, err)
	}
}
