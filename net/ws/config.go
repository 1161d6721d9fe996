package ws

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/sandlot-server/sandlot/net/session"
)

// Subprotocol is the one spoken here.
const Subprotocol = "sandlot.v1"

// Door decides who comes in; lobby.Directory implements it. It may ask other
// machines, within ctx.
type Door interface {
	// Claim accepts or refuses. A refusal is a *session.Refusal; any other
	// error is a fault of the server (503 and close 1011).
	Claim(ctx context.Context, c session.Claim) (session.Admission, error)
}

// Config is how the door behaves. The zero value of a field means its default.
type Config struct {
	Session      session.Config
	Origins      []string                 // allowed besides the request's own host: "https://play.example.com", "*"
	Hello        bool                     // allow sign-in by a first message
	HelloTimeout time.Duration            // 3 s
	ClaimTimeout time.Duration            // how long the Door may think: 5 s
	Cookie       string                   // name of the sign-in cookie: "sandlot_token"
	Gate         Gate                     // bounds sockets by address; nil: none
	Secure       func(*http.Request) bool // is the client's own connection encrypted; nil: where this one is
	Peers        Peers                    // passes sockets through to other instances; zero: none are
	RestartAfter time.Duration            // what clients are told to wait at least when this server stops; 0: unsaid
	Log          *slog.Logger             // nil: none
	Metrics      Metrics                  // nil: none
}

// Metrics counts handshakes and connections. Methods must not block.
type Metrics interface {
	Handshake(result string) // "ok" or a refusal's code; bounded
	Connections(delta int)   // open WebSocket connections
	Tunnels(delta int)       // sockets that are passed through to other instances
	Panic()                  // a panic was caught
	Shorted()                // a socket took only part of a write
	Bytes(read, written int) // on the sockets, beneath TLS
}

// NoMetrics counts nothing.
type NoMetrics struct{}

func (NoMetrics) Handshake(string) {}
func (NoMetrics) Connections(int)  {}
func (NoMetrics) Tunnels(int)      {}
func (NoMetrics) Panic()           {}
func (NoMetrics) Shorted()         {}
func (NoMetrics) Bytes(int, int)   {}

func (c Config) withDefaults() Config {
	if c.HelloTimeout == 0 {
		c.HelloTimeout = 3 * time.Second
	}
	if c.ClaimTimeout == 0 {
		c.ClaimTimeout = 5 * time.Second
	}
	if c.Cookie == "" {
		c.Cookie = "sandlot_token"
	}
	if c.Peers.Most == 0 {
		c.Peers.Most = 5000
	}
	if c.Gate == nil {
		c.Gate = noGate{}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Metrics == nil {
		c.Metrics = NoMetrics{}
	}
	return c
}
