package ws

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
)

// A gate says who reads a connection that a watcher has. While it is open the
// watcher does, whenever something comes. While it is shut what comes wakes
// nobody, and the Loop reads it when it wants to. It is changed between reads:
// with reading held, but for the end, which anybody may bring about.
type gate struct {
	state   atomic.Uint32
	reading sync.Mutex // held by who reads
}

const (
	gateOpen uint32 = iota
	gateShut
	gateOver // closing: open for ever
)

func (g *gate) isShut() bool { return g.state.Load() == gateShut }

// shut lets what comes wake nobody; false if the connection is closing. With
// reading held.
func (c *conn) shut() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.watcher == nil || c.gone || !c.gate.state.CompareAndSwap(gateOpen, gateShut) {
		return c.gate.isShut()
	}
	c.watcher.disarm(c.fd, c.place)
	return true
}

// arm lets what comes be read by the watcher again, unless the gate is shut.
func (c *conn) arm() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.watcher != nil && !c.gone && !c.gate.isShut() {
		c.watcher.arm(c.fd, c.place)
	}
}

// Read implements session.Gated. Where no watcher has the connection it does
// nothing: messages go on coming by themselves.
func (p *peer) Read(now time.Time) {
	g := &p.conn.gate
	state := g.state.Load()
	if state == gateOver || !g.reading.TryLock() {
		return // closing, or the watcher is about it
	}
	defer g.reading.Unlock()
	if state == gateOpen && !p.conn.shut() {
		return
	}
	defer p.rescue()
	p.pull(now)
}

// Prefetch implements session.Gated.
func (p *peer) Prefetch() {
	state.Prefetch(&p.conn)
	state.Prefetch(&p.reader)
	state.Prefetch(&p.sock)
	state.Prefetch(&p.conn.gate)
	state.Prefetch(&p.conn.err)
	state.Prefetch(p.socket)
}

// Release implements session.Gated.
func (p *peer) Release() {
	if p.conn.gate.state.CompareAndSwap(gateShut, gateOpen) {
		p.turn() // what was left for the next tick
	}
}
