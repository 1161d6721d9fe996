package session_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// However many ways a session ends at once, the first reason wins and
// everybody is told once.
func TestEndsOnce(t *testing.T) {
	m := &metrics{}
	cfg := session.Config{Metrics: m}.Filled()
	now := time.Now()
	for range 200 {
		m.ended = nil
		c := newClient(t, 1, cfg, now)
		var wg sync.WaitGroup
		for _, f := range []func(){
			func() { c.s.Close(session.Kicked) },
			func() { c.s.Close(session.Lost) },
			func() { c.s.CloseWith(session.Restart, session.After(time.Second)) },
			func() {
				for range 4 {
					c.s.Receive([]byte{1}, now)
				}
			},
			func() { c.s.Check(now.Add(time.Hour)) },
			func() { c.s.Flush() },
		} {
			wg.Go(f)
		}
		wg.Wait()
		<-c.s.Done()
		r, _ := c.s.Ended()
		want := []session.Reason{r}
		if !slices.Equal(c.conn.reasons, want) || !slices.Equal(c.inbox.gone, want) || !slices.Equal(m.ended, want) {
			t.Fatalf("ended with %v; told connection %v, lobby %v, metrics %v", r, c.conn.reasons, c.inbox.gone, m.ended)
		}
	}
}

func TestBindAfterEnd(t *testing.T) {
	c := &conn{}
	s := session.New(c, session.Identity{}, schema, nil, time.Now())
	s.Close(session.Lost)
	in := &inbox{}
	s.Bind(in)
	s.Bind(in)
	if !slices.Equal(in.gone, []session.Reason{session.Lost}) {
		t.Fatalf("gone %v", in.gone)
	}
}

// What was said before the end goes out before the close frame.
func TestCloseWritesPending(t *testing.T) {
	c := newClient(t, 1, nil, time.Now())
	c.s.Event(said(1))
	c.s.Control(wire.AppendError(nil, &wire.Error{Code: "x"}))
	c.s.Close(session.Kicked)
	c.read()
	if want := []wire.Type{wire.TypeError, wire.TypeChatOut}; !slices.Equal(c.kinds, want) || c.conn.writes != 1 {
		t.Fatalf("got %v in %d writes, want %v in one", c.kinds, c.conn.writes, want)
	}
	c.s.Event(said(2))
	c.s.Flush()
	if c.conn.writes != 1 {
		t.Fatal("written after the end")
	}
}

func TestFailedWriteEnds(t *testing.T) {
	c := newClient(t, 1, nil, time.Now())
	c.conn.fail = errors.New("reset")
	c.s.Event(said(1))
	c.s.Flush()
	if r, _ := c.s.Ended(); r != session.Lost {
		t.Fatalf("ended with %v", r)
	}
}

func TestCheck(t *testing.T) {
	start := time.Now()
	at := func(d time.Duration) time.Time { return start.Add(d) }
	fresh := func(who session.Identity) (*session.Session, *conn) {
		c := &conn{}
		return session.New(c, who, schema, nil, start), c
	}
	t.Run("ping every 10 s, dead after 30", func(t *testing.T) {
		s, c := fresh(session.Identity{})
		for d := time.Duration(0); d < 30*time.Second; d += 500 * time.Millisecond {
			s.Check(at(d))
		}
		if string(c.control) != "\x89\x89" || len(c.reasons) != 0 {
			t.Fatalf("sent %x, ended %v", c.control, c.reasons)
		}
		s.Check(at(30 * time.Second))
		if !slices.Equal(c.reasons, []session.Reason{session.Lost}) {
			t.Fatalf("ended %v", c.reasons)
		}
	})
	t.Run("a pong is a sign of life, but not of activity", func(t *testing.T) {
		s, c := fresh(session.Identity{})
		for d := time.Duration(0); len(c.reasons) == 0 && d < time.Hour; d += 5 * time.Second {
			s.Pong(at(d))
			s.Receive(wire.AppendPing(nil, wire.Ping{}), at(d))
			s.Check(at(d))
		}
		if !slices.Equal(c.reasons, []session.Reason{session.Idle}) {
			t.Fatalf("ended %v", c.reasons)
		}
	})
	t.Run("blocked for 5 s", func(t *testing.T) {
		s, c := fresh(session.Identity{})
		c.blocked = at(time.Second)
		if s.Check(at(5900 * time.Millisecond)); len(c.reasons) != 0 {
			t.Fatalf("ended %v too early", c.reasons)
		}
		if s.Check(at(6 * time.Second)); !slices.Equal(c.reasons, []session.Reason{session.Slow}) {
			t.Fatalf("ended %v", c.reasons)
		}
	})
	t.Run("signed-in time over", func(t *testing.T) {
		s, c := fresh(session.Identity{Expires: at(time.Second)})
		if s.Check(at(time.Second)); len(c.reasons) != 0 {
			t.Fatalf("ended %v too early", c.reasons)
		}
		if s.Check(at(1500 * time.Millisecond)); !slices.Equal(c.reasons, []session.Reason{session.Expired}) {
			t.Fatalf("ended %v", c.reasons)
		}
	})
}
