package ws

import (
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// conn is a connection of ours, from Accept on and beneath TLS. Until it is
// loosened it is the connection it wraps. After that its Write never blocks:
// it tries once, keeps what the socket did not take, and starts a goroutine
// that writes the rest before all else.
//
// Bound: what is kept is at most what its writers write while it is blocked;
// sessions write nothing then but a close frame. A rest that is not gone after
// writeLimit ends the connection.
type conn struct {
	net.Conn
	metrics Metrics
	raw     syscall.RawConn // nil where one try is not to be had: then all goes through the goroutine
	once    func(fd uintptr) bool
	loose   atomic.Bool

	mu       sync.Mutex
	try      attempt   // of the write under way
	left     []byte    // not yet written, in order
	flushing bool      // the goroutine runs
	since    time.Time // when it started
	finish   bool      // shut the sending side once nothing is left
	err      error     // the first failure, for ever
}

// writeLimit ends a blocked connection: the session's 5 s and one more for the
// close frame.
const writeLimit = 6 * time.Second

func newConn(c net.Conn, m Metrics) *conn {
	n := &conn{Conn: c, metrics: m}
	n.once = n.try.write // made once: a closure a write would be garbage
	if sc, ok := c.(syscall.Conn); ok && canTry {
		if raw, err := sc.SyscallConn(); err == nil {
			n.raw = raw
		}
	}
	return n
}

// loosen makes writes never block. For connections that became WebSockets.
func (c *conn) loosen() {
	tune(c.raw, c.Conn)
	c.loose.Store(true)
}

// Read is the one place where bytes of clients come in.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.metrics.Bytes(n, 0)
	return n, err
}

// Write never blocks once the connection is loose, and then takes all of p or
// fails.
func (c *conn) Write(p []byte) (int, error) {
	if !c.loose.Load() {
		n, err := c.Conn.Write(p)
		c.metrics.Bytes(0, n)
		return n, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.err != nil:
		return 0, c.err
	case c.finish:
		return 0, net.ErrClosed
	case c.flushing:
		c.left = append(c.left, p...)
		return len(p), nil
	}
	n, err := c.attempt(p)
	c.metrics.Bytes(0, n)
	if err != nil {
		c.err = err
		return n, err
	}
	if n < len(p) {
		c.left = append(c.left[:0], p[n:]...)
		c.flushing, c.since = true, time.Now()
		c.metrics.Shorted()
		go c.flush()
	}
	return len(p), nil
}

// attempt tries to write once; mu held.
func (c *conn) attempt(p []byte) (int, error) {
	if c.raw == nil {
		return 0, nil
	}
	c.try.p, c.try.n, c.try.err = p, 0, nil
	err := c.raw.Write(c.once)
	c.try.p = nil
	if err == nil {
		err = c.try.err
	}
	return c.try.n, err
}

// attempt is one write system call, without waiting for room.
type attempt struct {
	p   []byte
	n   int
	err error
}

// flush writes what is left until nothing is, or the limit has passed.
func (c *conn) flush() {
	_ = c.Conn.SetWriteDeadline(time.Now().Add(writeLimit))
	var batch []byte
	for {
		c.mu.Lock()
		batch, c.left = c.left, batch[:0]
		if len(batch) == 0 || c.err != nil {
			c.settle()
			c.mu.Unlock()
			return
		}
		c.mu.Unlock()
		n, err := c.Conn.Write(batch)
		c.metrics.Bytes(0, n)
		if err != nil {
			c.mu.Lock()
			c.err = err
			c.mu.Unlock()
			c.abort()
		}
	}
}

// settle ends flushing; mu held.
func (c *conn) settle() {
	_ = c.Conn.SetWriteDeadline(time.Time{})
	c.left, c.flushing = nil, false
	if c.finish && c.err == nil {
		shutWrite(c.Conn)
	}
}

// Blocked says whether something is left, and since when.
func (c *conn) Blocked() (time.Time, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.since, c.flushing
}

// end shuts the sending side after what is left, and the receiving side at the
// latest after wait: a reader then returns. The descriptor stays open; it is
// closed by who reads.
func (c *conn) end(wait time.Duration) {
	_ = c.Conn.SetReadDeadline(time.Now().Add(wait))
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.finish {
		return
	}
	c.finish = true
	if !c.flushing {
		shutWrite(c.Conn)
	}
}

// abort gives the connection up: a reader returns at once, and what the kernel
// holds is thrown away with the descriptor.
func (c *conn) abort() {
	if t, ok := c.Conn.(*net.TCPConn); ok {
		_ = t.SetLinger(0)
	}
	_ = c.Conn.SetReadDeadline(time.Unix(1, 0))
}

// SetWriteDeadline is ours alone once the connection is loose: nothing waits,
// and TLS would cut off what is left with its deadlines.
func (c *conn) SetWriteDeadline(t time.Time) error {
	if c.loose.Load() {
		return nil
	}
	return c.Conn.SetWriteDeadline(t)
}

// SetDeadline is like SetWriteDeadline, but sets the reader's.
func (c *conn) SetDeadline(t time.Time) error {
	if c.loose.Load() {
		return c.Conn.SetReadDeadline(t)
	}
	return c.Conn.SetDeadline(t)
}

// NetConn gives what is wrapped.
func (c *conn) NetConn() net.Conn { return c.Conn }

// shutWrite sends the end of the stream where the connection can.
func shutWrite(c net.Conn) {
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
}
