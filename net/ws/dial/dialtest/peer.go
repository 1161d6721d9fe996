package dialtest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"

	"github.com/lxzan/gws"
)

// Peer is the server's end of one connection. It is used by one goroutine at a
// time, and starts none.
type Peer struct {
	ws     *gws.Conn
	events *events
	// Request is what the client asked with.
	Request *http.Request
}

// Closed is the error of reading from a connection that the client closed.
type Closed struct {
	Code   uint16
	Reason string
}

// Error implements error.
func (c *Closed) Error() string { return fmt.Sprintf("closed by the client: %d %s", c.Code, c.Reason) }

// Upgrade upgrades a request that offers the subprotocol, or any if it is empty.
func Upgrade(w http.ResponseWriter, r *http.Request, protocol string) (*Peer, error) {
	p := &Peer{events: &events{}, Request: r}
	o := &gws.ServerOption{ReadMaxPayloadSize: 1 << 20, Logger: p.events}
	if protocol != "" {
		o.SubProtocols = []string{protocol}
	}
	ws, err := gws.NewUpgrader(p.events, o).Upgrade(w, r)
	if err != nil {
		return nil, fmt.Errorf("upgrade: %w", err)
	}
	p.ws = ws
	return p, nil
}

// Read waits for a message. When the client said goodbye the error is a *Closed.
func (p *Peer) Read() ([]byte, error) {
	m, err := p.ws.ReadMessage()
	if err != nil {
		var frame *gws.CloseError
		if errors.As(p.events.end, &frame) {
			return nil, &Closed{Code: frame.Code, Reason: string(frame.Reason)}
		}
		return nil, err
	}
	defer m.Close()
	return append([]byte(nil), m.Bytes()...), nil
}

// Write sends one binary message.
func (p *Peer) Write(payload []byte) error { return p.ws.WriteMessage(gws.OpcodeBinary, payload) }

// Text sends one text message.
func (p *Peer) Text(s string) error { return p.ws.WriteString(s) }

// Ping sends a ping.
func (p *Peer) Ping() error { return p.ws.WritePing(nil) }

// Close sends a close frame, then reads until the client is gone.
func (p *Peer) Close(code uint16, reason string) {
	payload := append(binary.BigEndian.AppendUint16(nil, code), reason...)
	_ = p.ws.WriteMessage(gws.OpcodeCloseConnection, payload) // a client that is gone already is fine
	for {
		if _, err := p.Read(); err != nil {
			p.Break()
			return
		}
	}
}

// Break cuts the connection without a word.
func (p *Peer) Break() { _ = p.ws.NetConn().Close() }

type events struct {
	gws.BuiltinEventHandler
	end error
}

func (e *events) OnClose(_ *gws.Conn, err error) { e.end = err }
func (*events) Error(...any)                     {}
