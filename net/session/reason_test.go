package session_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/net/session"
)

func TestReasonText(t *testing.T) {
	for _, c := range []struct {
		reason session.Reason
		detail string
		want   string
	}{
		{session.Slow, "", "slow"},
		{session.RateLimit, session.After(4200 * time.Millisecond), "rate;after=5"},
		{session.Busy, session.After(-1), "busy"},
		{session.Moved, session.MovedTo("wss://b.example/v1/ws?lobby=X"), "moved;url=wss://b.example/v1/ws?lobby=X"},
		{session.Moved, session.MovedTo(strings.Repeat("x", 200)), "moved"},
		{session.Refused, "expired", "refused;expired"},
	} {
		if got := c.reason.Text(c.detail); got != c.want || len(got) > 123 {
			t.Errorf("%v with %q: %q, want %q", c.reason, c.detail, got, c.want)
		}
	}
}

// Codes that a client may come back from are those of PROTOCOL.md.
func TestReasonRetry(t *testing.T) {
	all := []session.Reason{
		session.Bye, session.Restart, session.Protocol, session.Binary, session.Lost, session.Encoding, session.Refused,
		session.TooBig, session.Internal, session.Busy, session.Moved, session.Slow, session.RateLimit, session.Expired,
		session.Replaced, session.Kicked, session.Closed, session.Idle, session.Bad,
	}
	seen := map[uint16]bool{}
	for _, r := range all {
		if seen[r.Code] {
			t.Errorf("%d is there twice", r.Code)
		}
		seen[r.Code] = true
		back := r.Code >= 4000 && r.Code < 4500
		switch r.Code {
		case 1001, 1006, 1011, 1012, 1013:
			back = true
		}
		if r.Retry != back {
			t.Errorf("%v: come back %v, want %v", r, r.Retry, back)
		}
	}
}

func TestRefusalClose(t *testing.T) {
	for _, c := range []struct {
		refusal session.Refusal
		want    string
		code    uint16
	}{
		{session.Refusal{Status: 401, Code: "expired"}, "refused;expired", 1008},
		{session.Refusal{Status: 421, Reason: session.Moved, URL: "wss://b/v1/ws"}, "moved;url=wss://b/v1/ws", 4001},
		{session.Refusal{Status: 503, Reason: session.Busy, RetryAfter: 2 * time.Second}, "busy;after=2", 1013},
	} {
		r, detail := c.refusal.Close()
		if r.Code != c.code || r.Text(detail) != c.want {
			t.Errorf("%+v: %d %q, want %d %q", c.refusal, r.Code, r.Text(detail), c.code, c.want)
		}
	}
}
