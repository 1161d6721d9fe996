package ws

import (
	"encoding/binary"
	"errors"
	"net"
	"time"

	"github.com/sandlot-server/sandlot/net/session"
)

// maxUnfinished is how many bytes may come without completing a message: the
// longest message in pieces, and then some. Empty fragments end here.
const maxUnfinished = 8 << 10

var errUnfinished = errors.New("too many bytes without a whole message")

// sock is the connection as the library sees it. Reads go through, counted;
// after the upgrade nothing that the library writes does: its close frames
// would carry texts that are not ours, so they only tell what went wrong. Only
// the reading goroutine uses it.
type sock struct {
	peer       *peer
	early      []byte // came before the upgrade
	upgraded   bool
	unfinished int            // bytes since the last whole message
	verdict    session.Reason // what the library would have closed with
}

var _ net.Conn = (*sock)(nil)

func (s *sock) Read(p []byte) (n int, err error) {
	if s.unfinished > maxUnfinished {
		s.verdict = session.Protocol
		return 0, errUnfinished
	}
	if len(s.early) > 0 {
		n = copy(p, s.early)
		s.early = s.early[n:]
	} else {
		n, err = s.peer.stream.Read(p)
	}
	s.unfinished += n
	return n, err
}

// finished notes a whole message.
func (s *sock) finished() { s.unfinished = 0 }

func (s *sock) Write(p []byte) (int, error) {
	if !s.upgraded {
		return s.peer.stream.Write(p)
	}
	if len(p) >= 4 && p[0] == 0x88 && s.verdict == (session.Reason{}) {
		s.verdict = faults[binary.BigEndian.Uint16(p[2:])]
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
