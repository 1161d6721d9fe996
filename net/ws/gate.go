package ws

import (
	"sync"
	"sync/atomic"
	"syscall"
)

// A gate says who reads a connection. While it is open the connection's own
// goroutine does, waiting on the runtime's poller. While it is shut the
// descriptor is off the poller, so that what arrives wakes nobody, and the Loop
// reads it when it wants to. The descriptor stays the goroutine's: it alone
// takes it off the poller, puts it back and closes it; the Loop only asks.
//
//	open ─► asked ─► shut ─► open     over: closing, open for ever
type gate struct {
	state   atomic.Uint32
	reading sync.Mutex    // held by the Loop while it reads
	back    chan struct{} // wakes the goroutine; made when first shut, before it is
	never   bool          // it could not be shut once; the connection's mu
}

const (
	gateOpen  uint32 = iota
	gateAsked        // the Loop wants to read; the goroutine is being interrupted
	gateShut
	gateOver
)

func (g *gate) isShut() bool { return g.state.Load() == gateShut }

// open lets the goroutine read again.
func (g *gate) open() {
	if g.state.CompareAndSwap(gateAsked, gateOpen) {
		return
	}
	if g.state.CompareAndSwap(gateShut, gateOpen) {
		g.wake()
	}
}

// finish opens it for ever.
func (g *gate) finish() {
	if g.state.Swap(gateOver) == gateShut {
		g.wake()
	}
}

func (g *gate) wake() {
	select {
	case g.back <- struct{}{}:
	default: // it is awake
	}
}

// ask interrupts the goroutine, so that it shuts the gate. The Loop's.
func (c *conn) ask() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !canGate || c.fd < 0 || c.gate.never || c.flushing.Load() {
		return
	}
	if c.gate.state.CompareAndSwap(gateOpen, gateAsked) && c.under != nil {
		c.stale = true
		_ = c.under.SetReadDeadline(past)
	}
}

// pass changes what is to be changed: it shuts the gate if that was asked for,
// and puts the descriptor back on the poller once the gate is open again. It
// reports whether there was something to change, and fails if the descriptor
// could not be put back. The goroutine's, or a reader's for it.
func (c *conn) pass() (changed bool, err error) {
	c.gate.reading.Lock() // the Loop may be in the middle of it
	defer c.gate.reading.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.gate.state.Load() == gateAsked && c.under != nil:
		return c.shut(), nil
	case c.gate.isShut():
		return true, nil // woken for nothing
	case c.under != nil:
		if c.stale {
			c.stale = false
			_ = c.under.SetReadDeadline(c.until)
		}
		return false, nil
	}
	w, err := enroll(c.fd)
	c.under = w // it owns the descriptor, polled or not
	switch {
	case !c.until.IsZero():
		_ = w.SetReadDeadline(c.until)
	case c.gate.state.Load() == gateAsked: // again, meanwhile
		c.stale = true
		_ = w.SetReadDeadline(past)
	}
	return true, err
}

// shut takes the descriptor off the poller: a duplicate is kept, and closing
// the original takes it out. It reports whether it did; mu held.
func (c *conn) shut() bool {
	if c.flushing.Load() {
		c.stay()
		return false
	}
	fd, err := dup(c.fd)
	if err != nil {
		c.gate.never = true
		c.stay()
		return false
	}
	if c.gate.back == nil {
		c.gate.back = make(chan struct{}, 1)
	}
	_ = c.under.Close()
	c.under, c.fd = nil, fd
	// It may have been opened again meanwhile: then the next turn puts it back.
	c.gate.state.CompareAndSwap(gateAsked, gateShut)
	return true
}

// stay answers ask with no; mu held.
func (c *conn) stay() {
	c.gate.state.CompareAndSwap(gateAsked, gateOpen)
	c.stale = false
	_ = c.under.SetReadDeadline(c.until)
}

// raw is the descriptor on the poller, to wait for; nil where it is not to be
// had. The goroutine's, or a reader's for it.
func (c *conn) raw() syscall.RawConn {
	sc, ok := c.under.(syscall.Conn)
	if !ok || c.fd < 0 {
		return nil
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return nil
	}
	return raw
}
