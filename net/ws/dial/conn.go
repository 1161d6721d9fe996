package dial

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/lxzan/gws"
)

// Closing is how a connection ended.
type Closing struct {
	Code   uint16 // of the close frame; 1006 without one
	Reason string // its text
	Err    error  // what broke the connection; nil with a close frame
}

// noClose is the code of a connection that broke without a close frame, which
// no frame ever carries (RFC 6455, section 7.4.1); noCode that of an empty one.
const (
	noCode  = 1005
	noClose = 1006
)

// Conn is one open connection. Write and Close may be called from any
// goroutine.
type Conn struct {
	ws      *gws.Conn
	message func(p []byte)
	idle    time.Duration

	readBy  time.Time    // the read deadline that was set; Run's goroutine
	writeBy atomic.Int64 // the write deadline that was set, Unix nanoseconds
	closing atomic.Pointer[Closing]
	end     Closing
}

// Run reads until the connection is over and says how it ended. It calls
// message, on this goroutine, with each binary message; its bytes are valid
// during the call. Run is called once; it releases the connection.
func (c *Conn) Run(message func(p []byte)) Closing {
	c.message = message
	c.end = Closing{Code: noClose, Err: errors.New("closed before it was read")}
	c.heard()
	c.ws.ReadLoop()
	_ = c.ws.NetConn().Close()
	if own := c.closing.Load(); own != nil {
		return *own
	}
	return c.end
}

// Write sends p as one binary message. It blocks for the write timeout at most;
// an error means that the connection is over.
func (c *Conn) Write(p []byte) error {
	if c.closing.Load() != nil {
		return errors.New("write message: the connection is closing")
	}
	c.extendWrite()
	if err := c.ws.WriteMessage(gws.OpcodeBinary, p); err != nil {
		return fmt.Errorf("write message: %w", err)
	}
	return nil
}

// Close says goodbye with code and reason (at most 123 bytes); Run returns when
// the other side has answered, or after a second. The first call wins.
func (c *Conn) Close(code uint16, reason string) {
	if !c.closing.CompareAndSwap(nil, &Closing{Code: code, Reason: reason}) {
		return
	}
	// By hand: WriteClose would shut the socket at once, and what was not read
	// yet would make the kernel throw the goodbye away.
	p := append(binary.BigEndian.AppendUint16(nil, code), reason...)
	raw := c.ws.NetConn()
	_ = raw.SetWriteDeadline(time.Now().Add(closeTimeout))
	_ = c.ws.WriteMessage(gws.OpcodeCloseConnection, p)
	_ = raw.SetReadDeadline(time.Now().Add(closeTimeout))
}

// Break cuts the connection without a word, as a lost network does.
func (c *Conn) Break() { _ = c.ws.NetConn().Close() }

// Protocol is the subprotocol that the server took.
func (c *Conn) Protocol() string { return c.ws.SubProtocol() }

// heard puts off the read deadline, not at each message for its cost.
func (c *Conn) heard() {
	now := time.Now()
	if c.readBy.Sub(now) > c.idle*3/4 || c.closing.Load() != nil {
		return
	}
	c.readBy = now.Add(c.idle)
	_ = c.ws.NetConn().SetReadDeadline(c.readBy)
	if c.closing.Load() != nil { // it came between: its deadline is the nearer
		_ = c.ws.NetConn().SetReadDeadline(now.Add(closeTimeout))
	}
}

func (c *Conn) extendWrite() {
	now := time.Now()
	if c.writeBy.Load()-now.UnixNano() > int64(writeTimeout*3/4) || c.closing.Load() != nil {
		return
	}
	by := now.Add(writeTimeout)
	c.writeBy.Store(by.UnixNano())
	_ = c.ws.NetConn().SetWriteDeadline(by)
}

// OnOpen implements gws.Event.
func (c *Conn) OnOpen(*gws.Conn) {}

// OnPing implements gws.Event.
func (c *Conn) OnPing(ws *gws.Conn, p []byte) {
	c.heard()
	c.extendWrite()
	_ = ws.WritePong(p)
}

// OnPong implements gws.Event.
func (c *Conn) OnPong(*gws.Conn, []byte) { c.heard() }

// OnMessage implements gws.Event.
func (c *Conn) OnMessage(_ *gws.Conn, m *gws.Message) {
	c.heard()
	if m.Opcode == gws.OpcodeBinary {
		c.message(m.Bytes())
	}
	_ = m.Close()
}

// OnClose implements gws.Event.
func (c *Conn) OnClose(_ *gws.Conn, err error) {
	var frame *gws.CloseError
	switch {
	case !errors.As(err, &frame):
		c.end = Closing{Code: noClose, Err: err}
	case frame.Code == 0:
		c.end = Closing{Code: noCode}
	default:
		c.end = Closing{Code: frame.Code, Reason: string(frame.Reason)}
	}
}
