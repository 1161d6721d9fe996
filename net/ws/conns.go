package ws

import (
	"context"
	"sync"
	"time"

	"github.com/sandlot-server/sandlot/net/session"
)

const (
	// sweep is how often sessions are checked for limits of time.
	sweep = 500 * time.Millisecond
	// grace is how long a stop waits for connections to end by themselves.
	grace = closeWait + time.Second
)

// conns is the registry of all connections: http.Server.Shutdown does not know
// them.
type conns struct {
	mu       sync.Mutex
	open     map[*peer]struct{}
	stopping bool
	empty    chan struct{} // closed when stopping and none is left
}

func newConns() *conns { return &conns{open: map[*peer]struct{}{}, empty: make(chan struct{})} }

// add registers p, before its goroutine starts; false when stopping.
func (c *conns) add(p *peer) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopping {
		return false
	}
	c.open[p] = struct{}{}
	p.h.cfg.Metrics.Connections(1)
	return true
}

// remove unregisters p; only its reader does, once.
func (c *conns) remove(p *peer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.open, p)
	p.h.cfg.Metrics.Connections(-1)
	if c.stopping && len(c.open) == 0 {
		close(c.empty)
	}
}

// all appends the open connections to dst.
func (c *conns) all(dst []*peer) []*peer {
	c.mu.Lock()
	defer c.mu.Unlock()
	for p := range c.open {
		dst = append(dst, p)
	}
	return dst
}

// stop refuses new connections from now on.
func (c *conns) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopping {
		return
	}
	c.stopping = true
	if len(c.open) == 0 {
		close(c.empty)
	}
}

func (c *conns) len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.open)
}

// Run watches over the sessions until ctx ends, then tells all of them 1001,
// waits for 3 s at most, and closes what is left. Run it before serving; it
// returns when the last connection's goroutine is gone.
func (h *Handler) Run(ctx context.Context) error {
	tick := time.NewTicker(sweep)
	defer tick.Stop()
	var list []*peer
	for {
		select {
		case <-ctx.Done():
			h.shut()
			return nil
		case now := <-tick.C:
			list = h.conns.all(list[:0])
			for _, p := range list {
				if s := p.session.Load(); s != nil {
					s.Check(now)
				}
			}
			clear(list)
		}
	}
}

// shut ends all connections.
func (h *Handler) shut() {
	defer h.watchers.stop()
	h.conns.stop()
	for _, p := range h.conns.all(nil) {
		p.end(session.Restart, session.After(h.cfg.RestartAfter))
	}
	h.tunnels.stop()
	passed := make(chan struct{})
	go func() {
		defer close(passed)
		h.tunnels.all.Wait()
	}()
	late := time.After(grace)
	for _, gone := range []<-chan struct{}{h.conns.empty, passed} {
		select {
		case <-gone:
			continue
		case <-late:
		}
		for _, p := range h.conns.all(nil) {
			p.conn.abort()
		}
		h.tunnels.cut()
		break
	}
	<-passed
	<-h.conns.empty
}
