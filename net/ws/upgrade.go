package ws

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"github.com/lxzan/gws"

	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// readBuffer is the size of the library's reader, the least there is: what it
// reads is in memory already.
const readBuffer = 16

// newUpgrader makes the one upgrader. Its options are made for it alone.
func newUpgrader(events gws.Event) *gws.Upgrader {
	return gws.NewUpgrader(events, &gws.ServerOption{
		ParallelEnabled:    false, // inputs stay in order
		ParallelGolimit:    1,
		ReadMaxPayloadSize: wire.MaxClientFrame,
		ReadBufferSize:     readBuffer,
		SubProtocols:       []string{Subprotocol},
		NewSession:         func() gws.SessionStorage { return nil }, // a connection's peer is found by its NetConn
		Logger:             quiet{},
	})
}

// quiet is a logger for what we report ourselves.
type quiet struct{}

func (quiet) Error(...any) {}

// handshake checks the request as far as RFC 6455, section 4.2.1 goes, so that
// nothing fails after the hijack. nil means it is fine.
func handshake(r *http.Request, offered []string) *session.Refusal {
	no := func(status int, code, message string) *session.Refusal {
		return &session.Refusal{Status: status, Code: code, Message: message}
	}
	switch {
	case r.Method != http.MethodGet:
		return no(http.StatusMethodNotAllowed, "method", "a WebSocket begins with GET")
	case r.ProtoMajor != 1 || r.ProtoMinor < 1:
		return no(http.StatusHTTPVersionNotSupported, "http_version", "a WebSocket begins with HTTP/1.1")
	case !has(r.Header, "Connection", "upgrade") || !has(r.Header, "Upgrade", "websocket"):
		return no(http.StatusUpgradeRequired, "upgrade_required", "this is a WebSocket endpoint")
	case r.Header.Get("Sec-WebSocket-Version") != "13":
		return no(http.StatusUpgradeRequired, "version", "WebSocket version 13 is spoken here")
	}
	if key, err := base64.StdEncoding.DecodeString(r.Header.Get("Sec-WebSocket-Key")); err != nil || len(key) != 16 {
		return no(http.StatusBadRequest, "bad_key", "Sec-WebSocket-Key is not 16 bytes in base64")
	}
	for _, p := range offered {
		if p == Subprotocol {
			return nil
		}
	}
	return no(http.StatusBadRequest, "subprotocol", "offer the subprotocol "+Subprotocol)
}

// has says whether a header's list holds a word.
func has(h http.Header, name, word string) bool {
	for _, line := range h.Values(name) {
		for v := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.TrimSpace(v), word) {
				return true
			}
		}
	}
	return false
}

// upgrade takes the connection from the HTTP server and answers 101. What the
// client sent before that is read first.
func (h *Handler) upgrade(w http.ResponseWriter, r *http.Request) (*peer, error) {
	hijacked, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		answer(w, &session.Refusal{Status: http.StatusNotImplemented, Code: "no_hijack", Message: "this connection cannot become a WebSocket"})
		return nil, fmt.Errorf("take the connection over: %w", err)
	}
	stream, c := beneath(hijacked, h.cfg.Metrics)
	c.loosen()
	p := &peer{h: h, stream: stream, conn: c, remote: r.RemoteAddr}
	p.sock.peer = p
	if n := rw.Reader.Buffered(); n > 0 {
		early, _ := rw.Reader.Peek(n)
		p.rest = append([]byte(nil), early...)
	}
	// The library reads these from one header line each.
	r.Header.Set("Sec-WebSocket-Protocol", Subprotocol)
	r.Header.Set("Connection", "Upgrade")
	r.Header.Set("Upgrade", "websocket")
	r.Header.Del("Sec-WebSocket-Extensions")
	p.reader = *bufio.NewReaderSize(&p.sock, readBuffer)
	socket, err := h.upgrader.UpgradeFromConn(&p.sock, &p.reader, r)
	if err != nil {
		c.close()
		return nil, fmt.Errorf("upgrade: %w", err)
	}
	p.socket = socket
	p.sock.upgraded = true
	return p, nil
}
