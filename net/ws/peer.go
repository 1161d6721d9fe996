package ws

import (
	"crypto/tls"
	"encoding/binary"
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

// peer is one WebSocket connection. It is the session's Conn.
type peer struct {
	h      *Handler
	stream net.Conn // frames are written here: TLS, or conn itself
	conn   *conn    // the socket beneath
	sock   sock
	socket *gws.Conn
	remote string

	session atomic.Pointer[session.Session] // nil until signed in
	closed  atomic.Bool
	aborted atomic.Bool
	once    sync.Once
	hello   *hello // first-message sign-in under way; the reading goroutine's
}

var _ session.Conn = (*peer)(nil)

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
		p.closed.Store(true)
		if r == session.Lost { // there is nobody to tell
			p.aborted.Store(true)
			p.conn.abort()
			return
		}
		_, _ = p.stream.Write(closeFrame(r, detail)) // fails only where all is lost
		if t, ok := p.stream.(*tls.Conn); ok {
			_ = t.CloseWrite()
		}
		p.conn.end(closeWait)
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

// run reads until the connection is over. It is the connection's goroutine,
// and the only one that closes the descriptor. begin is called first.
func (p *peer) run(begin func()) {
	defer p.h.conns.remove(p)
	defer p.conn.Conn.Close()
	defer func() {
		if v := recover(); v != nil {
			p.h.cfg.Metrics.Panic()
			p.h.cfg.Log.Error("panic on a connection", "panic", v, "stack", string(debug.Stack()))
			p.end(session.Internal, "")
		}
		p.end(session.Lost, "") // whatever happened; the first reason stays
		if p.hello != nil {
			p.hello.stop()
		}
	}()
	begin()
	p.socket.ReadLoop()
	p.drain()
}

// maxDrain is how many bytes a closed connection is still read for.
const maxDrain = 256 << 10

// drain reads on after we closed, until the client has closed too: a
// descriptor closed with unread bytes resets the connection, and the client
// would never see the close frame.
func (p *peer) drain() {
	if p.aborted.Load() {
		return
	}
	_, _ = io.CopyN(io.Discard, p.conn, maxDrain) // ends with the deadline that Close set
}

// attach makes the session and hands it to its lobby.
func (p *peer) attach(a session.Admission) {
	s := session.New(p, a.Identity(), a.Schema(), p.h.session, time.Now())
	p.session.Store(s)
	a.Attach(s)
}

// events are the library's callbacks, on the connection's goroutine.
type events struct{ gws.BuiltinEventHandler }

func of(c *gws.Conn) *peer { return c.NetConn().(*sock).peer }

// OnMessage hands a message to the session.
func (events) OnMessage(c *gws.Conn, m *gws.Message) {
	defer m.Close()
	p := of(c)
	p.sock.finished()
	if p.closed.Load() {
		return
	}
	if m.Opcode != gws.OpcodeBinary {
		p.end(session.Binary, "")
		return
	}
	if s := p.session.Load(); s != nil {
		s.Receive(m.Bytes(), time.Now())
		return
	}
	p.hello.receive(p, m.Bytes())
}

// OnPing answers through the outbox, newest only.
func (events) OnPing(c *gws.Conn, payload []byte) {
	p := of(c)
	p.sock.finished()
	if s := p.session.Load(); s != nil {
		s.Ping(payload, time.Now())
	}
}

// OnPong notes a sign of life.
func (events) OnPong(c *gws.Conn, _ []byte) {
	p := of(c)
	p.sock.finished()
	if s := p.session.Load(); s != nil {
		s.Pong(time.Now())
	}
}

// OnClose comes once, when ReadLoop is over.
func (events) OnClose(c *gws.Conn, err error) {
	p := of(c)
	if _, byPeer := err.(*gws.CloseError); byPeer && p.sock.verdict == (session.Reason{}) {
		p.end(session.Bye, "")
		return
	}
	if p.sock.verdict != (session.Reason{}) {
		p.end(p.sock.verdict, "")
		return
	}
	p.end(session.Lost, "")
}
