package ws_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
	"github.com/sandlot-server/sandlot/net/ws"
)

const (
	home    = "Origin: https://play.example"
	foreign = "Origin: https://evil.example"
	listed  = "Origin: https://site.example"
)

func TestSignIn(t *testing.T) {
	s := serve(t, ws.Config{Origins: []string{"https://site.example"}}, nil)
	long := strings.Repeat("x", 2049)
	for _, c := range []struct {
		name    string
		request string
		status  int    // 101, or the refusal's
		code    string // of the problem, or of the close frame's detail
		close   bool   // upgraded, then closed with 1008
	}{
		{"bearer header", request("/v1/ws", speaks, "Authorization: Bearer good"), 101, "", false},
		{"bearer, lower case", request("/v1/ws", speaks, "Authorization: bearer good"), 101, "", false},
		{"subprotocol pair", request("/v1/ws", "Sec-WebSocket-Protocol: sandlot.v1, bearer.good"), 101, "", false},
		{"subprotocol pair turned", request("/v1/ws", "Sec-WebSocket-Protocol: bearer.good,sandlot.v1"), 101, "", false},
		{"subprotocols on two lines", request("/v1/ws", "Sec-WebSocket-Protocol: bearer.good", speaks), 101, "", false},
		{"query", request("/v1/ws?token=good", speaks), 101, "", false},
		{"query, same host", request("/v1/ws?token=good", speaks, home), 101, "", false},
		{"query, listed origin", request("/v1/ws?token=good", speaks, listed), 101, "", false},
		{"cookie, same host", request("/v1/ws", speaks, home, "Cookie: sandlot_token=good"), 101, "", false},
		{"cookie, listed origin", request("/v1/ws", speaks, listed, "Cookie: sandlot_token=good"), 101, "", false},
		{"cookie, no origin", request("/v1/ws", speaks, "Cookie: sandlot_token=good"), 403, "origin_required", false},
		{"cookie, foreign origin", request("/v1/ws", speaks, foreign, "Cookie: sandlot_token=good"), 403, "origin", false},
		{"foreign origin", request("/v1/ws?token=good", speaks, foreign), 403, "origin", false},
		{"null origin", request("/v1/ws?token=good", speaks, "Origin: null"), 403, "origin", false},
		{"two origins", request("/v1/ws?token=good", speaks, home, foreign), 403, "origin", false},
		{"origin that only begins like ours", request("/v1/ws?token=good", speaks, "Origin: https://play.example.evil.example"), 403, "origin", false},
		{"origin with a user", request("/v1/ws?token=good", speaks, "Origin: https://x@play.example"), 403, "origin", false},
		{"none", request("/v1/ws", speaks), 401, "missing", false},
		{"none, from a browser", request("/v1/ws", speaks, home), 101, "missing", true},
		{"wrong", request("/v1/ws?token=bad", speaks), 401, "malformed", false},
		{"wrong, from a browser", request("/v1/ws?token=bad", speaks, home), 101, "malformed", true},
		{"too long", request("/v1/ws?token="+long, speaks), 401, "too_long", false},
		{"too long, from a browser", request("/v1/ws", speaks, home, "Authorization: Bearer "+long), 101, "too_long", true},
		{"bad seen", request("/v1/ws?token=good&seen=-1", speaks), 400, "bad_seen", false},
		{"lobby too long", request("/v1/ws?token=good&lobby="+long, speaks), 404, "not_found", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := s.dial(c.request)
			switch {
			case r.resp.StatusCode != c.status:
				t.Fatalf("status %d, want %d", r.resp.StatusCode, c.status)
			case c.close:
				if code, text := r.closes(); code != 1008 || text != "refused;"+c.code {
					t.Errorf("closed with %d %q", code, text)
				}
			case c.status == 101:
				r.welcome()
				<-s.door.attached
			default:
				wantProblem(t, r, c.code)
			}
		})
	}
}

func wantProblem(t *testing.T, r *raw, code string) {
	t.Helper()
	var p struct {
		Status int
		Code   string
		Detail string
	}
	body, _ := io.ReadAll(r.resp.Body)
	if err := json.Unmarshal(body, &p); err != nil || p.Code != code || p.Status != r.resp.StatusCode || p.Detail == "" {
		t.Errorf("problem %s, want code %s", body, code)
	}
	if ct := r.resp.Header.Get("Content-Type"); ct != "application/problem+json" {
		t.Errorf("content type %q", ct)
	}
	if r.resp.StatusCode == 401 && r.resp.Header.Get("WWW-Authenticate") == "" {
		t.Error("401 without WWW-Authenticate")
	}
}

func TestBadHandshakes(t *testing.T) {
	s := serve(t, ws.Config{}, nil)
	ok := request("/v1/ws?token=good", speaks)
	for _, c := range []struct {
		name, request string
		status        int
		code          string
	}{
		{"post", strings.Replace(ok, "GET", "POST", 1), 405, "method"},
		{"plain get", "GET /v1/ws?token=good HTTP/1.1\r\nHost: play.example\r\n\r\n", 426, "upgrade_required"},
		{"version 8", strings.Replace(ok, "Version: 13", "Version: 8", 1), 426, "version"},
		{"no key", strings.Replace(ok, goodKey, "", 1), 400, "bad_key"},
		{"short key", strings.Replace(ok, goodKey, "AAAA", 1), 400, "bad_key"},
		{"no subprotocol", request("/v1/ws?token=good"), 400, "subprotocol"},
		{"other subprotocol", request("/v1/ws?token=good", "Sec-WebSocket-Protocol: chat, sandlot.v2"), 400, "subprotocol"},
		{"http/1.0", strings.Replace(ok, "HTTP/1.1", "HTTP/1.0", 1), 505, "http_version"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := s.dial(c.request)
			if r.resp.StatusCode != c.status {
				t.Fatalf("status %d, want %d", r.resp.StatusCode, c.status)
			}
			wantProblem(t, r, c.code)
		})
	}
	if n := len(s.door.claims); n != 0 {
		t.Errorf("the door was asked %d times", n)
	}
}

// What the door says reaches the client in both forms.
func TestRefusals(t *testing.T) {
	s := serve(t, ws.Config{Origins: []string{"*"}}, nil)
	for _, c := range []struct {
		name    string
		refusal error
		status  int
		retry   string
		code    uint16
		text    string
	}{
		{"no lobby", &session.Refusal{Status: 404, Code: "not_found"}, 404, "", 1008, "refused;not_found"},
		{"moved", &session.Refusal{Status: 421, Code: "moved", Reason: session.Moved, URL: "wss://b.example/v1/ws"}, 421, "", 4001, "moved;url=wss://b.example/v1/ws"},
		{"busy", &session.Refusal{Status: 503, Code: "full", Reason: session.Busy, RetryAfter: 1500 * time.Millisecond}, 503, "2", 1013, "busy;after=2"},
		{"fault", errors.New("broken"), 503, "1", 1011, "internal;after=1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if r, ok := c.refusal.(*session.Refusal); ok {
				r.Message = "no"
			}
			s.door.mu.Lock()
			s.door.refuse = c.refusal
			s.door.mu.Unlock()
			r := s.dial(request("/v1/ws?token=good", speaks))
			if r.resp.StatusCode != c.status || r.resp.Header.Get("Retry-After") != c.retry {
				t.Errorf("status %d, retry after %q", r.resp.StatusCode, r.resp.Header.Get("Retry-After"))
			}
			r = s.dial(request("/v1/ws?token=good", speaks, foreign))
			if code, text := r.closes(); code != c.code || text != c.text {
				t.Errorf("closed with %d %q", code, text)
			}
		})
	}
}

func TestClaimCarriesTheRequest(t *testing.T) {
	s := serve(t, ws.Config{Secure: func(r *http.Request) bool { return r.Header.Get("X-Forwarded-Proto") == "https" }}, nil)
	s.dial(request("/v1/ws?token=good&lobby=ABC&seen=7&from=k3x.12", speaks, "X-Forwarded-Proto: https")).welcome()
	c := s.door.last()
	if c.From != "k3x" || c.Attempt != 12 || c.Lobby != "ABC" || c.Seen != 7 || !c.Resuming || c.Host != "play.example" || !c.Secure || c.Remote == "" {
		t.Fatalf("%+v", c)
	}
}

func TestFirstMessage(t *testing.T) {
	s := serve(t, ws.Config{Hello: true, HelloTimeout: 50 * time.Millisecond}, nil)
	t.Run("good", func(t *testing.T) {
		r := s.dial(request("/v1/ws?seen=3", speaks))
		r.send(masked(0x82, wire.AppendHello(nil, wire.Hello{Credential: "good", Lobby: "ABC"})))
		r.welcome()
		if c := s.door.last(); c.Lobby != "ABC" || c.Seen != 3 || c.Credential != "good" {
			t.Errorf("%+v", c)
		}
		r.send(masked(0x82, wire.AppendReady(nil, wire.Ready{Ready: true})))
		if in := <-s.door.in; in.Kind != session.Ready {
			t.Errorf("%+v", in)
		}
	})
	for name, c := range map[string]struct {
		frame []byte
		text  string
	}{
		"refused":       {wire.AppendHello(nil, wire.Hello{Credential: "bad"}), "refused;malformed"},
		"another first": {wire.AppendReady(nil, wire.Ready{}), "refused;hello_expected"},
		"garbage":       {[]byte{0xff}, "refused;hello_expected"},
		"silence":       {nil, "refused;hello_timeout"},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.dial(request("/v1/ws", speaks))
			if c.frame != nil {
				r.send(masked(0x82, c.frame))
			}
			if code, text := r.closes(); code != 1008 || text != c.text {
				t.Errorf("closed with %d %q", code, text)
			}
		})
	}
}
