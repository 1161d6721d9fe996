package client

import (
	"context"
	"sync"
	"time"

	"github.com/sandlot-server/sandlot/net/wire"
)

// ticks calls OnTick at the pace of a running match. It is the client's second
// goroutine.
func (c *Client) ticks(ctx context.Context) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	var due time.Time
	for {
		interval, period := c.interval()
		if interval == 0 {
			due = time.Time{}
			select {
			case <-c.wake:
				continue
			case <-ctx.Done():
				return
			}
		}
		now := time.Now()
		if due.IsZero() || now.Sub(due) > 4*period { // begun, or stalled: no burst
			due = now
		}
		due = due.Add(interval)
		timer.Reset(due.Sub(now))
		select {
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		c.turn.Lock()
		if c.Playing() {
			c.o.OnTick(c)
		}
		c.turn.Unlock()
	}
}

// interval is the time to the next input, 0 while no match runs.
func (c *Client) interval() (interval, period time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.playing() {
		return 0, 0
	}
	return c.pace.Interval(c.period()), c.period()
}

func (v *view) period() time.Duration { return time.Second / time.Duration(max(v.rate, 1)) }

// playing: a match runs and its state is here.
func (v *view) playing() bool {
	return v.welcomed && v.hasState && v.lobby.Phase == wire.PhaseRunning
}

// wakeTicks is called with mu held.
func (c *Client) wakeTicks() {
	if c.o.OnTick == nil || !c.playing() {
		return
	}
	select {
	case c.wake <- struct{}{}:
	default: // it is awake, or about to be
	}
}

// pings sends pings from a timer, quickly at first.
type pings struct {
	mu    sync.Mutex
	timer *time.Timer
	over  bool
	sent  int
}

func (c *Client) startPings() *pings {
	p := &pings{}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.timer = time.AfterFunc(pingQuick, func() {
		c.ping()
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.over {
			return
		}
		if p.sent++; p.sent < pingQuicks {
			p.timer.Reset(pingQuick)
		} else {
			// A server that reads at its ticks answers the sooner the later in
			// its tick a ping comes: not always at the same moment of it.
			p.timer.Reset(pingEvery + time.Duration(p.sent%7)*pingShift)
		}
	})
	return p
}

func (p *pings) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = true
	p.timer.Stop()
}
