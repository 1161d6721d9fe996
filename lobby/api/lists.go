package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sandlot-server/sandlot/lobby"
)

type listRequest struct {
	Game   string `query:"game" maxLength:"64" example:"arena" doc:"Only lobbies of this game."`
	Phase  string `query:"phase" enum:"waiting,countdown,running,results" doc:"Only lobbies in this phase."`
	Open   bool   `query:"open" doc:"Only lobbies that a player could join now."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"How many at most."`
	Cursor string `query:"cursor" maxLength:"256" doc:"What the page before said as next."`
}

type listAnswer struct {
	Body listBody
}

type listBody struct {
	Lobbies []lobby.Info `json:"lobbies" doc:"Newest first, of all instances."`
	Next    string       `json:"next" doc:"The cursor of the page after; empty at the end."`
}

type nameRequest struct {
	Lobby string `path:"lobby" minLength:"1" maxLength:"64" example:"K7Q2M9XD" doc:"The lobby's id or code."`
}

type lobbyAnswer struct {
	Body lobbyBody
}

type lobbyBody struct {
	Lobby lobby.Info `json:"lobby"`
}

func (h *Handler) lists() {
	list := h.operation(http.MethodGet, "/v1/lobbies", "listLobbies", "lobbies", "Public lobbies",
		"Those of all instances, newest first. What is said of other instances is a few seconds old at most. "+
			"Send the ETag back as If-None-Match: 304 says that nothing changed.",
		http.StatusUnprocessableEntity)
	huma.Register(h.huma, list, func(ctx context.Context, in *listRequest) (*listAnswer, error) {
		got, err := h.lobbies.List(ctx, lobby.Filter{Game: in.Game, Phase: in.Phase, Open: in.Open}, lobby.Page{Limit: in.Limit, Cursor: in.Cursor})
		if err != nil {
			return nil, problemOf(err)
		}
		if got.Lobbies == nil {
			got.Lobbies = []lobby.Info{}
		}
		return &listAnswer{Body: listBody{Lobbies: got.Lobbies, Next: got.Next}}, nil
	})

	get := h.operation(http.MethodGet, "/v1/lobbies/{lobby}", "getLobby", "lobbies", "One lobby",
		"By its id or its code. A private lobby is found by its code, and by its id for its members.",
		http.StatusNotFound, http.StatusUnauthorized, http.StatusTooManyRequests)
	get.Security = []map[string][]string{{}, {"token": {}}}
	get.Middlewares = append(get.Middlewares, h.signIn(false))
	huma.Register(h.huma, get, func(ctx context.Context, in *nameRequest) (*lobbyAnswer, error) {
		info, err := h.lobbies.Get(ctx, whoOf(ctx), in.Lobby)
		if err != nil {
			return nil, problemOf(err)
		}
		return &lobbyAnswer{Body: lobbyBody{info}}, nil
	})
}
