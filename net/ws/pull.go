package ws

import (
	"errors"
	"sync"
	"time"

	"github.com/lxzan/gws"

	"github.com/sandlot-server/sandlot/net/session"
)

const (
	// maxPull is how many bytes the Loop takes from one connection at a tick;
	// the rest waits in the socket. It is the longest message.
	maxPull = 4 << 10
	// maxUnfinished is how many bytes may come without completing a message: the
	// longest one in pieces, and then some. Empty fragments end here.
	maxUnfinished = 8 << 10
)

// buffers are what is read into, for as long as that takes: a connection at
// rest holds none.
var buffers = sync.Pool{New: func() any { return new([maxUnfinished + maxPull]byte) }}

// pull hands what has come to the session, message by message, without
// waiting. Only who reads the connection calls it. It reports whether the
// connection is to be waited on again.
func (p *peer) pull(now time.Time) bool {
	buf := buffers.Get().(*[maxUnfinished + maxPull]byte)
	defer buffers.Put(buf)
	p.now = now
	p.conn.trying, p.conn.dry = true, false
	defer func() { p.conn.trying = false }()
	n := copy(buf[:], p.rest)
	for read := 0; ; {
		used := p.messages(buf[:n])
		if p.closed.Load() {
			p.rest = nil
			return false
		}
		n = copy(buf[:], buf[used:n])
		if n > maxUnfinished {
			p.sock.fault(session.Protocol)
			p.over()
			return false
		}
		if read >= maxPull && p.conn.gate.isShut() {
			break
		}
		got, err := p.stream.Read(buf[n:min(len(buf), n+maxPull)])
		n += got
		read += got
		if errors.Is(err, errAgain) {
			break
		}
		if err != nil {
			p.messages(buf[:n])
			p.over()
			return false
		}
	}
	p.keep(buf[:n])
	return true
}

// keep remembers the beginning of a message.
func (p *peer) keep(b []byte) {
	if len(b) == 0 {
		if cap(p.rest) > 0 {
			p.rest = nil
		}
		return
	}
	p.rest = append(p.rest[:0], b...)
}

// messages lets the library read the whole messages in b, and gives their
// length in all.
func (p *peer) messages(b []byte) (used int) {
	for !p.closed.Load() {
		n, alone := whole(b[used:])
		if n == 0 {
			break
		}
		p.sock.message, p.sock.alone = b[used:used+n], alone
		used += n
		m, err := p.socket.ReadMessage()
		if err != nil {
			p.over()
			break
		}
		if alone { // that was nothing, after a control frame
			_ = m.Close()
			continue
		}
		p.message(m)
	}
	p.sock.message = nil
	return used
}

// message hands one to the session.
func (p *peer) message(m *gws.Message) {
	defer m.Close()
	if m.Opcode != gws.OpcodeBinary {
		p.end(session.Binary, "")
		return
	}
	if s := p.session.Load(); s != nil {
		s.Receive(m.Bytes(), p.now)
		return
	}
	if p.hello != nil {
		p.hello.receive(p, m.Bytes())
	}
}

// over ends a connection that can be read no further.
func (p *peer) over() {
	if p.sock.verdict != (session.Reason{}) {
		p.end(p.sock.verdict, "")
	}
	p.end(session.Lost, "") // the first reason stays
}
