package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sandlot-server/sandlot/lobby/queue"
)

// PartyName is the part of a request that names a party.
type PartyName struct {
	Party string `path:"party" minLength:"1" maxLength:"16" example:"K7Q2M9XD" doc:"The party's code."`
}

type partyLook struct {
	PartyName
	Wait    string `query:"wait" maxLength:"16" example:"25s" doc:"Answer when the party changes, or after this time, at most 30s."`
	Version uint64 `query:"version" doc:"The version that you know: wait only while it is still that one. 0 is the one now."`
}

type partyLeave struct {
	PartyName
	Body *partyLeaveBody `doc:"May be left out: you leave."`
}

type partyLeaveBody struct {
	Player string `json:"player,omitempty" maxLength:"128" doc:"The id of a member whom the leader removes; empty is yourself."`
}

type partyAnswer struct {
	Body partyBody
}

type partyBody struct {
	Code    string   `json:"code" doc:"What others join by."`
	Version uint64   `json:"version" doc:"Rises with each change."`
	Leader  string   `json:"leader" doc:"The leader's player id: the one who may queue and remove others."`
	Members []Player `json:"members" doc:"The leader first, then as they came."`
	Most    int      `json:"most" doc:"How many it may have."`
	Ticket  string   `json:"ticket,omitempty" doc:"The party's newest ticket: ask for it by GET /v1/tickets/{ticket}."`
	Lobby   string   `json:"lobby,omitempty" doc:"Where the leader has taken seats for all: join it."`
}

const partyExample = `event: party
data: {"code":"K7Q2M9XD","version":2,"leader":"01938f5e-7a1c-7b57-8d0e-3c9f7c1a2b4d","members":[],"most":16}

`

func (h *Handler) parties() {
	create := h.signed(h.operation(http.MethodPost, "/v1/parties", "createParty", "tickets", "Make a party",
		"You lead it. You leave the party that you were in.", http.StatusTooManyRequests, http.StatusServiceUnavailable))
	create.DefaultStatus = http.StatusCreated
	huma.Register(h.huma, create, func(ctx context.Context, _ *struct{}) (*partyAnswer, error) {
		return partyOf(h.cfg.Queue.NewParty(ctx, whoOf(ctx)))
	})

	join := h.signed(h.operation(http.MethodPost, "/v1/parties/{party}/join", "joinParty", "tickets", "Join a party",
		"By its code. You leave the party that you were in. If this one is queued, it no longer is: its leader queues again.",
		append([]int{http.StatusConflict}, busy...)...))
	huma.Register(h.huma, join, func(ctx context.Context, in *PartyName) (*partyAnswer, error) {
		return partyOf(h.cfg.Queue.JoinParty(ctx, whoOf(ctx), in.Party))
	})

	leave := h.signed(h.operation(http.MethodPost, "/v1/parties/{party}/leave", "leaveParty", "tickets", "Leave a party",
		"Or, as its leader, remove somebody. When the leader leaves, the next one leads. A party that was queued no longer is.",
		append([]int{http.StatusForbidden}, busy...)...))
	leave.DefaultStatus = http.StatusNoContent
	huma.Register(h.huma, leave, func(ctx context.Context, in *partyLeave) (*struct{}, error) {
		player := ""
		if in.Body != nil {
			player = in.Body.Player
		}
		if err := h.cfg.Queue.LeaveParty(ctx, whoOf(ctx), in.Party, player); err != nil {
			return nil, problemOf(err)
		}
		return nil, nil
	})
	h.lookAtParty()
}

func (h *Handler) lookAtParty() {
	get := h.signed(h.operation(http.MethodGet, "/v1/parties/{party}", "getParty", "tickets", "How a party is",
		"For its members. With wait=25s the answer comes when it changes, or then.", append([]int{http.StatusUnprocessableEntity}, busy...)...))
	get.Middlewares = append(get.Middlewares, h.patient)
	huma.Register(h.huma, get, func(ctx context.Context, in *partyLook) (*partyAnswer, error) {
		wait, cancel, err := waitFor(ctx, in.Wait)
		if err != nil {
			return nil, err
		}
		defer cancel()
		v, err := h.cfg.Queue.Party(ctx, whoOf(ctx), in.Party, 0)
		if err == nil && wait.Err() == nil && (in.Version == 0 || in.Version == v.Version) {
			v, err = h.cfg.Queue.Party(wait, whoOf(ctx), in.Party, v.Version)
		}
		return partyOf(v, err)
	})

	follows := streamed(h.signed(h.operation(http.MethodGet, "/v1/parties/{party}/events", "watchParty", "tickets", "How a party is, as it changes",
		"An event party at first and at each change; an event problem when you are no longer in it.", busy...)), partyExample)
	follows.Middlewares = append(follows.Middlewares, h.patient)
	huma.Register(h.huma, follows, func(ctx context.Context, in *PartyName) (*huma.StreamResponse, error) {
		who := whoOf(ctx)
		if _, err := h.cfg.Queue.Party(ctx, who, in.Party, 0); err != nil {
			return nil, problemOf(err)
		}
		return events(func(ctx context.Context, s *stream) {
			follow(ctx, s, "party", func(ctx context.Context, version uint64) (partyBody, uint64, bool, error) {
				v, err := h.cfg.Queue.Party(ctx, who, in.Party, version)
				if err != nil {
					return partyBody{}, 0, true, err
				}
				return partyView(v), v.Version, false, nil
			})
		}), nil
	})
}

func partyOf(v queue.PartyView, err error) (*partyAnswer, error) {
	if err != nil {
		return nil, problemOf(err)
	}
	return &partyAnswer{Body: partyView(v)}, nil
}

func partyView(v queue.PartyView) partyBody {
	b := partyBody{Code: v.Code, Version: v.Version, Leader: v.Members[0].ID, Most: v.Most, Ticket: v.Ticket, Lobby: v.Lobby}
	for _, m := range v.Members {
		b.Members = append(b.Members, playerOf(m))
	}
	return b
}
