package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/queue"
)

// Queue is where tickets and parties wait; a *queue.Queue is one. Errors are
// *lobby.Error. Its methods are called from many goroutines.
type Queue interface {
	Queue(ctx context.Context, who lobby.Who, r queue.Request) (queue.View, error)
	Get(ctx context.Context, who lobby.Who, id string, version uint64) (queue.View, error)
	Cancel(ctx context.Context, who lobby.Who, id string) error
	Answer(ctx context.Context, who lobby.Who, id string, accept bool) (queue.View, error)
	NewParty(ctx context.Context, who lobby.Who) (queue.PartyView, error)
	JoinParty(ctx context.Context, who lobby.Who, code string) (queue.PartyView, error)
	Party(ctx context.Context, who lobby.Who, code string, version uint64) (queue.PartyView, error)
	LeaveParty(ctx context.Context, who lobby.Who, code, player string) error
	Lead(ctx context.Context, who lobby.Who, code, lobby string)
}

var _ Queue = (*queue.Queue)(nil)

type ticketRequest struct {
	Key  string `header:"Idempotency-Key" maxLength:"64" example:"c0ffee" doc:"Your own: the same again gives the same ticket, so that a request may be repeated."`
	Body struct {
		Game       string            `json:"game" minLength:"1" maxLength:"64" example:"arena" doc:"A game of GET /v1/games."`
		Mode       string            `json:"mode,omitempty" maxLength:"32" example:"ranked" doc:"One of its modes; empty is the first."`
		Party      string            `json:"party,omitempty" maxLength:"16" example:"K7Q2M9XD" doc:"The code of your party: all of it is queued. Its leader's to do."`
		Players    []string          `json:"players,omitempty" maxItems:"15" doc:"Tokens of others who play with you from here; you get their passes, too."`
		Attributes map[string]string `json:"attributes,omitempty" doc:"Only tickets with equal attributes meet; at most 8, each at most 64 bytes."`
		Latencies  map[string]int    `json:"latencies,omitempty" doc:"Round trip in milliseconds by region, at most 32; of a party the worst."`
	}
}

// TicketName is the part of a request that names a ticket.
type TicketName struct {
	Ticket string `path:"ticket" minLength:"1" maxLength:"64" example:"01938f5e-7a1c-7b57-8d0e-3c9f7c1a2b4d" doc:"The ticket's id."`
}

type ticketLook struct {
	TicketName
	Wait    string `query:"wait" maxLength:"16" example:"25s" doc:"Answer when the ticket changes, or after this time, at most 30s."`
	Version uint64 `query:"version" doc:"The version that you know: wait only while it is still that one. 0 is the one now."`
}

type answerRequest struct {
	TicketName
	Body struct {
		Accept bool `json:"accept" doc:"false declines, which is the end of the ticket."`
	}
}

type ticketAnswer struct {
	Body ticketBody
}

type ticketBody struct {
	ID         string            `json:"id"`
	Version    uint64            `json:"version" doc:"Rises with each change."`
	State      queue.State       `json:"state" enum:"queued,offered,matched,expired,cancelled" doc:"matched, expired and cancelled are for good."`
	Reason     string            `json:"reason,omitempty" enum:"by_player,party,not_accepted,declined,too_long,failed" doc:"Why it expired or was cancelled."`
	Game       string            `json:"game"`
	Mode       string            `json:"mode"`
	Party      string            `json:"party,omitempty"`
	Players    []string          `json:"players" doc:"Names of those whom the ticket is for."`
	Attributes map[string]string `json:"attributes,omitempty"`
	Rating     int               `json:"rating" doc:"Yours in this mode, in points: what the issuer of your token signed, where it is believed about that, else the server's own record; a new player has 1,500."`
	QueuedAt   time.Time         `json:"queuedAt"`
	ExpiresAt  time.Time         `json:"expiresAt" doc:"When it expires; when it is over, until when it is known."`
	Estimate   float64           `json:"estimate,omitempty" doc:"Seconds that such tickets waited lately."`
	Offer      *offerBody        `json:"offer,omitempty" doc:"offered: a match, if all accept it."`
	Lobby      string            `json:"lobby,omitempty" doc:"matched: the lobby's id."`
	Spread     int               `json:"spread,omitempty" doc:"matched: points between the match's highest and lowest ticket."`
	Seats      []seatBody        `json:"seats,omitempty" doc:"matched: your place and the way in, and those of players whose tokens you gave. Each look gives new passes."`
}

type offerBody struct {
	Until    time.Time `json:"until" doc:"Accept before."`
	Accepted int       `json:"accepted" doc:"How many of this ticket's players have."`
	Of       int       `json:"of" doc:"How many players this ticket has."`
	People   int       `json:"people" doc:"How many the match has."`
	You      bool      `json:"you" doc:"You have accepted."`
}

type seatBody struct {
	Player    Player    `json:"player"`
	Team      uint8     `json:"team,omitempty" doc:"From 1; left out where there are no teams."`
	URL       string    `json:"url" doc:"Open a WebSocket here."`
	Pass      string    `json:"pass" doc:"Opens the socket once."`
	ExpiresAt time.Time `json:"expiresAt" doc:"When the pass ends."`
}

const ticketExample = `event: ticket
data: {"id":"01938f5e-7a1c-7b57-8d0e-3c9f7c1a2b4d","version":1,"state":"queued","game":"arena","mode":"ranked"}

event: ticket
data: {"id":"01938f5e-7a1c-7b57-8d0e-3c9f7c1a2b4d","version":2,"state":"matched","game":"arena","mode":"ranked","lobby":"7m2k9qxd41vc"}

`

// busy are the statuses that any operation of the queue may have.
var busy = []int{http.StatusNotFound, http.StatusTooManyRequests, http.StatusServiceUnavailable}

func (h *Handler) tickets() {
	h.queueUp()
	h.lookAtTicket()
	h.endTicket()
	op := h.signed(h.operation(http.MethodPost, "/v1/tickets/{ticket}/accept", "acceptMatch", "tickets", "Accept a match that is offered",
		"Or decline it. When all have accepted the match is made. Whoever has not in time loses the ticket; the others go back to their place in the queue.",
		append([]int{http.StatusConflict, http.StatusUnprocessableEntity}, busy...)...))
	huma.Register(h.huma, op, func(ctx context.Context, in *answerRequest) (*ticketAnswer, error) {
		return ticketOf(ctx)(h.cfg.Queue.Answer(ctx, whoOf(ctx), in.Ticket, in.Body.Accept))
	})
}

func (h *Handler) queueUp() {
	op := h.signed(h.operation(http.MethodPost, "/v1/tickets", "queue", "tickets", "Look for a match",
		"For yourself, for your party, or for you and others whose tokens you have. Nobody has two tickets at once. Ask for it again with GET until it is matched.",
		append([]int{http.StatusForbidden, http.StatusConflict, http.StatusUnprocessableEntity}, busy...)...))
	op.DefaultStatus = http.StatusCreated
	huma.Register(h.huma, op, func(ctx context.Context, in *ticketRequest) (*ticketAnswer, error) {
		r := queue.Request{
			Game: in.Body.Game, Mode: in.Body.Mode, Key: in.Key, Party: in.Body.Party,
			Attributes: in.Body.Attributes, Latencies: in.Body.Latencies,
		}
		for _, token := range in.Body.Players {
			who, err := h.keys.Verify(ctx, token)
			if err != nil {
				return nil, NewProblem(lobby.CodeUnauthorized, "players: "+err.Error(), 0)
			}
			r.With = append(r.With, who)
		}
		return ticketOf(ctx)(h.cfg.Queue.Queue(ctx, whoOf(ctx), r))
	})
}

func (h *Handler) lookAtTicket() {
	op := h.signed(h.operation(http.MethodGet, "/v1/tickets/{ticket}", "getTicket", "tickets", "How a ticket is",
		"With wait=25s the answer comes when the ticket changes, or then. When it is matched, the answer has your place, the socket's address and a pass for it.",
		append([]int{http.StatusGone, http.StatusUnprocessableEntity}, busy...)...))
	op.Middlewares = append(op.Middlewares, h.patient)
	huma.Register(h.huma, op, func(ctx context.Context, in *ticketLook) (*ticketAnswer, error) {
		wait, cancel, err := waitFor(ctx, in.Wait)
		if err != nil {
			return nil, err
		}
		defer cancel()
		v, err := h.cfg.Queue.Get(ctx, whoOf(ctx), in.Ticket, 0)
		if known := max(in.Version, v.Version); err == nil && wait.Err() == nil && (in.Version == 0 || in.Version == v.Version) {
			v, err = h.cfg.Queue.Get(wait, whoOf(ctx), in.Ticket, known)
		}
		return ticketOf(ctx)(v, err)
	})

	follows := streamed(h.signed(h.operation(http.MethodGet, "/v1/tickets/{ticket}/events", "watchTicket", "tickets", "How a ticket is, as it changes",
		"An event ticket at first and at each change, until it is over; an event problem if something goes wrong.",
		busy...)), ticketExample)
	follows.Middlewares = append(follows.Middlewares, h.patient)
	huma.Register(h.huma, follows, func(ctx context.Context, in *TicketName) (*huma.StreamResponse, error) {
		who, base := whoOf(ctx), baseOf(ctx)
		if _, err := h.cfg.Queue.Get(ctx, who, in.Ticket, 0); err != nil {
			return nil, problemOf(err)
		}
		return events(func(ctx context.Context, s *stream) {
			follow(ctx, s, "ticket", func(ctx context.Context, version uint64) (ticketBody, uint64, bool, error) {
				v, err := h.cfg.Queue.Get(ctx, who, in.Ticket, version)
				over := v.State == queue.Matched || v.State == queue.Expired || v.State == queue.Cancelled
				return ticketView(base, v), v.Version, over, err
			})
		}), nil
	})
}

func (h *Handler) endTicket() {
	op := h.signed(h.operation(http.MethodDelete, "/v1/tickets/{ticket}", "cancelTicket", "tickets", "Take a ticket back",
		"For all whom it is for. A ticket that is matched cannot be taken back: leave the lobby.",
		append([]int{http.StatusConflict}, busy...)...))
	op.DefaultStatus = http.StatusNoContent
	huma.Register(h.huma, op, func(ctx context.Context, in *TicketName) (*struct{}, error) {
		if err := h.cfg.Queue.Cancel(ctx, whoOf(ctx), in.Ticket); err != nil {
			return nil, problemOf(err)
		}
		return nil, nil
	})
}

// ticketOf answers with what the queue said.
func ticketOf(ctx context.Context) func(queue.View, error) (*ticketAnswer, error) {
	return func(v queue.View, err error) (*ticketAnswer, error) {
		if err != nil {
			return nil, problemOf(err)
		}
		return &ticketAnswer{Body: ticketView(baseOf(ctx), v)}, nil
	}
}

func ticketView(base string, v queue.View) ticketBody {
	b := ticketBody{
		ID: v.ID, Version: v.Version, State: v.State, Reason: v.Reason, Game: v.Game, Mode: v.Mode, Party: v.Party, Players: v.Names,
		Attributes: v.Attributes, QueuedAt: v.Since.UTC(), ExpiresAt: v.Until.UTC(), Estimate: v.Estimate.Seconds(), Rating: v.Rating, Lobby: v.Lobby, Spread: v.Spread,
	}
	if o := v.Offer; o != nil {
		b.Offer = &offerBody{Until: o.Until.UTC(), Accepted: o.Accepted, Of: o.Of, People: o.People, You: o.You}
	}
	for _, s := range v.Seats {
		if strings.HasPrefix(s.URL, "/") {
			s.URL = webSocket(base) + s.URL
		}
		b.Seats = append(b.Seats, seatBody{
			Player: playerOf(s.Player), Team: s.Team, URL: s.URL, Pass: s.Pass, ExpiresAt: s.Expires.UTC(),
		})
	}
	return b
}
