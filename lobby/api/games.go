package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// Game is what can be known of a game before playing it.
type Game struct {
	Name       string    `json:"name" example:"arena" doc:"What other requests call it."`
	Title      string    `json:"title" example:"Arena" doc:"What people call it."`
	Rate       int       `json:"rate" example:"30" doc:"Ticks a second."`
	MinPlayers int       `json:"minPlayers" example:"2"`
	MaxPlayers int       `json:"maxPlayers" example:"16"`
	LateJoin   bool      `json:"lateJoin" doc:"Takes players into a running match."`
	Bots       bool      `json:"bots" doc:"Bots can fill seats."`
	Teams      int       `json:"teams" doc:"How many teams; 0 if everyone plays alone."`
	Settings   []Setting `json:"settings" doc:"What a lobby's host may choose."`
	Modes      []Mode    `json:"modes" doc:"Ways to be matched by tickets."`
	Page       string    `json:"page" example:"/games/arena/" doc:"The game's own page, empty if it has none."`
}

// Mode is a way to be matched by tickets.
type Mode struct {
	Name   string `json:"name" example:"ranked"`
	Title  string `json:"title" example:"Ranked" doc:"What people call it."`
	Teams  int    `json:"teams" doc:"How many teams; 0 if everyone plays alone."`
	Size   int    `json:"size" example:"8" doc:"Players a team; in all where there are no teams. A party has at most so many."`
	Ranked bool   `json:"ranked" doc:"Results change ratings."`
	Accept bool   `json:"accept" doc:"Each player must accept a match before it is made."`
}

// Setting is one number, or yes and no as 1 and 0.
type Setting struct {
	Name    string `json:"name" example:"minutes"`
	Min     int64  `json:"min" example:"1"`
	Max     int64  `json:"max" example:"10"`
	Default int64  `json:"default" example:"3"`
}

type gamesAnswer struct {
	Body gamesBody
}

type gamesBody struct {
	Games []Game `json:"games"`
}

func (h *Handler) games() {
	games := h.cfg.Games
	if games == nil {
		games = []Game{}
	}
	op := h.operation(http.MethodGet, "/v1/games", "listGames", "games", "The games of this server",
		"With their numbers and the settings that a host may choose.")
	huma.Register(h.huma, op, func(context.Context, *struct{}) (*gamesAnswer, error) {
		return &gamesAnswer{Body: gamesBody{games}}, nil
	})
}
