package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/sandlot-server/sandlot/lobby"
)

// Lobbies is where the handlers ask. A *lobby.Directory is one. Errors are
// *lobby.Error; anything else counts as a fault of the server. Its methods are
// called from many goroutines.
type Lobbies interface {
	Create(ctx context.Context, who lobby.Who, o lobby.CreateOptions) (lobby.Joined, error)
	Join(ctx context.Context, who lobby.Who, idOrCode string, role lobby.Role) (lobby.Joined, error)
	JoinAll(ctx context.Context, who lobby.Who, others []lobby.Who, idOrCode string) (lobby.Joined, error)
	Act(ctx context.Context, who lobby.Who, id string, a lobby.Action) error
	Leave(ctx context.Context, who lobby.Who, id string) error
	Get(ctx context.Context, who lobby.Who, idOrCode string) (lobby.Info, error)
	List(ctx context.Context, f lobby.Filter, p lobby.Page) (lobby.List, error)
	QuickPlay(ctx context.Context, who lobby.Who, o lobby.QuickPlayOptions) (lobby.Joined, error)
	Watch(ctx context.Context, f lobby.Filter, tell func(lobby.Changes) error) error
}

// Keys issues and checks tokens. Its methods are called from many goroutines.
type Keys interface {
	// Guest makes a token for somebody new or, if token is one of a guest that is
	// still good, another for the same. An error of the code CodeBadName is about the
	// name.
	Guest(token, name string, colour uint8) (made string, who lobby.Who, err error)
	// Verify says who a token is. Any error means that it is refused, with 401 and
	// its text, or as the *Problem that it is.
	Verify(ctx context.Context, token string) (lobby.Who, error)
}

// Config is what the handlers may vary in.
type Config struct {
	Version     string                     // shown in the OpenAPI document
	Guests      bool                       // POST /v1/guests makes tokens
	Games       []Game                     // what GET /v1/games answers
	Base        func(*http.Request) string // the site's address as this request came, "https://host"
	AllowOrigin func(*http.Request) bool   // whether the request's Origin may use this server; asked only if it has one
	BodyBytes   int64                      // of a request; more gets 413
	BodyTimeout time.Duration              // to read a request's body
	Rate        float64                    // POST requests a second from one address; 0 is without limit
	Burst       int                        // and so many at once
	Limited     func()                     // told of each 429; may be nil
	Queue       Queue                      // tickets and parties; nil: this server has none
	Stopping    <-chan struct{}            // closed when the server stops: what waits then ends; may be nil
}

// Handler serves /v1/, /openapi.json, /openapi.yaml and /docs.
type Handler struct {
	cfg     Config
	lobbies Lobbies
	keys    Keys
	huma    huma.API
	mux     *http.ServeMux
	limit   *limiter
	streams atomic.Int64 // long polls and event streams now
	http    http.Handler
}

// New makes the handler. It panics if the documents cannot be made, which is a
// mistake in this package and nothing a caller could mend.
func New(cfg Config, lobbies Lobbies, keys Keys) *Handler {
	if cfg.Limited == nil {
		cfg.Limited = func() {}
	}
	h := &Handler{cfg: cfg, lobbies: lobbies, keys: keys, mux: http.NewServeMux(), limit: newLimiter(cfg.Rate, cfg.Burst)}
	h.huma = humago.New(h.mux, document(cfg.Version))
	h.guests()
	h.games()
	h.lists()
	h.joins()
	h.watch()
	if cfg.Queue != nil {
		h.tickets()
		h.parties()
	}
	h.addExamples()
	h.documents()
	h.mux.HandleFunc("/", h.nothing)
	h.http = h.guard(etag(h.mux))
	return h
}

// ServeHTTP answers one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.http.ServeHTTP(w, r) }

func document(version string) huma.Config {
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title:   "Sandlot",
				Version: version,
				Description: "Guests, games, lobbies, quick play, tickets and parties. Joining answers with the address of a WebSocket and " +
					"a pass that opens it once; what is spoken there is in PROTOCOL.md.",
			},
			Tags: []*huma.Tag{
				{Name: "players", Description: "Who somebody is"},
				{Name: "games", Description: "What can be played here"},
				{Name: "lobbies", Description: "Where it is played"},
				{Name: "tickets", Description: "Who is matched with whom"},
			},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"token": {Type: "http", Scheme: "bearer", BearerFormat: "JWT", Description: "A player's token, of POST /v1/guests or of the configured issuer."},
				},
			},
		},
		Formats:       map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat: "application/json",
	}
}

// documents serves the OpenAPI document and the page, both made once.
func (h *Handler) documents() {
	spec, err := json.MarshalIndent(h.huma.OpenAPI(), "", "  ")
	if err != nil {
		panic(fmt.Errorf("write the OpenAPI document: %w", err))
	}
	yaml, err := h.huma.OpenAPI().YAML()
	if err != nil {
		panic(fmt.Errorf("write the OpenAPI document: %w", err))
	}
	h.static("GET /openapi.json", "application/openapi+json", spec)
	h.static("GET /openapi.yaml", "application/openapi+yaml", yaml)
	h.static("GET /docs", "text/html; charset=utf-8", docsPage(h.huma.OpenAPI()))
	h.static("GET /docs/style.css", "text/css; charset=utf-8", docsStyle)
}

func (h *Handler) static(pattern, kind string, body []byte) {
	h.mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(body)
	})
}
