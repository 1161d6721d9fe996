package dial

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/lxzan/gws"
)

// Dial opens a connection, within ctx and the timeout. A server that refuses is
// a *Refused. The connection is the caller's, who has to Run it, or to Break it if
// that will not happen; both release it.
func Dial(ctx context.Context, o Options) (*Conn, error) {
	o = o.withDefaults()
	u, err := url.Parse(o.URL)
	if err != nil {
		return nil, fmt.Errorf("parse url: %w", err)
	}
	if u.Scheme != "ws" && u.Scheme != "wss" || u.Host == "" {
		return nil, fmt.Errorf("dial %q: not a ws or wss url", u.Redacted())
	}
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	raw, err := connect(ctx, u, &o)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", u.Host, err)
	}
	c, err := upgrade(ctx, raw, &o)
	if err != nil {
		_ = raw.Close()
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, fmt.Errorf("upgrade at %s: %w", u.Host, err)
	}
	return c, nil
}

// connect opens the connection beneath, with TLS for wss.
func connect(ctx context.Context, u *url.URL, o *Options) (net.Conn, error) {
	port := u.Port()
	if port == "" {
		port = map[string]string{"ws": "80", "wss": "443"}[u.Scheme]
	}
	raw, err := o.NetDial(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil || u.Scheme == "ws" {
		return raw, err
	}
	conf := &tls.Config{}
	if o.TLS != nil {
		conf = o.TLS.Clone()
	}
	if conf.ServerName == "" {
		conf.ServerName = u.Hostname()
	}
	secure := tls.Client(raw, conf)
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = raw.Close()
		return nil, err
	}
	return secure, nil
}

// upgrade shakes hands on raw, which the caller closes on error.
func upgrade(ctx context.Context, raw net.Conn, o *Options) (*Conn, error) {
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	defer stop()
	c := &Conn{idle: o.Idle}
	held := &heldConn{Conn: raw, hold: true}
	ws, resp, err := gws.NewClientFromConn(c, o.option(), held)
	if resp != nil && resp.StatusCode != http.StatusSwitchingProtocols {
		err := refused(resp)
		_ = raw.Close() // first: closing the body reads what is left of it
		_ = resp.Body.Close()
		return nil, err
	}
	if err != nil {
		return nil, err
	}
	if !stop() { // ctx ended meanwhile and has closed raw
		return nil, ctx.Err()
	}
	held.hold = false
	c.ws = ws
	return c, nil
}

// option makes a fresh gws option: the library changes what it is given.
func (o *Options) option() *gws.ClientOption {
	header := o.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	if len(o.Protocols) > 0 {
		header.Set("Sec-WebSocket-Protocol", strings.Join(o.Protocols, ", "))
	}
	return &gws.ClientOption{
		Addr:                o.URL,
		RequestHeader:       header,
		HandshakeTimeout:    o.Timeout,
		ReadBufferSize:      readBuffer,
		ReadMaxPayloadSize:  o.MaxMessage,
		WriteMaxPayloadSize: defaultMaxMessage,
		CheckUtf8Enabled:    true,
		Logger:              silent{},
	}
}

// heldConn does not close during the handshake, for the library closes a
// refused one before its body could be read.
type heldConn struct {
	net.Conn
	hold bool
}

// Close implements net.Conn.
func (h *heldConn) Close() error {
	if h.hold {
		return nil
	}
	return h.Conn.Close()
}

type silent struct{}

func (silent) Error(...any) {}
