package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sandlot-server/sandlot/lobby"
)

type watchRequest struct {
	Game  string `query:"game" maxLength:"64" example:"arena" doc:"Only lobbies of this game."`
	Phase string `query:"phase" enum:"waiting,countdown,running,results" doc:"Only lobbies in this phase."`
	Open  bool   `query:"open" doc:"Only lobbies that a player could join now."`
}

type goneBody struct {
	ID string `json:"id" doc:"Of a lobby that is no longer in the list."`
}

const watchExample = `event: lobbies
data: {"lobbies":[{"id":"7m2k9qxd41vc","game":"arena","title":"ann's arena","phase":"waiting","players":1}],"next":""}

event: lobby
data: {"lobby":{"id":"7m2k9qxd41vc","game":"arena","title":"ann's arena","phase":"running","players":2}}

event: gone
data: {"id":"7m2k9qxd41vc"}

`

// watch streams the list of lobbies, so that no browser of lobbies polls.
func (h *Handler) watch() {
	op := streamed(h.operation(http.MethodGet, "/v1/lobbies/events", "watchLobbies", "lobbies", "Public lobbies, as they change",
		"First an event lobbies with the whole list, of at most 1,000, newest first; then an event lobby for each that came or changed, and gone for each "+
			"that left the list. At most twice a second.", http.StatusUnprocessableEntity, http.StatusServiceUnavailable), watchExample)
	op.Middlewares = append(op.Middlewares, h.patient)
	huma.Register(h.huma, op, func(_ context.Context, in *watchRequest) (*huma.StreamResponse, error) {
		return events(func(ctx context.Context, s *stream) {
			h.feed(ctx, s, lobby.Filter{Game: in.Game, Phase: in.Phase, Open: in.Open})
		}), nil
	})
}

// feed carries changes to the reader; between them it shows that it lives.
func (h *Handler) feed(ctx context.Context, s *stream, f lobby.Filter) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	changes := make(chan lobby.Changes)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = h.lobbies.Watch(ctx, f, func(c lobby.Changes) error {
			select {
			case changes <- c:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	defer func() { cancel(); <-done }()
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	for {
		var err error
		select {
		case <-done:
			return
		case <-beat.C:
			err = s.beat()
		case c := <-changes:
			err = s.changes(c)
		}
		if err != nil {
			return
		}
	}
}

func (s *stream) changes(c lobby.Changes) error {
	if c.Whole {
		if c.Lobbies == nil {
			c.Lobbies = []lobby.Info{}
		}
		return s.send("lobbies", listBody{Lobbies: c.Lobbies})
	}
	for _, l := range c.Lobbies {
		if err := s.send("lobby", lobbyBody{l}); err != nil {
			return err
		}
	}
	for _, id := range c.Gone {
		if err := s.send("gone", goneBody{id}); err != nil {
			return err
		}
	}
	return nil
}
