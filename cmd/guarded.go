package cmd

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/api"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/ws"
)

// guarded is the lobbies as strangers reach them: codes cannot be guessed, nor
// lobbies made without end. An address that asked for ten lobbies a minute that
// are not there is told nothing more, right or wrong.
type guarded struct {
	*lobby.Directory
	guesses *buckets
	creates *buckets
}

var (
	_ api.Lobbies = (*guarded)(nil)
	_ ws.Door     = (*guarded)(nil)
)

func newGuarded(c *Config, d *lobby.Directory) *guarded {
	return &guarded{Directory: d, guesses: perMinute(c.Lobby.Guesses), creates: perMinute(c.Lobby.Creates)}
}

type remoteKey struct{}

// withRemote lets what handles r know where it came from, and marks every answer
// as what it says it is, redirects included.
func withRemote(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), remoteKey{}, r.RemoteAddr)))
	})
}

func remoteOf(ctx context.Context) string {
	remote, _ := ctx.Value(remoteKey{}).(string)
	return remote
}

// look asks for a lobby by id or code on behalf of remote. What is not clearly an
// id counts as a code, however it is written.
func (g *guarded) look(remote, name string, load bool, ask func() error) error {
	from, exempt := addressOf(remote)
	if exempt || load || lobby.IsID(name) {
		return sameAnswer(ask())
	}
	if err := g.mayGuess(from); err != nil {
		return err
	}
	err := sameAnswer(ask())
	if isNotFound(err) {
		g.guesses.take(from, time.Now())
	}
	return err
}

func (g *guarded) mayGuess(from netip.Prefix) error {
	after, ok := g.guesses.has(from, time.Now())
	if ok {
		return nil
	}
	return api.NewProblem(api.CodeRate, "too many lobbies asked for that are not there", after)
}

// sameAnswer makes a lobby that is just closing look like one that never was.
func sameAnswer(err error) error {
	var e *lobby.Error
	if errors.As(err, &e) && e.Code == lobby.CodeClosed {
		return &lobby.Error{Code: lobby.CodeNotFound, Message: "there is no lobby by that id or code"}
	}
	return err
}

func isNotFound(err error) bool {
	var e *lobby.Error
	var r *session.Refusal
	return errors.As(err, &e) && e.Code == lobby.CodeNotFound || errors.As(err, &r) && r.Code == lobby.CodeNotFound
}

// Get implements api.Lobbies.
func (g *guarded) Get(ctx context.Context, who lobby.Who, name string) (out lobby.Info, err error) {
	err = g.look(remoteOf(ctx), name, who.Load, func() error { out, err = g.Directory.Get(ctx, who, name); return err })
	return out, err
}

// Join implements api.Lobbies.
func (g *guarded) Join(ctx context.Context, who lobby.Who, name string, role lobby.Role) (out lobby.Joined, err error) {
	err = g.look(remoteOf(ctx), name, who.Load, func() error { out, err = g.Directory.Join(ctx, who, name, role); return err })
	return out, err
}

// JoinAll implements api.Lobbies.
func (g *guarded) JoinAll(ctx context.Context, who lobby.Who, others []lobby.Who, name string) (out lobby.Joined, err error) {
	err = g.look(remoteOf(ctx), name, who.Load, func() error { out, err = g.Directory.JoinAll(ctx, who, others, name); return err })
	return out, err
}

// Act implements api.Lobbies.
func (g *guarded) Act(ctx context.Context, who lobby.Who, name string, a lobby.Action) error {
	return g.look(remoteOf(ctx), name, who.Load, func() error { return g.Directory.Act(ctx, who, name, a) })
}

// Leave implements api.Lobbies.
func (g *guarded) Leave(ctx context.Context, who lobby.Who, name string) error {
	return g.look(remoteOf(ctx), name, who.Load, func() error { return g.Directory.Leave(ctx, who, name) })
}

// Create implements api.Lobbies.
func (g *guarded) Create(ctx context.Context, who lobby.Who, o lobby.CreateOptions) (lobby.Joined, error) {
	if from, exempt := addressOf(remoteOf(ctx)); !exempt && !who.Load {
		if after, ok := g.creates.take(from, time.Now()); !ok {
			return lobby.Joined{}, api.NewProblem(api.CodeRate, "too many lobbies made from this address", after)
		}
	}
	return g.Directory.Create(ctx, who, o)
}

// Claim implements ws.Door.
func (g *guarded) Claim(ctx context.Context, c session.Claim) (a session.Admission, err error) {
	if c.Lobby == "" {
		return g.Directory.Claim(ctx, c)
	}
	err = g.look(c.Remote, c.Lobby, false, func() error { a, err = g.Directory.Claim(ctx, c); return err })
	var p *api.Problem
	if errors.As(err, &p) {
		return nil, &session.Refusal{
			Status: p.Status, Code: p.Code, Message: p.Detail, Reason: session.Busy, RetryAfter: time.Duration(p.RetryAfter) * time.Second,
		}
	}
	return a, err
}
