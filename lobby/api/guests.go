package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sandlot-server/sandlot/lobby"
)

// Player is who somebody is.
type Player struct {
	ID   string `json:"id" example:"01938f5e-7a1c-7b57-8d0e-3c9f7c1a2b4d" doc:"Stands for the player wherever it shows up."`
	Name string `json:"name" example:"ann" doc:"As others see it."`

	Colour uint8 `json:"colour,omitempty" example:"5" doc:"The colour chosen, of the palette of 16; left out where none was: a lobby then gives one that few have."`
}

func playerOf(who lobby.Who) Player { return Player{ID: who.ID, Name: who.Name, Colour: who.Colour} }

type guestRequest struct {
	Body struct {
		Name   string `json:"name" minLength:"1" maxLength:"64" example:"ann" doc:"What others see; cleaned, and cut to 24 characters."`
		Colour uint8  `json:"colour,omitempty" maximum:"16" example:"5" doc:"Of the palette, 1 to 16; 0 or left out: a lobby gives one that few have."`
		Cookie bool   `json:"cookie,omitempty" doc:"Also keep the token in a cookie that scripts cannot read."`
	}
}

type guestAnswer struct {
	SetCookie *http.Cookie `header:"Set-Cookie"`
	Body      guestBody
}

type guestBody struct {
	Token     string    `json:"token" example:"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTkzOGY1ZSJ9.c2lnbmF0dXJl" doc:"A JWT: Authorization: Bearer TOKEN."`
	Player    Player    `json:"player"`
	ExpiresAt time.Time `json:"expiresAt" doc:"When the token ends; get a new one before."`
}

type tokenKey struct{} // of the token that a guest has, which need not be good

func (h *Handler) guests() {
	op := h.operation(http.MethodPost, "/v1/guests", "createGuest", "players", "Sign in as a guest",
		"Makes a token for somebody new or, asked with a guest's token that is still good, another for the same player, with the name and colour given. "+
			"Off where an external issuer signs players in.",
		http.StatusForbidden, http.StatusTooManyRequests)
	op.DefaultStatus = http.StatusCreated
	op.Security = []map[string][]string{{}, {"token": {}}}
	op.Middlewares = append(op.Middlewares, func(ctx huma.Context, next func(huma.Context)) {
		next(huma.WithValue(ctx, tokenKey{}, bearer(ctx.Header("Authorization"))))
	})
	huma.Register(h.huma, op, func(ctx context.Context, in *guestRequest) (*guestAnswer, error) {
		if !h.cfg.Guests {
			return nil, NewProblem(CodeNoGuests, "this server makes no tokens for guests; sign in where it tells you to", 0)
		}
		before, _ := ctx.Value(tokenKey{}).(string)
		token, who, err := h.keys.Guest(before, in.Body.Name, in.Body.Colour)
		if err != nil {
			return nil, problemOf(err)
		}
		out := &guestAnswer{Body: guestBody{Token: token, Player: playerOf(who), ExpiresAt: who.Expires.UTC()}}
		if in.Body.Cookie {
			out.SetCookie = &http.Cookie{
				Name: Cookie, Value: token, Path: "/", Expires: who.Expires,
				Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode,
			}
		}
		return out, nil
	})
}
