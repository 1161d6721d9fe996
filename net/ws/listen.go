package ws

import (
	"crypto/tls"
	"net"
)

// Listen wraps a TCP listener so that connections never block a writer once
// they are WebSockets. Put TLS above it: tls.NewListener(ws.Listen(l, m), …).
// A nil m counts nothing.
func Listen(l net.Listener, m Metrics) net.Listener {
	if m == nil {
		m = NoMetrics{}
	}
	return listener{l, m}
}

type listener struct {
	net.Listener
	metrics Metrics
}

func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return newConn(c, l.metrics), nil
}

// beneath finds our connection beneath what was hijacked, and gives what
// frames are to be written to. Connections that did not come through Listen
// are wrapped now, above TLS if there is any: that works too, but every write
// over TLS then takes the goroutine.
func beneath(hijacked net.Conn, m Metrics) (stream net.Conn, c *conn) {
	switch h := hijacked.(type) {
	case *conn:
		return h, h
	case *tls.Conn:
		if c, ok := h.NetConn().(*conn); ok {
			return h, c
		}
	}
	c = newConn(hijacked, m)
	return c, c
}
