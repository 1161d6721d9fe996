package ws

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/sandlot-server/sandlot/net/session"
)

// PeerHeader carries one instance's signed word to another. What shows it is
// believed only by its signature, or refused.
const PeerHeader = "Sandlot-Peer"

// Peers says how sockets are passed through to the instances that they are for.
type Peers struct {
	// Sign makes the word for a home, for this run of it: it forwards what sum names
	// for the client at remote.
	Sign func(to session.Home, sum, remote string) (string, error)
	TLS  *tls.Config // to instances whose address is https; nil: the system's
	Most int         // sockets that are passed through at once: 5,000
}

// SocketSum names the opening of a socket, for the word that goes with it.
const SocketSum = "socket"

// maxRelayed bounds what is read of a home that does not upgrade, in bytes.
const maxRelayed = 8 << 10

// tunnels are the sockets that are passed through. At most Peers.Most: further
// ones are refused with 503.
type tunnels struct {
	mu       sync.Mutex
	open     map[*tunnel]struct{}
	taken    int // open, or about to be
	stopping bool
	all      sync.WaitGroup
}

// take takes a place; false when there is none.
func (t *tunnels) take(most int) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stopping || t.taken >= most {
		return false
	}
	t.taken++
	t.all.Add(1)
	return true
}

func (t *tunnels) leave() {
	t.mu.Lock()
	t.taken--
	t.mu.Unlock()
	t.all.Done()
}

// add registers one that holds a place; false when stopping.
func (t *tunnels) add(n *tunnel) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stopping {
		return false
	}
	if t.open == nil {
		t.open = map[*tunnel]struct{}{}
	}
	t.open[n] = struct{}{}
	return true
}

func (t *tunnels) remove(n *tunnel) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.open, n)
}

// stop tells all clients 1001 between two of their frames. Further ones are refused.
func (t *tunnels) stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stopping = true
	for n := range t.open {
		n.stop()
	}
}

// cut breaks what is left.
func (t *tunnels) cut() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for n := range t.open {
		n.cut()
	}
}

// through passes a socket through to the home that no names, or refuses. The
// place at the Gate stays the client's as long as that goes on.
func (h *Handler) through(w http.ResponseWriter, r *http.Request, place *visit, from origin, no *session.Refusal) {
	busy := func(message string) *session.Refusal {
		return &session.Refusal{Status: http.StatusServiceUnavailable, Code: "cross_unavailable", Message: message, Reason: session.Busy, RetryAfter: 2 * time.Second}
	}
	if h.cfg.Peers.Sign == nil || !h.tunnels.take(h.cfg.Peers.Most) {
		h.refuse(w, r, place, from, busy("no further connection can be passed on to the lobby's instance now"))
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), h.cfg.ClaimTimeout)
	defer cancel()
	up, in, resp, err := h.knock(ctx, r, no.Home)
	if err != nil {
		h.tunnels.leave()
		h.cfg.Log.Debug("the lobby's instance cannot be reached", "home", no.Home.Name, "error", err)
		h.refuse(w, r, place, from, busy("the lobby's instance cannot be reached now"))
		return
	}
	if resp.StatusCode != http.StatusSwitchingProtocols {
		defer h.tunnels.leave()
		defer up.Close()
		h.cfg.Metrics.Handshake("passed_refused")
		_ = up.SetReadDeadline(time.Now().Add(h.cfg.ClaimTimeout)) // a home that stops in the middle holds nobody
		relay(w, resp)
		return
	}
	if err := h.join(w, place, up, in, resp); err != nil {
		h.tunnels.leave()
		_ = up.Close()
		h.cfg.Log.Debug("pass a socket through", "error", err)
	}
}

// knock asks the home for a socket as the client did, with our word for where the
// client is.
func (h *Handler) knock(ctx context.Context, r *http.Request, home session.Home) (net.Conn, *bufio.Reader, *http.Response, error) {
	at, err := url.Parse(home.URL)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("read the home's address: %w", err)
	}
	word, err := h.cfg.Peers.Sign(home, SocketSum, r.RemoteAddr)
	if err != nil {
		return nil, nil, nil, err
	}
	up, err := h.reach(ctx, at)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("connect to %s: %w", home.Name, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = up.SetDeadline(time.Unix(1, 0)) })
	out := &http.Request{Method: http.MethodGet, URL: &url.URL{Path: r.URL.Path, RawQuery: r.URL.RawQuery}, Host: r.Host, Header: forwarded(r.Header)}
	out.Header.Set(PeerHeader, word)
	in := bufio.NewReaderSize(up, tunnelBuffer)
	err = out.Write(up)
	var resp *http.Response
	if err == nil {
		resp, err = http.ReadResponse(in, out)
	}
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		_ = up.Close()
		return nil, nil, nil, fmt.Errorf("ask %s for a socket: %w", home.Name, err)
	}
	return up, in, resp, nil
}

func (h *Handler) reach(ctx context.Context, at *url.URL) (net.Conn, error) {
	d := &net.Dialer{}
	host, port := at.Hostname(), at.Port()
	if at.Scheme != "https" {
		if port == "" {
			port = "80"
		}
		return d.DialContext(ctx, "tcp", net.JoinHostPort(host, port))
	}
	if port == "" {
		port = "443"
	}
	return (&tls.Dialer{NetDialer: d, Config: h.cfg.Peers.TLS}).DialContext(ctx, "tcp", net.JoinHostPort(host, port))
}

// forwarded is what of a client's header goes on: not what it or proxies say of
// its address, for which our word stands.
func forwarded(head http.Header) http.Header {
	out := head.Clone()
	for _, name := range []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Keep-Alive", "Te", "Trailer", "Transfer-Encoding"} {
		out.Del(name)
	}
	out.Set("Connection", "Upgrade")
	out.Set("Upgrade", "websocket")
	return out
}

// relay gives the client the home's refusal.
func relay(w http.ResponseWriter, resp *http.Response) {
	defer resp.Body.Close()
	for _, name := range []string{"Content-Type", "Cache-Control", "X-Content-Type-Options", "Www-Authenticate", "Retry-After", "Location"} {
		if values := resp.Header.Values(name); len(values) > 0 {
			w.Header()[name] = values
		}
	}
	w.WriteHeader(resp.StatusCode)
	_, _ = io.Copy(w, io.LimitReader(resp.Body, maxRelayed))
}

// join takes the client's connection over and starts passing on.
func (h *Handler) join(w http.ResponseWriter, place *visit, up net.Conn, in *bufio.Reader, resp *http.Response) error {
	down, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		answer(w, &session.Refusal{Status: http.StatusNotImplemented, Code: "no_hijack", Message: "this connection cannot become a WebSocket"})
		return fmt.Errorf("take the connection over: %w", err)
	}
	_, c := beneath(down, h.cfg.Metrics)
	tune(c.fd, c.Conn)
	t := &tunnel{
		down: down, up: up, fromUp: in, fromDown: rw.Reader, after: h.cfg.RestartAfter,
		silent: h.session.Dead + closeWait, blocked: h.session.BlockedWrite + time.Second,
	}
	leave := place.take()
	end := func() {
		h.tunnels.remove(t)
		h.cfg.Metrics.Tunnels(-1)
		leave()
		h.tunnels.leave()
	}
	h.cfg.Metrics.Tunnels(1)
	h.cfg.Metrics.Handshake("passed")
	registered := h.tunnels.add(t)
	_ = down.SetWriteDeadline(time.Now().Add(t.blocked))
	head := &http.Response{StatusCode: resp.StatusCode, ProtoMajor: 1, ProtoMinor: 1, Header: resp.Header}
	if err := head.Write(down); err != nil || !registered {
		t.cut()
	}
	go t.run(end)
	return nil
}
