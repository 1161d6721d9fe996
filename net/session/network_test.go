package session_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/sim"
	"github.com/sandlot-server/sandlot/net/wire"
)

// behind is a client whose network is simulated.
func behind(t *testing.T, link string) *client {
	t.Helper()
	c := newClient(t, 1, nil, time.Now())
	c.s.Simulate(must(t, link), 1)
	return c
}

func must(t *testing.T, link string) sim.Link {
	t.Helper()
	l, err := sim.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (c *client) heard() int {
	synctest.Wait()
	c.inbox.mu.Lock()
	defer c.inbox.mu.Unlock()
	return len(c.inbox.in)
}

func (c *client) sent() int {
	synctest.Wait()
	c.read()
	return len(c.kinds)
}

func pass(d time.Duration) { <-time.After(d) }

func TestSimulatedDelayIsHalfEachWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := behind(t, "100ms")
		c.s.Receive(wire.AppendReady(nil, wire.Ready{Ready: true}), time.Now())
		c.s.Event(wire.AppendSlip(nil, wire.Slip{Ticks: 1}))
		c.s.Flush()
		pass(49 * time.Millisecond)
		if c.heard() != 0 || c.sent() != 0 {
			t.Fatalf("after 49 ms: %d heard, %d sent", c.heard(), c.sent())
		}
		pass(time.Millisecond)
		if c.heard() != 1 || c.sent() != 1 {
			t.Fatalf("after 50 ms: %d heard, %d sent", c.heard(), c.sent())
		}
		// A ping and its answer take a round trip, and its clock is that of its arrival.
		at := time.Now()
		c.s.Receive(wire.AppendPing(nil, wire.Ping{ClientTime: 1}), time.Now())
		pass(99 * time.Millisecond)
		if c.sent() != 1 {
			t.Fatal("the pong came before the round trip was over")
		}
		pass(time.Millisecond)
		if c.sent() != 2 || c.msg.Pong.ReceivedUS != uint64(at.Add(50*time.Millisecond).UnixMicro()) {
			t.Fatalf("after 100 ms: %d sent, the last %+v", c.sent(), c.msg.Pong)
		}
		c.s.Close(session.Bye)
	})
}

// Whatever the jitter and the losses, what was said comes, once and in order.
func TestSimulatedNetworkKeepsOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := behind(t, "80ms±60ms,20%")
		var want strings.Builder
		for i := range 50 {
			if i == 25 {
				c.s.Simulate(must(t, "20ms"), 1) // a better one: nothing overtakes
			}
			text := strings.Repeat("x", 1+i%7)
			want.WriteString(text + " ")
			c.s.Receive(wire.AppendChat(nil, wire.Chat{Text: text}), time.Now())
			pass(60 * time.Millisecond)
		}
		pass(time.Minute / 4)
		var got strings.Builder
		for _, in := range c.inbox.in[:c.heard()] {
			got.WriteString(in.Text + " ")
		}
		if got.String() != want.String() {
			t.Errorf("said  %s\nheard %s", want.String(), got.String())
		}
		c.s.Close(session.Bye)
	})
}

func TestSimulationEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := behind(t, "10s")
		c.s.Receive(wire.AppendStart(nil), time.Now())
		c.s.Control(wire.AppendSlip(nil, wire.Slip{Ticks: 1}))
		c.s.Flush()
		c.s.Simulate(sim.Link{}, 0)
		if c.heard() != 1 || c.sent() != 1 {
			t.Fatalf("what was on its way: %d heard, %d sent", c.heard(), c.sent())
		}
		c.s.Receive(wire.AppendStart(nil), time.Now())
		if len(c.inbox.in) != 2 { // on this goroutine
			t.Fatal("then nothing is held any more")
		}
		// What a client says before it goes is heard, and what it was told goes out.
		c.s.Simulate(must(t, "10s"), 0)
		c.s.Receive(wire.AppendLeave(nil), time.Now())
		c.s.Control(wire.AppendSlip(nil, wire.Slip{Ticks: 2}))
		c.s.Close(session.Bye)
		if c.heard() != 3 || c.sent() != 2 || len(c.inbox.gone) != 1 {
			t.Fatalf("at the end: %d heard, %d sent, %d ends", c.heard(), c.sent(), len(c.inbox.gone))
		}
	})
}

func TestSimulatedCutAndHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := behind(t, "10ms,cut=10s")
		pass(16 * time.Second)
		if r, over := c.s.Ended(); !over || r != session.Lost {
			t.Errorf("cut: ended %v with %v", over, r)
		}
		c = behind(t, "10ms,hang=1s")
		pass(2 * time.Second)
		c.s.Receive(wire.AppendStart(nil), time.Now())
		pass(28 * time.Second)
		c.s.Check(time.Now())
		if r, over := c.s.Ended(); !over || r != session.Lost || c.heard() != 0 {
			t.Errorf("hang: ended %v with %v, %d heard", over, r, c.heard())
		}
	})
}

// What is on its way is bounded in both directions.
func TestSimulatedNetworkIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := behind(t, "10s")
		for range 10_000 {
			c.s.Pong(time.Now()) // has no bytes of its own
		}
		if r, over := c.s.Ended(); !over || r != session.RateLimit {
			t.Errorf("a flood: ended %v with %v", over, r)
		}
		c = behind(t, "100ms,1KB/s")
		chat := wire.AppendChatOut(nil, &wire.ChatOut{Text: strings.Repeat("x", 500)})
		for i := range 400 {
			c.s.Event(chat)
			c.s.Flush()
			if _, over := c.s.Ended(); over && i < 200 {
				t.Fatal("the events lane holds what the network does not take")
			}
		}
		if r, over := c.s.Ended(); !over || r != session.Slow {
			t.Errorf("a slow network: ended %v with %v", over, r)
		}
	})
}

// gatedConn counts how often the Loop reads it.
type gatedConn struct {
	conn
	reads, releases int
}

func (c *gatedConn) Read(time.Time) { c.reads++ }
func (c *gatedConn) Prefetch()      {}
func (c *gatedConn) Release()       { c.releases++ }

func TestSimulatedConnectionsAreNotGated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, m, c := session.NewGroup(schema, nil), newMatch(), &gatedConn{}
		s := session.New(c, session.Identity{Player: 1}, schema, nil, time.Now())
		g.Add(s)
		g.Read(m)
		s.Simulate(must(t, "100ms"), 1)
		g.Read(m)
		if c.reads != 1 || c.releases != 1 {
			t.Errorf("%d reads, %d releases", c.reads, c.releases)
		}
		s.Simulate(sim.Link{}, 1)
		g.Read(m)
		if c.reads != 2 {
			t.Error("afterwards it is read at the tick again")
		}
		s.Close(session.Bye)
	})
}
