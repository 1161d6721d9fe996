package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/lobby"
)

type createRequest struct {
	Body struct {
		Game       string           `json:"game" minLength:"1" maxLength:"64" example:"arena" doc:"A game of GET /v1/games."`
		Title      string           `json:"title,omitempty" maxLength:"120" example:"Friday night" doc:"Cut to 60 characters; empty gets one by your name."`
		Private    bool             `json:"private,omitempty" doc:"Not listed; joined by its code."`
		Settings   map[string]int64 `json:"settings,omitempty" doc:"Those of the game, by name."`
		Bots       bool             `json:"bots,omitempty" doc:"Bots fill free places."`
		FillTo     int              `json:"fillTo,omitempty" minimum:"0" maximum:"10000" doc:"How many players bots fill a match to; 0 is the game's least number."`
		Approval   bool             `json:"approval,omitempty" doc:"Players knock, and the host lets them in."`
		Level      int              `json:"level,omitempty" minimum:"0" maximum:"2" doc:"How good bots are: 0 as they are, 1 easier, 2 easiest."`
		Delay      *int             `json:"spectatorDelay,omitempty" minimum:"0" maximum:"600" example:"30" doc:"Spectators see the match so many seconds later than players; the server bounds it, by 120 unless configured. Left out: as the server has it, 0 unless configured."`
		MaxPlayers int              `json:"maxPlayers,omitempty" minimum:"0" maximum:"10000" doc:"At most so many players; 0 is the game's number."`
		Region     string           `json:"region,omitempty" maxLength:"64" example:"eu" doc:"Where it is best played, as the server's instances name where they are. Empty: anywhere."`
	}
}

type joinRequest struct {
	Lobby string    `path:"lobby" minLength:"1" maxLength:"64" example:"K7Q2M9XD" doc:"The lobby's id or code."`
	Body  *joinBody `doc:"May be left out: joins as a player."`
}

type joinBody struct {
	Party string `json:"party,omitempty" maxLength:"16" doc:"The code of the party that you lead: seats are taken for all of it, or for none. Its members see where, and join."`
	Role  string `json:"role,omitempty" enum:"player,spectator,chat" default:"player" doc:"player has a place in the match, spectator sees it, chat only talks."`
}

type quickRequest struct {
	Body struct {
		Game   string `json:"game" minLength:"1" maxLength:"64" example:"arena" doc:"A game of GET /v1/games."`
		Region string `json:"region,omitempty" maxLength:"64" example:"eu" doc:"Where a new lobby is best played. Empty: anywhere."`
	}
}

type joinedAnswer struct {
	Body joinedBody
}

type joinedBody struct {
	Lobby     lobby.Info `json:"lobby"`
	URL       string     `json:"url" example:"wss://play.example.com/v1/ws?lobby=K7Q2M9XD" doc:"Open a WebSocket here; it may be another instance."`
	Pass      string     `json:"pass" example:"eyJhbGciOiJIUzI1NiJ9.eyJsb2JieSI6Iks3UTJNOVhEIn0.c2lnbmF0dXJl" doc:"Opens the socket once: the subprotocols sandlot.v1 and bearer.PASS, or &token=PASS."`
	ExpiresAt time.Time  `json:"expiresAt" doc:"When the pass ends; join again for another."`
}

var roles = map[string]lobby.Role{
	"": lobby.RolePlayer, "player": lobby.RolePlayer, "spectator": lobby.RoleSpectator, "chat": lobby.RoleChat,
}

func (h *Handler) joins() {
	h.create()
	h.join()
	h.leave()
	h.act()
	h.quickPlay()
}

func (h *Handler) create() {
	op := h.signed(h.operation(http.MethodPost, "/v1/lobbies", "createLobby", "lobbies", "Make a lobby",
		"You are its host and have a place in it. Answers with the way in.",
		http.StatusNotFound, http.StatusTooManyRequests, http.StatusServiceUnavailable))
	op.DefaultStatus = http.StatusCreated
	huma.Register(h.huma, op, func(ctx context.Context, in *createRequest) (*joinedAnswer, error) {
		b := in.Body
		var delay time.Duration
		if b.Delay != nil {
			if delay = time.Duration(*b.Delay) * time.Second; delay == 0 {
				delay = -1 // none, whatever the default
			}
		}
		got, err := h.lobbies.Create(ctx, whoOf(ctx), lobby.CreateOptions{
			Delay: delay, Game: b.Game, Title: b.Title, Private: b.Private, Settings: b.Settings,
			Bots: b.Bots, FillTo: b.FillTo, MaxPlayers: b.MaxPlayers, Region: b.Region, Approval: b.Approval, Level: b.Level,
		})
		return h.joined(ctx, got, err)
	})
}

func (h *Handler) join() {
	op := h.signed(h.operation(http.MethodPost, "/v1/lobbies/{lobby}/join", "joinLobby", "lobbies", "Join a lobby",
		"By its id or its code. Who has a place already gets a new pass for it. The lobby may live on another instance: open the socket at the URL given. "+
			"Spectators and who only talks are served by the instance that was asked, without a seat, where the lobby lives on another.",
		http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusGone, http.StatusTooManyRequests, http.StatusServiceUnavailable))
	huma.Register(h.huma, op, func(ctx context.Context, in *joinRequest) (*joinedAnswer, error) {
		role := lobby.RolePlayer
		if in.Body != nil {
			role = roles[in.Body.Role]
		}
		if in.Body != nil && in.Body.Party != "" {
			return h.joinAll(ctx, in)
		}
		got, err := h.lobbies.Join(ctx, whoOf(ctx), in.Lobby, role)
		return h.joined(ctx, got, err)
	})
}

// joinAll takes seats for a party, and tells its members where.
func (h *Handler) joinAll(ctx context.Context, in *joinRequest) (*joinedAnswer, error) {
	who := whoOf(ctx)
	if h.cfg.Queue == nil {
		return nil, NewProblem(lobby.CodeNoParty, "this server has no parties", 0)
	}
	party, err := h.cfg.Queue.Party(ctx, who, in.Body.Party, 0)
	if err != nil {
		return nil, problemOf(err)
	}
	if party.Members[0].ID != who.ID {
		return nil, NewProblem(lobby.CodeNotLeader, "only the party's leader may take seats for all", 0)
	}
	got, err := h.lobbies.JoinAll(ctx, who, party.Members[1:], in.Lobby)
	if err == nil {
		h.cfg.Queue.Lead(ctx, who, in.Body.Party, got.Lobby.ID)
	}
	return h.joined(ctx, got, err)
}

type actionRequest struct {
	Lobby string `path:"lobby" minLength:"1" maxLength:"64" example:"K7Q2M9XD" doc:"The lobby's id or code."`
	Body  struct {
		Action string `json:"action" enum:"admit,approval,ban,banSender,bots,colour,delay,host,kick,kickSender,level,mute,muteSender,network,players,private,ready,refuse,setting,start,team,unmuteSender" example:"setting" doc:"What to do. All but ready and the own team and colour are the host's."`
		Player uint16 `json:"player,omitempty" doc:"Whom it is about: the number of members of GET /v1/lobbies/{lobby}; of admit and refuse the knock's."`
		Value  int64  `json:"value,omitempty" minimum:"0" maximum:"4294967295" example:"5" doc:"1 or 0 for yes or no; the team; the colour; the number of players; the offset of a chat message; the setting's value."`
		Name   string `json:"name,omitempty" maxLength:"64" example:"minutes" doc:"Of the setting."`
		Link   string `json:"link,omitempty" maxLength:"96" doc:"Of network: what it is to be like, as 150ms±30ms,1%; empty ends it."`
	}
}

func (h *Handler) act() {
	op := h.signed(h.operation(http.MethodPost, "/v1/lobbies/{lobby}/actions", "act", "lobbies", "Do something in a lobby",
		"ready; start; kick, for a minute, and ban, for good; mute; host, to hand it over; team; colour, 1 to 16, or 0 for one that few have; muteSender, unmuteSender, kickSender and banSender, of who said a message of the lobby's chat, with a seat or without; setting; admit and refuse, where players knock; "+
			"and the lobby's own: private, approval, players (at most so many), bots (fill up to so many), level, delay (spectators see the match so many seconds later; while the lobby waits), and network, where the server is configured for it: a bad network, simulated for all its members. The same can be said on the socket.",
		http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusServiceUnavailable))
	op.DefaultStatus = http.StatusNoContent
	huma.Register(h.huma, op, func(ctx context.Context, in *actionRequest) (*struct{}, error) {
		b := in.Body
		if err := h.lobbies.Act(ctx, whoOf(ctx), in.Lobby, lobby.Action{Do: b.Action, Player: state.Player(b.Player), Value: b.Value, Name: b.Name, Text: b.Link}); err != nil {
			return nil, problemOf(err)
		}
		return nil, nil
	})
}

func (h *Handler) leave() {
	op := h.signed(h.operation(http.MethodPost, "/v1/lobbies/{lobby}/leave", "leaveLobby", "lobbies", "Leave a lobby",
		"Gives up your place for good. It is no error to have none.",
		http.StatusNotFound, http.StatusTooManyRequests, http.StatusServiceUnavailable))
	op.DefaultStatus = http.StatusNoContent
	huma.Register(h.huma, op, func(ctx context.Context, in *nameRequest) (*struct{}, error) {
		if err := h.lobbies.Leave(ctx, whoOf(ctx), in.Lobby); err != nil {
			return nil, problemOf(err)
		}
		return nil, nil
	})
}

func (h *Handler) quickPlay() {
	op := h.signed(h.operation(http.MethodPost, "/v1/quickplay", "quickPlay", "lobbies", "Play now",
		"A place in a running or soon running public lobby of the game, or in a new one that bots fill.",
		http.StatusNotFound, http.StatusTooManyRequests, http.StatusServiceUnavailable))
	huma.Register(h.huma, op, func(ctx context.Context, in *quickRequest) (*joinedAnswer, error) {
		got, err := h.lobbies.QuickPlay(ctx, whoOf(ctx), lobby.QuickPlayOptions{Game: in.Body.Game, Region: in.Body.Region})
		return h.joined(ctx, got, err)
	})
}

// joined answers with the way in. A URL that is only a path gets the host that
// the request came by.
func (h *Handler) joined(ctx context.Context, got lobby.Joined, err error) (*joinedAnswer, error) {
	if err != nil {
		return nil, problemOf(err)
	}
	if strings.HasPrefix(got.URL, "/") {
		got.URL = webSocket(baseOf(ctx)) + got.URL
	}
	return &joinedAnswer{Body: joinedBody{Lobby: got.Lobby, URL: got.URL, Pass: got.Pass, ExpiresAt: got.Expires.UTC()}}, nil
}

// webSocket turns http into ws and https into wss.
func webSocket(base string) string { return "ws" + strings.TrimPrefix(base, "http") }

type baseKey struct{}

func baseOf(ctx context.Context) string {
	base, _ := ctx.Value(baseKey{}).(string)
	return base
}
