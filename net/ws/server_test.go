package ws_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
	"github.com/sandlot-server/sandlot/net/ws"
)

var schema = &state.Schema{TickRate: 30}

// door lets in who shows "good", and says hello to them.
type door struct {
	mu       sync.Mutex
	claims   []session.Claim
	refuse   error
	released int
	who      session.Identity
	attached chan *session.Session
	gone     chan session.Reason
	in       chan session.Incoming
	onAttach func(*session.Session)
}

func newDoor() *door {
	return &door{attached: make(chan *session.Session, 100), gone: make(chan session.Reason, 100), in: make(chan session.Incoming, 100)}
}

func (d *door) Claim(_ context.Context, c session.Claim) (session.Admission, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.claims = append(d.claims, c)
	if d.refuse != nil {
		return nil, d.refuse
	}
	if c.Credential != "good" {
		return nil, &session.Refusal{Status: 401, Code: "malformed", Message: "that is not a token"}
	}
	return admission{d}, nil
}

func (d *door) last() session.Claim {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.claims[len(d.claims)-1]
}

type admission struct{ d *door }

func (a admission) Schema() *state.Schema      { return schema }
func (a admission) Identity() session.Identity { return a.d.who }
func (a admission) Release()                   { a.d.mu.Lock(); a.d.released++; a.d.mu.Unlock() }
func (a admission) Attach(s *session.Session) {
	s.Bind(a)
	s.Open(wire.AppendWelcome(nil, &wire.Welcome{Instance: "a", Schema: schema}), nil, 0)
	if a.d.onAttach != nil {
		a.d.onAttach(s)
	}
	a.d.attached <- s
}
func (a admission) Post(in session.Incoming) bool             { a.d.in <- in; return true }
func (a admission) Gone(_ *session.Session, r session.Reason) { a.d.gone <- r }

// server is a handler behind our listener, on loopback.
type server struct {
	t    testing.TB
	h    *ws.Handler
	door *door
	addr string
}

func serve(t testing.TB, cfg ws.Config, wrap func(net.Listener) net.Listener) *server {
	t.Helper()
	d := newDoor()
	h := ws.New(cfg, d)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l = ws.Listen(l, nil)
	if wrap != nil {
		l = wrap(l)
	}
	mux := http.NewServeMux()
	mux.Handle("/v1/ws", h)
	hs := &http.Server{Handler: mux}
	ctx, stop := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { _ = h.Run(ctx) })
	wg.Go(func() { _ = hs.Serve(l) })
	t.Cleanup(func() {
		_ = hs.Close()
		stop()
		wg.Wait()
		if n := h.Len(); n != 0 {
			t.Errorf("%d connections left", n)
		}
	})
	return &server{t, h, d, addr}
}

// raw is a client over a raw socket.
type raw struct {
	t    testing.TB
	c    net.Conn
	br   *bufio.Reader
	resp *http.Response
}

const goodKey = "dGhlIHNhbXBsZSBub25jZQ=="

// request is a good upgrade request with other headers and query.
func request(target string, headers ...string) string {
	return "GET " + target + " HTTP/1.1\r\nHost: play.example\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + goodKey + "\r\n" + strings.Join(append(headers, ""), "\r\n") + "\r\n"
}

const speaks = "Sec-WebSocket-Protocol: sandlot.v1"

// dial sends a request and reads the answer.
func (s *server) dial(text string) *raw {
	s.t.Helper()
	c, err := net.Dial("tcp", s.addr)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.over(c, text)
}

func (s *server) over(c net.Conn, text string) *raw {
	s.t.Helper()
	s.t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.WriteString(c, text); err != nil {
		s.t.Fatal(err)
	}
	r := &raw{t: s.t, c: c, br: bufio.NewReader(c)}
	resp, err := http.ReadResponse(r.br, nil)
	if err != nil {
		s.t.Fatalf("read the answer: %v", err)
	}
	r.resp = resp
	return r
}

// good is a signed-in client; its welcome has been read.
func (s *server) good() *raw {
	s.t.Helper()
	r := s.dial(request("/v1/ws?token=good", speaks))
	r.welcome()
	return r
}

func (r *raw) welcome() {
	r.t.Helper()
	if r.resp.StatusCode != 101 {
		body, _ := io.ReadAll(r.resp.Body)
		r.t.Fatalf("status %d: %s", r.resp.StatusCode, body)
	}
	if p := r.resp.Header.Get("Sec-WebSocket-Protocol"); p != "sandlot.v1" {
		r.t.Fatalf("subprotocol %q", p)
	}
	op, payload := r.frame()
	if op != 2 || len(payload) < 4 {
		r.t.Fatalf("opcode %d: %x where the welcome is due", op, payload)
	}
}

// frame reads one unmasked frame.
func (r *raw) frame() (op byte, payload []byte) {
	r.t.Helper()
	op, payload, err := r.next()
	if err != nil {
		r.t.Fatalf("read a frame: %v", err)
	}
	return op, payload
}

func (r *raw) next() (op byte, payload []byte, err error) {
	var head [2]byte
	if _, err := io.ReadFull(r.br, head[:]); err != nil {
		return 0, nil, err
	}
	if head[0]&0xf0 != 0x80 || head[1]&0x80 != 0 {
		return 0, nil, fmt.Errorf("header %x", head)
	}
	n := uint64(head[1])
	switch n {
	case 126:
		var b [2]byte
		_, err = io.ReadFull(r.br, b[:])
		n = uint64(binary.BigEndian.Uint16(b[:]))
	case 127:
		var b [8]byte
		_, err = io.ReadFull(r.br, b[:])
		n = binary.BigEndian.Uint64(b[:])
	}
	if err != nil {
		return 0, nil, err
	}
	payload = make([]byte, n)
	_, err = io.ReadFull(r.br, payload)
	return head[0] & 15, payload, err
}

// closes reads up to a close frame and the end of the stream.
func (r *raw) closes() (code uint16, text string) {
	r.t.Helper()
	for {
		op, payload := r.frame()
		if op != 8 {
			continue
		}
		if _, err := r.br.ReadByte(); err != io.EOF {
			r.t.Errorf("after the close frame: %v, want the end of the stream", err)
		}
		return binary.BigEndian.Uint16(payload), string(payload[2:])
	}
}

// masked is a client's frame with any first byte.
func masked(first byte, payload []byte) []byte {
	f := []byte{first}
	switch n := len(payload); {
	case n < 126:
		f = append(f, 0x80|byte(n))
	default:
		f = append(f, 0x80|126, byte(n>>8), byte(n))
	}
	key := [4]byte{1, 2, 3, 4}
	f = append(f, key[:]...)
	for i, b := range payload {
		f = append(f, b^key[i%4])
	}
	return f
}

func (r *raw) send(frames ...[]byte) {
	r.t.Helper()
	for _, f := range frames {
		if _, err := r.c.Write(f); err != nil {
			r.t.Fatalf("send: %v", err)
		}
	}
}
