package ws

import (
	"encoding/binary"
	"errors"
	"net"
	"time"

	"github.com/sandlot-server/sandlot/net/session"
)

var errUnfinished = errors.New("read beyond a whole message")

// sock is the connection as the library sees it. It reads one whole message at
// a time, which its peer has put there, so that a read never waits; after the
// upgrade nothing that the library writes goes out: its close frames would carry
// texts that are not ours, so they only tell what went wrong. Only who reads the
// connection uses it.
type sock struct {
	peer     *peer
	message  []byte // what is left of it
	alone    bool   // it is a control frame alone: nothing follows it
	upgraded bool
	verdict  session.Reason // what the library would have closed with
}

var _ net.Conn = (*sock)(nil)

// nothing is an empty message. The library wants one after a control frame.
var nothing = []byte{0x82, 0x80, 0, 0, 0, 0}

func (s *sock) Read(p []byte) (int, error) {
	if len(s.message) == 0 {
		if !s.alone {
			s.fault(session.Protocol) // it and whole disagree
			return 0, errUnfinished
		}
		s.message, s.alone = nothing, false
	}
	n := copy(p, s.message)
	s.message = s.message[n:]
	return n, nil
}

// fault notes what is wrong; the first fault stays.
func (s *sock) fault(r session.Reason) {
	if s.verdict == (session.Reason{}) {
		s.verdict = r
	}
}

func (s *sock) Write(p []byte) (int, error) {
	if !s.upgraded {
		return s.peer.stream.Write(p)
	}
	if len(p) >= 4 && p[0] == 0x88 {
		s.fault(faults[binary.BigEndian.Uint16(p[2:])])
	}
	return len(p), nil
}

// faults are the library's codes that are the client's fault.
var faults = map[uint16]session.Reason{
	1002: session.Protocol,
	1003: session.Binary,
	1007: session.Encoding,
	1009: session.TooBig,
}

// Close does nothing: the goroutine that reads closes the descriptor.
func (s *sock) Close() error { return nil }

func (s *sock) LocalAddr() net.Addr              { return s.peer.stream.LocalAddr() }
func (s *sock) RemoteAddr() net.Addr             { return s.peer.stream.RemoteAddr() }
func (s *sock) SetDeadline(time.Time) error      { return nil } // deadlines are ours
func (s *sock) SetReadDeadline(time.Time) error  { return nil }
func (s *sock) SetWriteDeadline(time.Time) error { return nil }
