package client

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Run connects and stays connected, and returns when that is over: nil after
// Close, when ctx ended, or when the server confirmed that the client left; else
// the *Ending, *Problem or other error that coming back will not mend. Run is
// called once.
func (c *Client) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	c.mu.Lock()
	c.cancel = cancel
	c.mu.Unlock()
	var ticks sync.WaitGroup
	if c.o.OnTick != nil {
		ticks.Go(func() { c.ticks(ctx) })
	}
	err := c.stay(ctx)
	cancel()
	ticks.Wait()
	c.renewals.Wait()
	c.mu.Lock()
	c.err = err
	c.mu.Unlock()
	c.status(Over, err)
	close(c.done)
	return err
}

// stay makes connections, one after the other.
func (c *Client) stay(ctx context.Context) error {
	for attempt, hops := 0, 0; ; {
		c.status(Connecting, nil)
		began := time.Now()
		welcomed, err := c.connect(ctx)
		if ctx.Err() != nil {
			return nil
		}
		again := c.route.after(err)
		if again.over {
			return again.err
		}
		c.count(func(s *Stats) { s.Errors, s.LastError = s.Errors+again.count, err })
		if welcomed {
			c.count(func(s *Stats) { s.Reconnects++ })
			hops = 0
		}
		if welcomed && time.Since(began) >= stable {
			attempt = 0
		}
		if again.moved && hops < maxHops {
			hops++
			continue
		}
		if c.o.Backoff.over(attempt + 1) {
			return err
		}
		c.status(Waiting, err)
		if !sleep(ctx, c.o.Backoff.Wait(attempt, c.o.Chance(), again.wait)) {
			return nil
		}
		attempt++
	}
}

// sleep waits for d; false when ctx ended before.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// connect makes one connection and stays until it ends, which is always an
// error, an *Ending if there was a connection.
func (c *Client) connect(ctx context.Context) (welcomed bool, err error) {
	o, err := c.door(ctx)
	if err != nil {
		return false, err
	}
	s, err := c.o.Dial(ctx, o)
	if err != nil {
		return false, err
	}
	c.mu.Lock()
	c.socket, c.welcomed = s, false
	c.mu.Unlock()
	stop := context.AfterFunc(ctx, func() { s.Close(codeBye, "bye") })
	pings := c.startPings()
	end := s.Run(func(p []byte) { c.receive(ctx, p) })
	stop()
	pings.stop()
	c.mu.Lock()
	c.socket, c.hasState, c.commands.held = nil, false, true
	welcomed = c.welcomed
	if welcomed {
		c.route.resume, c.route.failures = c.welcome.Resume, 0
	}
	c.mu.Unlock()
	ending := ParseEnding(end.Code, end.Reason)
	ending.Err = end.Err
	if ending.Code == codeLost {
		ending.Word = "lost"
	}
	return welcomed, ending
}

func (c *Client) status(s Status, err error) {
	if c.o.OnStatus == nil {
		return
	}
	c.turn.Lock()
	defer c.turn.Unlock()
	c.o.OnStatus(c, s, err)
}

var errNowhere = errors.New("nowhere to go: none of Lobby, Create, Game and Joined is set")
