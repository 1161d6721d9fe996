package sim

import (
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Streams of chance of one seed: those of the two lanes, and others.
const (
	Up = iota
	Down
	streamOutages
	streamCut
	streamDial
)

// Conn is a connection behind a link. All its methods are those of net.Conn, and
// safe as those are.
type Conn struct {
	net.Conn
	up, down          *pipe // what is written, what is read
	upLimit, downStop *deadline
	reading           sync.Mutex
	cut               atomic.Pointer[time.Timer] // nil: none
	closing           sync.Once
	closed            error
}

// Wrap puts a connection behind a link, from now on. The Conn owns it. Equal
// seeds give equal faults for equal traffic at equal times.
func Wrap(beneath net.Conn, l Link, seed uint64) *Conn {
	now := time.Now()
	c := &Conn{
		Conn:     beneath,
		up:       newPipe(NewLane(l, seed, Up, now)),
		down:     newPipe(NewLane(l, seed, Down, now)),
		upLimit:  newDeadline(),
		downStop: newDeadline(),
	}
	if l.Cut > 0 {
		c.cut.Store(time.AfterFunc(l.CutAfter(seed), c.Break))
	}
	go c.pumpUp()
	go c.pumpDown()
	return c
}

// Break cuts the connection as a lost network does: with an error on both sides.
func (c *Conn) Break() {
	if t, ok := c.Conn.(interface{ SetLinger(int) error }); ok {
		_ = t.SetLinger(0) // a reset, and not a goodbye
	}
	c.shut(fmt.Errorf("simulated cut: %w", syscall.ECONNRESET))
}

// Close implements net.Conn. What is on its way is lost.
func (c *Conn) Close() error {
	c.shut(net.ErrClosed)
	return c.closed
}

func (c *Conn) shut(why error) {
	c.closing.Do(func() {
		if t := c.cut.Load(); t != nil {
			t.Stop()
		}
		c.up.end(why)
		c.down.end(why)
		c.closed = c.Conn.Close()
	})
}

// Read implements net.Conn.
func (c *Conn) Read(b []byte) (int, error) {
	c.reading.Lock()
	defer c.reading.Unlock()
	if c.downStop.passed() {
		return 0, c.failed("read", errTimeout)
	}
	n, err := c.down.take(b, c.downStop.done())
	return n, c.failed("read", err)
}

// Write implements net.Conn. It returns when all of b is on its way, as a socket
// does, and not when it has arrived.
func (c *Conn) Write(b []byte) (int, error) {
	if c.upLimit.passed() {
		return 0, c.failed("write", errTimeout)
	}
	n, err := c.up.put(b, c.upLimit.done())
	return n, c.failed("write", err)
}

// SetDeadline implements net.Conn.
func (c *Conn) SetDeadline(t time.Time) error {
	c.downStop.set(t)
	c.upLimit.set(t)
	return nil
}

// SetReadDeadline implements net.Conn.
func (c *Conn) SetReadDeadline(t time.Time) error {
	c.downStop.set(t)
	return nil
}

// SetWriteDeadline implements net.Conn.
func (c *Conn) SetWriteDeadline(t time.Time) error {
	c.upLimit.set(t)
	return nil
}

// pumpUp writes what is due to the connection beneath.
func (c *Conn) pumpUp() {
	b := make([]byte, 16<<10)
	for {
		n, err := c.up.take(b, nil)
		if err != nil {
			return
		}
		if _, err := c.Conn.Write(b[:n]); err != nil {
			c.up.end(err)
			return
		}
	}
}

// pumpDown reads from the connection beneath.
func (c *Conn) pumpDown() {
	b := make([]byte, 16<<10)
	for {
		n, err := c.Conn.Read(b)
		if _, e := c.down.put(b[:n], nil); e != nil {
			return
		}
		if err != nil {
			c.down.finish(err)
			return
		}
	}
}
