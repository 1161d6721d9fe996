package ws_test

import (
	"bytes"
	"encoding/binary"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
	"github.com/sandlot-server/sandlot/net/ws"
)

// Every frame that must not be sent, and what it gets.
func TestHostileFrames(t *testing.T) { bothWays(t, hostileFrames) }

func hostileFrames(t *testing.T, gated bool) {
	s := serve(t, ws.Config{}, nil)
	s.gate(gated)
	claims := func(n uint64) []byte {
		return append(binary.BigEndian.AppendUint64([]byte{0x82, 0xff}, n), 1, 2, 3, 4)
	}
	empty := masked(0x00, nil)
	for _, c := range []struct {
		name  string
		bytes []byte
		want  session.Reason
	}{
		{"14 bytes that claim 2^64-1", claims(1<<64 - 1), session.Protocol},
		{"claims 2^63", claims(1 << 63), session.Protocol},
		{"claims 2^63-1", claims(1<<63 - 1), session.TooBig},
		{"claims 16 MiB", claims(16 << 20), session.TooBig},
		{"4097 bytes", masked(0x82, make([]byte, 4097)), session.TooBig},
		{"5000 bytes in two fragments", append(masked(0x02, make([]byte, 2500)), masked(0x80, make([]byte, 2500))...), session.TooBig},
		{"text", masked(0x81, []byte("hello")), session.Binary},
		{"unmasked", []byte{0x82, 0x01, 0x91}, session.Protocol},
		{"rsv1", masked(0xc2, []byte{0x91}), session.Protocol},
		{"rsv2", masked(0xa2, []byte{0x91}), session.Protocol},
		{"unknown opcode", masked(0x8b, nil), session.Protocol},
		{"fragmented ping", masked(0x09, nil), session.Protocol},
		{"long ping", masked(0x89, make([]byte, 126)), session.Protocol},
		{"orphan continuation", masked(0x80, []byte{0x91}), session.Protocol},
		{"message within a message", append(masked(0x02, []byte{0x91}), masked(0x82, []byte{0x91})...), session.Protocol},
		{"endless empty fragments", append(masked(0x02, nil), bytes.Repeat(empty, 3000)...), session.Protocol},
		{"three bad messages", bytes.Repeat(masked(0x82, []byte{0xc1}), 3), session.Bad},
		{"ping flood", bytes.Repeat(masked(0x89, []byte("x")), 1000), session.RateLimit},
		{"pong flood", bytes.Repeat(masked(0x8a, []byte("x")), 1000), session.RateLimit},
		{"own close", masked(0x88, []byte{0x03, 0xe8}), session.Bye},
		{"close without a code", masked(0x88, nil), session.Bye},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := s.good()
			<-s.door.attached
			r.send(c.bytes)
			if code, text := r.closes(); code != c.want.Code || text != c.want.Word {
				t.Errorf("closed with %d %q, want %v", code, text, c.want)
			}
			if got := <-s.door.gone; got != c.want {
				t.Errorf("gone with %v, want %v", got, c.want)
			}
			if len(s.door.gone) != 0 {
				t.Error("gone twice")
			}
		})
	}
}

func TestFragmentsMakeOneMessage(t *testing.T) { bothWays(t, fragmentsMakeOneMessage) }

func fragmentsMakeOneMessage(t *testing.T, gated bool) {
	s := serve(t, ws.Config{}, nil)
	s.gate(gated)
	r := s.good()
	m := wire.AppendChat(nil, wire.Chat{Text: "in three parts"})
	r.send(masked(0x02, m[:1]), masked(0x00, m[1:5]), masked(0x89, []byte("hi")), masked(0x80, m[5:]))
	if in := <-s.door.in; in.Text != "in three parts" {
		t.Fatalf("%+v", in)
	}
	if op, payload := r.frame(); op != 10 || string(payload) != "hi" {
		t.Fatalf("opcode %d: %q", op, payload)
	}
}

// Deflate is offered by every browser and never taken.
func TestDeflateIsNotNegotiated(t *testing.T) {
	s := serve(t, ws.Config{}, nil)
	r := s.dial(request("/v1/ws?token=good", speaks, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"))
	r.welcome()
	if e := r.resp.Header.Get("Sec-WebSocket-Extensions"); e != "" {
		t.Fatalf("negotiated %q", e)
	}
}

// Frames sent along with the request are not lost.
func TestEarlyFrames(t *testing.T) { bothWays(t, earlyFrames) }

func earlyFrames(t *testing.T, gated bool) {
	s := serve(t, ws.Config{}, nil)
	s.gate(gated)
	r := s.dial(request("/v1/ws?token=good", speaks) + string(masked(0x82, wire.AppendStart(nil))))
	r.welcome()
	if in := <-s.door.in; in.Kind != session.Start {
		t.Fatalf("%+v", in)
	}
}

// A client that vanishes is noticed, once.
func TestBrokenConnection(t *testing.T) { bothWays(t, brokenConnection) }

func brokenConnection(t *testing.T, gated bool) {
	s := serve(t, ws.Config{}, nil)
	s.gate(gated)
	r := s.good()
	<-s.door.attached
	_ = r.c.(*net.TCPConn).SetLinger(0)
	_ = r.c.Close()
	if got := <-s.door.gone; got != session.Lost {
		t.Fatalf("gone with %v", got)
	}
}

// A panic ends one connection with 1011.
func TestPanic(t *testing.T) {
	s := serve(t, ws.Config{}, nil)
	s.door.onAttach = func(*session.Session) { panic("a fault") }
	r := s.dial(request("/v1/ws?token=good", speaks))
	if code, _ := r.closes(); code != 1011 {
		t.Fatalf("closed with %d", code)
	}
	if got := <-s.door.gone; got != session.Internal {
		t.Fatalf("gone with %v", got)
	}
}

// A connection that cannot be taken over is answered, and its place released.
func TestNoHijack(t *testing.T) {
	d := newDoor()
	h := ws.New(ws.Config{}, d)
	req := httptest.NewRequest("GET", "/v1/ws?token=good", nil)
	for k, v := range map[string]string{
		"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
		"Sec-WebSocket-Key": goodKey, "Sec-WebSocket-Protocol": "sandlot.v1",
	} {
		req.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	if w.Code != http.StatusNotImplemented || d.released != 1 {
		t.Fatalf("status %d, released %d", w.Code, d.released)
	}
}
