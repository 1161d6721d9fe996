package ws

import (
	"bufio"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lxzan/gws"

	"github.com/sandlot-server/sandlot/net/session"
)

// closeWait is how long a closed connection waits for the client's answer
// before the descriptor goes.
const closeWait = 2 * time.Second

// peer is one WebSocket connection. It is the session's Conn, and Gated.
type peer struct {
	// What each tick touches comes first and lies together: see Prefetch.
	conn    *conn    // the socket beneath
	stream  net.Conn // frames are written here: TLS, or conn itself
	socket  *gws.Conn
	session atomic.Pointer[session.Session] // nil until signed in
	closed  atomic.Bool
	aborted atomic.Bool
	watched bool // a watcher has the connection; set before anybody sees p

	finished bool      // the reader's, as are the next three: see gate
	drained  int       // bytes read since it was closed
	rest     []byte    // the beginning of a message
	now      time.Time // when what is being read came, or is looked at
	reader   bufio.Reader
	sock     sock

	h      *Handler
	remote string
	leave  func() // gives its place at the Gate back
	once   sync.Once
	hello  *hello // first-message sign-in under way; the reader's
}

var (
	_ session.Conn  = (*peer)(nil)
	_ session.Gated = (*peer)(nil)
)

// Write implements session.Conn.
func (p *peer) Write(frames []byte) error {
	_, err := p.stream.Write(frames)
	return err
}

// Blocked implements session.Conn.
func (p *peer) Blocked() (time.Time, bool) { return p.conn.Blocked() }

// RemoteAddr implements session.Conn.
func (p *peer) RemoteAddr() string { return p.remote }

// Close implements session.Conn. It only shuts down; the goroutine that reads
// closes the descriptor.
func (p *peer) Close(r session.Reason, detail string) {
	p.once.Do(func() {
		p.aborted.Store(r == session.Lost)
		p.closed.Store(true)
		if r == session.Lost { // there is nobody to tell
			p.conn.abort()
			if p.watched {
				go p.turn() // the caller may be reading
			}
			return
		}
		_, _ = p.stream.Write(closeFrame(r, detail)) // fails only where all is lost
		if t, ok := p.stream.(*tls.Conn); ok {
			_ = t.CloseWrite()
		}
		p.conn.end(closeWait)
		if p.watched {
			time.AfterFunc(closeWait, p.turn)
		}
	})
}

// closeFrame is a ready-made close frame.
func closeFrame(r session.Reason, detail string) []byte {
	text := r.Text(detail)
	frame := append(make([]byte, 0, 4+len(text)), 0x88, byte(2+len(text)))
	frame = binary.BigEndian.AppendUint16(frame, r.Code)
	return append(frame, text...)
}

// end closes whatever p is by now, once.
func (p *peer) end(r session.Reason, detail string) {
	if s := p.session.Load(); s != nil {
		s.CloseWith(r, detail)
		return
	}
	p.Close(r, detail)
}

// begin starts what p is, before anything is read from it.
func (p *peer) begin(f func(*peer)) {
	defer p.rescue()
	f(p)
}

// ready is told by the watcher that there is something to do. Sign-in by a first
// message may take its time: that is done elsewhere.
func (p *peer) ready() {
	if p.session.Load() == nil && !p.closed.Load() {
		go p.turn()
		return
	}
	p.turn()
}

// turn reads what has come, and waits for more; or brings a closing connection
// to its end. It does not wait, but for sign-in by a first message.
func (p *peer) turn() {
	g := &p.conn.gate
	g.reading.Lock()
	defer g.reading.Unlock()
	defer p.rescue()
	switch {
	case p.finished || g.isShut():
	case p.closed.Load():
		p.drain()
	case p.pull(time.Now()):
		p.conn.arm()
	}
}

// maxDrain is how many bytes a closed connection is still read for.
const maxDrain = 256 << 10

// drain reads on after we closed, until the client has closed too or the time
// for that is up: a descriptor closed with unread bytes resets the connection,
// and the client would never see the close frame.
func (p *peer) drain() {
	buf := buffers.Get().(*[maxUnfinished + maxPull]byte)
	defer buffers.Put(buf)
	for !p.aborted.Load() && p.drained < maxDrain && !p.conn.late(time.Now()) {
		n, err := tryRead(p.conn.fd, buf[:])
		p.drained += n
		if errors.Is(err, errAgain) {
			p.conn.arm()
			return
		}
		if err != nil {
			break
		}
	}
	p.finish()
}

// finish closes the descriptor and forgets the connection: its reader's last
// act.
func (p *peer) finish() {
	if p.hello != nil {
		p.hello.stop()
	}
	p.finished = true
	p.conn.close()
	p.h.conns.remove(p)
	p.leave()
}

// rescue, deferred, ends the connection after a panic.
func (p *peer) rescue() {
	if v := recover(); v != nil {
		p.h.cfg.Metrics.Panic()
		p.h.cfg.Log.Error("panic on a connection", "panic", v, "stack", string(debug.Stack()))
		p.end(session.Internal, "")
	}
}

// run reads until the connection is over, where no watcher has it. It is a
// goroutine of the connection's own, and the only one that closes it.
func (p *peer) run() {
	defer p.finish()
	defer func() {
		p.rescue()
		p.end(session.Lost, "") // whatever happened; the first reason stays
	}()
	p.block()
	if !p.aborted.Load() {
		_, _ = io.CopyN(io.Discard, p.conn, maxDrain) // ends with the deadline that Close set
	}
}

// block reads where there is nothing better than a read that waits.
func (p *peer) block() {
	buf := make([]byte, 1<<10)
	for {
		p.now = time.Now()
		p.keep(p.rest[p.messages(p.rest):])
		if p.closed.Load() {
			return
		}
		n, err := p.stream.Read(buf)
		p.rest = append(p.rest, buf[:n]...)
		if len(p.rest) > maxUnfinished {
			p.sock.fault(session.Protocol)
			err = errUnfinished
		}
		if err != nil && !p.closed.Load() {
			p.messages(p.rest)
			p.over()
		}
	}
}

// attach makes the session and hands it to its lobby.
func (p *peer) attach(a session.Admission) {
	s := session.New(p, a.Identity(), a.Schema(), p.h.session, time.Now())
	p.session.Store(s)
	a.Attach(s)
}

// events are the library's callbacks, from whoever reads the connection.
type events struct{ gws.BuiltinEventHandler }

func of(c *gws.Conn) *peer { return c.NetConn().(*sock).peer }

// OnPing answers through the outbox, newest only.
func (events) OnPing(c *gws.Conn, payload []byte) {
	p := of(c)
	if s := p.session.Load(); s != nil {
		s.Ping(payload, p.now)
	}
}

// OnPong notes a sign of life.
func (events) OnPong(c *gws.Conn, _ []byte) {
	p := of(c)
	if s := p.session.Load(); s != nil {
		s.Pong(p.now)
	}
}

// OnClose comes once, when the library can read no further.
func (events) OnClose(c *gws.Conn, err error) {
	p := of(c)
	if byPeer := new(gws.CloseError); errors.As(err, &byPeer) && p.sock.verdict == (session.Reason{}) {
		p.end(session.Bye, "")
		return
	}
	if p.sock.verdict != (session.Reason{}) {
		p.end(p.sock.verdict, "")
		return
	}
	p.end(session.Lost, "")
}
