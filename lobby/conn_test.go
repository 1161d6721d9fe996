package lobby_test

import (
	"sync"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/session"
)

// conn is a session.Conn that records.
type conn struct {
	mu     sync.Mutex
	frames [][]byte
	writes int
}

func (c *conn) Write(p []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writes++
	for len(p) > 0 {
		op, n, head := p[0], int(p[1]), 2
		if n == 126 {
			n, head = int(p[2])<<8|int(p[3]), 4
		}
		if op == 0x82 {
			c.frames = append(c.frames, append([]byte(nil), p[head:head+n]...))
		}
		p = p[head+n:]
	}
	return nil
}

func (c *conn) take() [][]byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	got := c.frames
	c.frames = nil
	return got
}

func (c *conn) Blocked() (time.Time, bool)   { return time.Time{}, false }
func (c *conn) Close(session.Reason, string) {}
func (c *conn) RemoteAddr() string           { return "192.0.2.1:1000" }

// counts is a lobby.Metrics that adds up.
type counts struct {
	lobby.NoMetrics
	mu                        sync.Mutex
	ticks, slipped, panics    int
	lobbies, people, bots     int
	matches                   int
	late                      []time.Duration
	chatLocal, chatRemote     int
	chatLimited, inboxRefused int
}

func (c *counts) add(f func()) { c.mu.Lock(); defer c.mu.Unlock(); f() }

func (c *counts) TickLate(_ string, d time.Duration) {
	c.add(func() { c.ticks++; c.late = append(c.late, d) })
}
func (c *counts) Slipped(_ string, n int) { c.add(func() { c.slipped += n }) }
func (c *counts) GamePanic(string)        { c.add(func() { c.panics++ }) }
func (c *counts) Lobbies(_ string, n int) { c.add(func() { c.lobbies += n }) }
func (c *counts) Seats(_ string, people, bots int) {
	c.add(func() { c.people += people; c.bots += bots })
}
func (c *counts) MatchStarted(string) { c.add(func() { c.matches++ }) }
func (c *counts) InboxFull(string)    { c.add(func() { c.inboxRefused++ }) }
func (c *counts) Chat(outcome string) {
	c.add(func() {
		switch outcome {
		case "local":
			c.chatLocal++
		case "remote":
			c.chatRemote++
		case "limited":
			c.chatLimited++
		}
	})
}
