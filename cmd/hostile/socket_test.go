package hostile

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// The opcodes of RFC 6455.
const (
	opContinue = 0
	opText     = 1
	opBinary   = 2
	opClose    = 8
	opPing     = 9
	opPong     = 10
)

// socket is a WebSocket made by hand: it sends whatever it is told to.
type socket struct {
	net.Conn
	in     *bufio.Reader
	resp   *http.Response // to the handshake
	schema *state.Schema
	got    []byte // all payloads so far, one after the other

	mirror *state.Mirror // of states watched
	tick   uint32        // of the newest of them
}

// dial opens a TCP connection that the test's end closes.
func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(patience))
	return c
}

// upgrade asks for a WebSocket with these lines of header beside the usual ones.
func upgrade(t *testing.T, addr, query string, header ...string) *socket {
	t.Helper()
	s, err := tryUpgrade(dial(t, addr), query, header...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func tryUpgrade(c net.Conn, query string, header ...string) (*socket, error) {
	lines := append([]string{
		"GET /v1/ws" + query + " HTTP/1.1", "Host: " + c.RemoteAddr().String(), "Connection: Upgrade", "Upgrade: websocket",
		"Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol: sandlot.v1",
	}, header...)
	if _, err := io.WriteString(c, strings.Join(lines, "\r\n")+"\r\n\r\n"); err != nil {
		return nil, err
	}
	s := &socket{Conn: c, in: bufio.NewReader(c)}
	var err error
	s.resp, err = http.ReadResponse(s.in, nil)
	return s, err
}

// bearer is the header line that carries a credential.
func bearer(token string) string { return "Authorization: Bearer " + token }

// body is the rest of a refused handshake's answer.
func (s *socket) body() string {
	b, _ := io.ReadAll(s.resp.Body)
	return string(b)
}

// frame is a frame as a client sends it: first is FIN, RSV and opcode.
func frame(first byte, payload []byte) []byte { return claimed(first, uint64(len(payload)), payload) }

// claimed is a frame whose header says length, whatever follows.
func claimed(first byte, length uint64, payload []byte) []byte {
	f := []byte{first}
	switch {
	case length < 126:
		f = append(f, 0x80|byte(length))
	case length < 1<<16:
		f = binary.BigEndian.AppendUint16(append(f, 0x80|126), uint16(length))
	default:
		f = binary.BigEndian.AppendUint64(append(f, 0x80|127), length)
	}
	f = append(f, 0, 0, 0, 0) // a mask that changes nothing
	return append(f, payload...)
}

const fin = 0x80

// raw sends bytes as they are.
func (s *socket) raw(b ...[]byte) error {
	for _, p := range b {
		if _, err := s.Write(p); err != nil {
			return err
		}
	}
	return nil
}

// say sends one message.
func (s *socket) say(message []byte) error { return s.raw(frame(fin|opBinary, message)) }

// closed is the error of a connection that the server closed.
type closed struct {
	code uint16
	text string
}

func (c closed) Error() string { return fmt.Sprintf("%d %s", c.code, c.text) }

// next reads one message and answers pings; a closed error at the end, 1006 where no
// close frame came.
func (s *socket) next() ([]byte, error) {
	for {
		op, payload, err := s.frameIn()
		switch {
		case errors.Is(err, io.EOF) || err != nil && !errors.Is(err, errTimeout):
			return nil, closed{1006, "lost"}
		case err != nil:
			return nil, err
		case op == opClose && len(payload) >= 2:
			return nil, closed{binary.BigEndian.Uint16(payload), string(payload[2:])}
		case op == opClose:
			return nil, closed{1005, ""}
		case op == opPing:
			_ = s.raw(frame(fin|opPong, payload))
		case op == opBinary:
			s.got = append(s.got, payload...)
			return payload, nil
		}
	}
}

var errTimeout = errors.New("nothing came in time")

func (s *socket) frameIn() (op byte, payload []byte, err error) {
	var h [10]byte
	if _, err = io.ReadFull(s.in, h[:2]); err != nil {
		if e := net.Error(nil); errors.As(err, &e) && e.Timeout() {
			err = errTimeout
		}
		return 0, nil, err
	}
	n := uint64(h[1] & 0x7f)
	switch n {
	case 126:
		if _, err = io.ReadFull(s.in, h[2:4]); err == nil {
			n = uint64(binary.BigEndian.Uint16(h[2:]))
		}
	case 127:
		if _, err = io.ReadFull(s.in, h[2:10]); err == nil {
			n = binary.BigEndian.Uint64(h[2:])
		}
	}
	if err != nil || n > 64<<20 {
		return 0, nil, errors.Join(err, io.ErrUnexpectedEOF)
	}
	payload = make([]byte, n)
	_, err = io.ReadFull(s.in, payload)
	return h[0] & 0x0f, payload, err
}

// message reads on until one of the type comes, and decodes it.
func (s *socket) message(kind wire.Type) (*wire.ServerMessage, error) {
	for {
		b, err := s.next()
		if err != nil {
			return nil, err
		}
		m := new(wire.ServerMessage)
		if err := wire.DecodeServer(b, s.schema, m); err != nil {
			return nil, fmt.Errorf("the server said %x: %w", b, err)
		}
		if m.Type == wire.TypeWelcome {
			s.schema = m.Welcome.Schema
		}
		if m.Type == kind {
			return m, nil
		}
	}
}

// end reads on until the connection is closed, and says how.
func (s *socket) end() string {
	for {
		if _, err := s.next(); err != nil {
			return err.Error()
		}
	}
}

// dialFor is dial for who has no test at hand; nil where it fails.
func dialFor(addr string) net.Conn {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return broken{}
	}
	_ = c.SetDeadline(time.Now().Add(patience))
	return c
}

// broken is a connection that could not be made.
type broken struct{ net.Conn }

func (broken) RemoteAddr() net.Addr      { return &net.TCPAddr{} }
func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
func (broken) Close() error              { return nil }
