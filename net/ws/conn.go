package ws

import (
	"io"
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
// Where a watcher has it, the descriptor is its own: off the runtime's poller,
// and closed by close alone. Every use of it is under mu, or by its reader, who
// is the one that closes it: a reused number would read another player's bytes.
//
// Bound: what is kept is at most what its writers write while it is blocked;
// sessions write nothing then but a close frame. A rest that is not gone after
// writeLimit ends the connection.
type conn struct {
	// What each tick touches comes first and lies together: see peer.Prefetch.
	fd       int // the socket's descriptor, -1 where one try is not to be had
	gate     gate
	trying   bool // reads do not wait; the reader's alone
	dry      bool // a read found less than there was room for; the reader's alone
	finish   bool // shut the sending side once nothing is left
	gone     bool // the descriptor is closed
	loose    atomic.Bool
	flushing atomic.Bool // the goroutine runs; set with mu held
	mu       sync.Mutex
	metrics  Metrics
	err      error // the first failure, for ever

	net.Conn           // nil once a watcher has it
	watcher  *watcher  // nil: a goroutine reads, and waits with Conn
	place    int32     // in the watcher
	spill    waiting   // of a flush, where a watcher has the connection
	left     []byte    // not yet written, in order
	since    time.Time // when flushing started
	until    time.Time // when a closing connection stops reading; zero: it is not closing
}

// waiting is a descriptor on the runtime's poller: a net.Conn or an os.File.
type waiting interface {
	io.WriteCloser
	SetWriteDeadline(time.Time) error
}

// writeLimit ends a blocked connection: the session's 5 s and one more for the
// close frame.
const writeLimit = 6 * time.Second

func newConn(c net.Conn, m Metrics) *conn {
	n := &conn{Conn: c, metrics: m, fd: -1}
	if sc, ok := c.(syscall.Conn); ok && canTry {
		if raw, err := sc.SyscallConn(); err == nil {
			_ = raw.Control(func(fd uintptr) { n.fd = int(fd) })
		}
	}
	return n
}

// loosen makes writes never block. For connections that became WebSockets.
func (c *conn) loosen() {
	tune(c.fd, c.Conn)
	c.loose.Store(true)
}

// Read is the one place where bytes of clients come in. It waits for them, or,
// while its reader tries, fails with errAgain.
func (c *conn) Read(p []byte) (n int, err error) {
	switch {
	case !c.trying:
		n, err = c.Conn.Read(p)
	case c.dry:
		return 0, errAgain
	default:
		n, err = tryRead(c.fd, p)
		c.dry = n < len(p)
	}
	if n > 0 {
		c.metrics.Bytes(n, 0)
	}
	return n, err
}

// again is a failed try. TLS goes on after errors that are temporary.
type again struct{}

func (again) Error() string   { return "nothing to read yet" }
func (again) Timeout() bool   { return true }
func (again) Temporary() bool { return true }

var errAgain error = again{}

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
	case c.finish || c.gone:
		return 0, net.ErrClosed
	case c.flushing.Load():
		c.left = append(c.left, p...)
		return len(p), nil
	}
	n, err := tryWrite(c.fd, p)
	c.metrics.Bytes(0, n)
	if err != nil {
		c.err = err
		return n, err
	}
	if n < len(p) {
		c.left = append(c.left[:0], p[n:]...)
		c.since = time.Now()
		c.flushing.Store(true)
		c.metrics.Shorted()
		go c.flush()
	}
	return len(p), nil
}

// Blocked says whether something is left, and since when.
func (c *conn) Blocked() (time.Time, bool) {
	if !c.flushing.Load() {
		return time.Time{}, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.since, c.flushing.Load()
}

// end shuts the sending side after what is left, and the receiving side at the
// latest after wait: a reader then returns. The descriptor stays open; it is
// closed by who owns it.
func (c *conn) end(wait time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.finish || c.gone {
		return
	}
	c.finish = true
	c.over(time.Now().Add(wait))
	if !c.flushing.Load() {
		c.shutWrite()
	}
}

// abort gives the connection up: a reader returns at once, and what the kernel
// holds is thrown away with the descriptor.
func (c *conn) abort() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.giveUp()
}

// giveUp is abort with mu held.
func (c *conn) giveUp() {
	if c.gone {
		return
	}
	discard(c.fd)
	c.over(past)
}

// past is a deadline that interrupts a reader.
var past = time.Unix(1, 0)

// over tells the reader to stop at the latest at t; mu held.
func (c *conn) over(t time.Time) {
	if c.until.IsZero() || t.Before(c.until) {
		c.until = t
	}
	c.gate.state.Store(gateOver)
	if c.watcher != nil {
		c.watcher.arm(c.fd, c.place)
		return
	}
	_ = c.Conn.SetReadDeadline(c.until)
}

// late says that a closing connection was read for long enough.
func (c *conn) late(now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.until.IsZero() && !now.Before(c.until)
}

// close gives the descriptor back. Only the reader calls it, as its last act.
func (c *conn) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gone {
		return
	}
	c.gone = true
	if c.spill != nil {
		_ = c.spill.Close()
	}
	if c.watcher == nil {
		_ = c.Conn.Close()
		return
	}
	c.watcher.remove(c.fd, c.place)
	closeFD(c.fd)
}

// SetWriteDeadline is ours alone once the connection is loose: nothing waits,
// and TLS would cut off what is left with its deadlines.
func (c *conn) SetWriteDeadline(t time.Time) error {
	if c.loose.Load() {
		return nil
	}
	return c.Conn.SetWriteDeadline(t)
}

// SetReadDeadline is ours alone too, then: see end and abort.
func (c *conn) SetReadDeadline(t time.Time) error {
	if c.loose.Load() {
		return nil
	}
	return c.Conn.SetReadDeadline(t)
}

// SetDeadline is both.
func (c *conn) SetDeadline(t time.Time) error {
	if c.loose.Load() {
		return nil
	}
	return c.Conn.SetDeadline(t)
}

// nowhere is the address of a connection that a watcher has: nobody asks for it
// any more.
type nowhere struct{}

func (nowhere) Network() string { return "tcp" }
func (nowhere) String() string  { return "" }

// LocalAddr is known until the connection becomes a WebSocket.
func (c *conn) LocalAddr() net.Addr {
	if c.Conn == nil {
		return nowhere{}
	}
	return c.Conn.LocalAddr()
}

// RemoteAddr is like LocalAddr.
func (c *conn) RemoteAddr() net.Addr {
	if c.Conn == nil {
		return nowhere{}
	}
	return c.Conn.RemoteAddr()
}

// shutWrite sends the end of the stream where the connection can; mu held.
func (c *conn) shutWrite() {
	if c.fd >= 0 {
		shutFD(c.fd)
		return
	}
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
}
