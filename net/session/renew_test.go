package session_test

import (
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/session"
)

// Told a minute before the end or, where the time is short, after a quarter of it:
// once, and again only when a later end comes near.
func TestToldThatTheTimeEnds(t *testing.T) {
	for lasts, due := range map[time.Duration]time.Duration{5 * time.Minute: 4 * time.Minute, time.Minute: 15 * time.Second, 4 * time.Second: time.Second} {
		start := time.Now()
		c := &client{t: t, conn: &conn{}, inbox: &inbox{}, mirror: state.NewMirror(schema.Tables)}
		c.s = session.New(c.conn, session.Identity{ID: "p", Expires: start.Add(lasts)}, schema, nil, start)
		c.s.Bind(c.inbox)
		told := func(d time.Duration, want int) {
			t.Helper()
			c.s.Pong(start.Add(d))
			c.s.Check(start.Add(d))
			c.s.Flush()
			c.read()
			if reason, ended := c.s.Ended(); ended || len(c.errors) != want {
				t.Fatalf("of %v, after %v: told %d times, wanted %d; ended %v", lasts, d, len(c.errors), want, reason)
			}
		}
		told(0, 0)
		told(due-time.Millisecond, 0)
		told(due, 1)
		told(due+time.Millisecond, 1)
		c.s.Renew(start.Add(lasts)) // not later: nothing new
		told(due+2*time.Millisecond, 1)
		c.s.Renew(start.Add(due + lasts))
		told(due+3*time.Millisecond, 1)
		told(due+due+10*time.Millisecond, 2)
		if c.errors[0].Code != session.CodeExpiring {
			t.Errorf("told %+v", c.errors[0])
		}
	}
}
