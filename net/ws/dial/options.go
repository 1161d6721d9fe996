package dial

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// Options say where and how to dial. Only URL must be set.
type Options struct {
	URL       string        // ws:// or wss://
	Header    http.Header   // of the request; not changed
	Protocols []string      // subprotocols offered; if any, the server must take one
	TLS       *tls.Config   // of wss; not changed
	Timeout   time.Duration // of all until the upgrade's answer; 10 s by default

	// MaxMessage bounds a message read, in bytes: 1 MiB by default. A larger one
	// ends the connection with 1009.
	MaxMessage int
	// Idle ends a connection on which nothing arrived for so long, pings
	// included: 35 s by default.
	Idle time.Duration
	// NetDial opens the connection beneath; net.Dialer's DialContext by default.
	NetDial func(ctx context.Context, network, address string) (net.Conn, error)
}

const (
	defaultTimeout    = 10 * time.Second
	defaultIdle       = 35 * time.Second // a server pings every 10 s
	defaultMaxMessage = 1 << 20
	writeTimeout      = 5 * time.Second
	closeTimeout      = time.Second // for the other side's answer to a close
	readBuffer        = 2048
)

func (o Options) withDefaults() Options {
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.Idle <= 0 {
		o.Idle = defaultIdle
	}
	if o.MaxMessage <= 0 {
		o.MaxMessage = defaultMaxMessage
	}
	if o.NetDial == nil {
		o.NetDial = new(net.Dialer).DialContext
	}
	return o
}
