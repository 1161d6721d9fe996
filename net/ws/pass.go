package ws

import (
	"bufio"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"net"
	"os"
	"sync/atomic"
	"time"

	"github.com/sandlot-server/sandlot/net/session"
)

// tunnelBuffer is what a tunnel holds each way, in bytes. A side that does not
// read stops the other: the home then sees a slow client, as it would without us.
const tunnelBuffer = 4 << 10

// tunnel is one socket that is passed through: two goroutines, one each way. Bytes
// go on as they are, close frames with their codes among them; a side that ends
// without one ends the other without one.
type tunnel struct {
	down, up net.Conn      // the client's and the home's
	fromUp   *bufio.Reader // may hold what came with the answer
	fromDown *bufio.Reader // and with the request
	silent   time.Duration // neither side is silent for longer: the home pings
	blocked  time.Duration // and no write takes longer
	after    time.Duration // what clients are told at a stop

	stopped atomic.Bool
}

// run returns when both ways have ended; done is called then.
func (t *tunnel) run(done func()) {
	defer done()
	up := make(chan struct{})
	go func() {
		defer close(up)
		t.carry(t.up, t.down, t.fromDown, nil)
	}()
	t.carry(t.down, t.up, t.fromUp, new(frames))
	<-up
	_ = t.down.Close()
	_ = t.up.Close()
}

// carry passes on what from says until it ends, then lets the other side answer
// for a moment. Frames are told apart where a stop must come between two.
func (t *tunnel) carry(to, from net.Conn, in *bufio.Reader, between *frames) {
	defer func() {
		endWrite(to)
		_ = to.SetReadDeadline(time.Now().Add(closeWait))
	}()
	for {
		t.wait(from, between)
		if _, err := in.Peek(1); err != nil {
			if between == nil || !t.stopped.Load() || !errors.Is(err, os.ErrDeadlineExceeded) {
				return
			}
			if between.between() {
				_ = to.SetWriteDeadline(time.Now().Add(t.blocked))
				_, _ = to.Write(closeFrame(session.Restart, session.After(t.after)))
				return
			}
			_ = from.SetReadDeadline(time.Now().Add(closeWait)) // the rest of a frame
			if _, err := in.Peek(1); err != nil {
				return
			}
		}
		p, _ := in.Peek(in.Buffered())
		if between != nil {
			between.pass(p)
		}
		_ = to.SetWriteDeadline(time.Now().Add(t.blocked))
		if _, err := to.Write(p); err != nil {
			_ = from.SetReadDeadline(time.Unix(1, 0))
			return
		}
		_, _ = in.Discard(len(p))
	}
}

// wait bounds the next read.
func (t *tunnel) wait(from net.Conn, between *frames) {
	_ = from.SetReadDeadline(time.Now().Add(t.silent))
	if between != nil && t.stopped.Load() { // stop came before: its deadline counts
		_ = from.SetReadDeadline(time.Unix(1, 0))
	}
}

// stop ends the tunnel between two frames of the home's.
func (t *tunnel) stop() {
	t.stopped.Store(true)
	_ = t.up.SetReadDeadline(time.Unix(1, 0))
}

// cut breaks both sides.
func (t *tunnel) cut() {
	_ = t.down.Close()
	_ = t.up.Close()
}

// endWrite says that nothing more comes, and leaves the other way open.
func endWrite(c net.Conn) {
	switch c := c.(type) {
	case *tls.Conn:
		_ = c.CloseWrite()
	case *conn:
		endWrite(c.Conn)
	case *net.TCPConn:
		_ = c.CloseWrite()
	default:
		_ = c.Close()
	}
}

// frames knows where in a stream of frames (RFC 6455, 5.2) one ends.
type frames struct {
	head [14]byte
	have int    // bytes of head
	left uint64 // of the payload
}

// between says whether what passed ended with a frame.
func (f *frames) between() bool { return f.have == 0 && f.left == 0 }

// pass takes the next bytes of the stream.
func (f *frames) pass(p []byte) {
	for len(p) > 0 {
		if f.left > 0 {
			n := min(f.left, uint64(len(p)))
			f.left -= n
			p = p[n:]
			continue
		}
		f.head[f.have] = p[0]
		f.have++
		p = p[1:]
		if f.have >= 2 && f.have == f.size() {
			f.left, f.have = f.payload(), 0
		}
	}
}

// size is the head's length, of which two bytes are there.
func (f *frames) size() int {
	n := 2
	switch f.head[1] & 0x7f {
	case 126:
		n += 2
	case 127:
		n += 8
	}
	if f.head[1]&0x80 != 0 {
		n += 4
	}
	return n
}

func (f *frames) payload() uint64 {
	switch n := f.head[1] & 0x7f; n {
	case 126:
		return uint64(binary.BigEndian.Uint16(f.head[2:]))
	case 127:
		return binary.BigEndian.Uint64(f.head[2:])
	default:
		return uint64(n)
	}
}
