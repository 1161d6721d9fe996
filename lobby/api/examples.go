package api

import (
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/queue"
)

// addExamples gives each answer of the OpenAPI document a whole example, made
// of the very types that the handlers answer with.
func (h *Handler) addExamples() {
	paths := h.huma.OpenAPI().Paths
	example(paths["/v1/guests"].Post, "201", guestBody{
		Token: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTkzOGY1ZSJ9.c2lnbmF0dXJl", Player: samplePlayer, ExpiresAt: sampleTime.Add(24 * time.Hour),
	})
	example(paths["/v1/games"].Get, "200", gamesBody{Games: []Game{{
		Name: "arena", Title: "Arena", Rate: 30, MinPlayers: 2, MaxPlayers: 16, LateJoin: true, Bots: true,
		Settings: []Setting{{Name: "minutes", Min: 1, Max: 10, Default: 3}}, Modes: []Mode{{Name: "ranked", Title: "Ranked", Size: 8, Ranked: true}},
	}}})
	example(paths["/v1/lobbies"].Get, "200", listBody{Lobbies: []lobby.Info{sampleLobby}, Next: ""})
	example(paths["/v1/lobbies"].Post, "201", sampleJoined)
	example(paths["/v1/lobbies/{lobby}"].Get, "200", lobbyBody{sampleLobby})
	example(paths["/v1/lobbies/{lobby}/join"].Post, "200", sampleJoined)
	example(paths["/v1/quickplay"].Post, "200", sampleJoined)
	if h.cfg.Queue != nil {
		example(paths["/v1/tickets"].Post, "201", sampleTicket)
		example(paths["/v1/tickets/{ticket}"].Get, "200", sampleMatched)
		example(paths["/v1/tickets/{ticket}/accept"].Post, "200", sampleOffered)
		example(paths["/v1/parties"].Post, "201", sampleParty)
		example(paths["/v1/parties/{party}"].Get, "200", sampleParty)
		example(paths["/v1/parties/{party}/join"].Post, "200", sampleParty)
	}
	for path, body := range requestSamples {
		if item := paths[path]; item != nil {
			item.Post.RequestBody.Content["application/json"].Example = body
		}
	}
	for _, item := range paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Delete} {
			exampleErrors(op)
		}
	}
}

var (
	sampleTime   = time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC)
	samplePlayer = Player{ID: "01938f5e-7a1c-7b57-8d0e-3c9f7c1a2b4d", Name: "ann", Colour: 5}
	sampleLobby  = lobby.Info{
		ID: "K7Q2M9XD", Code: "K7Q2M9XD", Game: "arena", Title: "ann's arena", Phase: "running",
		Players: 3, Bots: 2, MinPlayers: 2, MaxPlayers: 16, Spectators: 1, LateJoin: true, Open: true,
		Settings: map[string]int64{"minutes": 3}, Host: lobby.HostInfo{Name: "ann"}, Instance: "sandlot-1", CreatedAt: sampleTime,
	}
	sampleJoined = joinedBody{
		Lobby: sampleLobby, URL: "wss://play.example.com/v1/ws?lobby=K7Q2M9XD",
		Pass: "eyJhbGciOiJIUzI1NiJ9.eyJsb2JieSI6Iks3UTJNOVhEIn0.c2lnbmF0dXJl", ExpiresAt: sampleTime.Add(30 * time.Second),
	}
)

var (
	sampleTicket = ticketBody{
		ID: "01938f5e-9c1c-7b57-8d0e-5d1f7c1a2b4d", Version: 1, State: queue.Queued, Game: "arena", Mode: "ranked", Players: []string{"ann"},
		Attributes: map[string]string{"map": "lake"}, Rating: 1620, QueuedAt: sampleTime, ExpiresAt: sampleTime.Add(10 * time.Minute), Estimate: 4.2,
	}
	sampleOffered = func() ticketBody {
		t := sampleTicket
		t.Version, t.State, t.Offer = 2, queue.Offered, &offerBody{Until: sampleTime.Add(20 * time.Second), Accepted: 1, Of: 1, People: 2, You: true}
		return t
	}()
	sampleMatched = func() ticketBody {
		t := sampleTicket
		t.Version, t.State, t.Lobby, t.ExpiresAt = 3, queue.Matched, "7m2k9qxd41vc", sampleTime.Add(2*time.Minute)
		t.Seats = []seatBody{{
			Player: samplePlayer, Team: 1, URL: "wss://play.example.com/v1/ws?lobby=7m2k9qxd41vc", Pass: sampleJoined.Pass, ExpiresAt: sampleJoined.ExpiresAt,
		}}
		return t
	}()
	sampleParty = partyBody{Code: "K7Q2M9XD", Version: 1, Leader: samplePlayer.ID, Members: []Player{samplePlayer}, Most: 16}
)

// requestSamples are the bodies of requests, by path; all are posted.
var requestSamples = map[string]any{
	"/v1/guests":                  map[string]any{"name": "ann", "colour": 5},
	"/v1/lobbies":                 map[string]any{"game": "arena", "title": "Friday night", "private": true, "settings": map[string]int64{"seconds": 180}, "bots": true, "fillTo": 6},
	"/v1/lobbies/{lobby}/join":    map[string]any{"role": "player"},
	"/v1/lobbies/{lobby}/actions": map[string]any{"action": "setting", "name": "seconds", "value": 300},
	"/v1/quickplay":               map[string]any{"game": "arena"},
	"/v1/tickets":                 map[string]any{"game": "arena", "mode": "ranked", "attributes": map[string]string{"map": "lake"}, "latencies": map[string]int{"eu": 24, "us": 110}},
	"/v1/tickets/{ticket}/accept": map[string]any{"accept": true},
	"/v1/parties/{party}/leave":   map[string]any{"player": samplePlayer.ID},
}

func example(op *huma.Operation, status string, value any) {
	op.Responses[status].Content["application/json"].Example = value
}

// errorSamples is one code for each status that operations declare.
var errorSamples = map[string]*Problem{
	"401": NewProblem(lobby.CodeUnauthorized, "the token has expired", 0),
	"403": NewProblem(lobby.CodeKicked, "the host removed you from this lobby", 0),
	"404": NewProblem(lobby.CodeNotFound, "no such lobby", 0),
	"409": NewProblem(lobby.CodeFull, "the lobby is full", 0),
	"410": NewProblem(lobby.CodeClosed, "the lobby is closed", 0),
	"422": {
		Type: "about:blank", Title: "Unprocessable Entity", Status: 422, Code: lobby.CodeInvalid, Detail: "validation failed",
		Errors: []Detail{{Location: "body.name", Message: "expected length <= 64"}},
	},
	"429":     NewProblem(CodeRate, "too many requests from this address", time.Second),
	"500":     NewProblem(lobby.CodeInternal, "something went wrong here", 0),
	"default": NewProblem(lobby.CodeInternal, "something went wrong here", 0),
	"503":     NewProblem(lobby.CodeUnavailable, "other instances cannot be asked now", 2*time.Second),
}

func exampleErrors(op *huma.Operation) {
	if op == nil {
		return
	}
	for status, answer := range op.Responses {
		sample, ok := errorSamples[status]
		if !ok {
			continue
		}
		if media := answer.Content["application/problem+json"]; media != nil {
			media.Example = sample
		}
		if sample.RetryAfter > 0 {
			answer.Headers = map[string]*huma.Header{"Retry-After": {
				Description: "Seconds after which it may work.", Schema: &huma.Schema{Type: huma.TypeInteger},
			}}
		}
		if strings.HasPrefix(status, "401") {
			answer.Headers = map[string]*huma.Header{"WWW-Authenticate": {
				Description: "Always Bearer.", Schema: &huma.Schema{Type: huma.TypeString},
			}}
		}
	}
}
