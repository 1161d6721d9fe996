package client

import "time"

// Guest is a fresh player with a token.
type Guest struct {
	Token     string    `json:"token"`
	Player    Player    `json:"player"`
	ExpiresAt time.Time `json:"expiresAt"`
}

// Player is who someone is.
type Player struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Colour int    `json:"colour"` // chosen, 1 to wire.Colours; 0: none
}

// Game is a game that a server offers.
type Game struct {
	Name       string    `json:"name"`
	Title      string    `json:"title"`
	Rate       int       `json:"rate"` // ticks a second
	MinPlayers int       `json:"minPlayers"`
	MaxPlayers int       `json:"maxPlayers"`
	LateJoin   bool      `json:"lateJoin"`
	Bots       bool      `json:"bots"` // has bots to fill seats
	Teams      int       `json:"teams"`
	Settings   []Setting `json:"settings"`
	Modes      []Mode    `json:"modes"` // ways to be matched by tickets
	Page       string    `json:"page"`  // path of the game's own page; may be empty
}

// Mode is a way to be matched by tickets.
type Mode struct {
	Name   string `json:"name"`
	Title  string `json:"title"`
	Teams  int    `json:"teams"` // 0: everyone plays alone
	Size   int    `json:"size"`  // players a team; in all where there are no teams
	Ranked bool   `json:"ranked"`
	Accept bool   `json:"accept"` // each player must accept a match
}

// Setting is one that a host may change.
type Setting struct {
	Name    string `json:"name"`
	Min     int64  `json:"min"`
	Max     int64  `json:"max"`
	Default int64  `json:"default"`
}

// Lobby is a lobby as the HTTP interface shows it.
type Lobby struct {
	ID         string           `json:"id"`
	Code       string           `json:"code"` // empty where it is not for the asker
	Game       string           `json:"game"`
	Mode       string           `json:"mode"` // whose players were matched by tickets; empty if they joined
	Title      string           `json:"title"`
	Phase      string           `json:"phase"`
	Players    int              `json:"players"`
	Bots       int              `json:"bots"`
	MinPlayers int              `json:"minPlayers"`
	MaxPlayers int              `json:"maxPlayers"`
	Open       bool             `json:"open"` // a player could join now
	Spectators int              `json:"spectators"`
	Delay      int              `json:"spectatorDelay"` // seconds that spectators see the match later than players
	Private    bool             `json:"private"`
	LateJoin   bool             `json:"lateJoin"`
	Settings   map[string]int64 `json:"settings"`
	Approval   bool             `json:"approval"` // players knock, and the host lets them in
	Level      int              `json:"level"`    // of bots, from the next match on: 0 as they are, 1 easier, 2 easiest
	Members    []Member         `json:"members"`  // told by Get to those with a seat
	Network    string           `json:"network"`  // simulated for its members; empty: none
	Instance   string           `json:"instance"`
	CreatedAt  time.Time        `json:"createdAt"`
	Host       struct {
		Name string `json:"name"`
	} `json:"host"`
}

// Member is somebody with a seat.
type Member struct {
	Player    int    `json:"player"` // the number that actions name
	Name      string `json:"name"`
	Team      int    `json:"team"` // from 1; 0 where there are no teams
	Host      bool   `json:"host"`
	Ready     bool   `json:"ready"`
	Connected bool   `json:"connected"`
	Bot       bool   `json:"bot"`
	Spectator bool   `json:"spectator"`
	Colour    int    `json:"colour"`
	Muted     bool   `json:"muted"`
}

// Action is something that a member does in a lobby. Do is ready, start, kick,
// ban, mute, host, team, setting, admit, refuse, private, approval, players,
// bots, level, colour or network; the OpenAPI document says what the others mean to each.
type Action struct {
	Do     string `json:"action"`
	Player int    `json:"player,omitempty"`
	Value  int64  `json:"value,omitempty"`
	Name   string `json:"name,omitempty"` // of a setting
	Link   string `json:"link,omitempty"` // of network, as net/sim reads it
}

// Joined is the right to open a socket to a lobby: the URL, and the pass that
// opens it once.
type Joined struct {
	Lobby     Lobby     `json:"lobby"`
	URL       string    `json:"url"`
	Pass      string    `json:"pass"`
	ExpiresAt time.Time `json:"expiresAt"`
}

// CreateOptions say what lobby to make. Only Game must be set.
type CreateOptions struct {
	Game       string           `json:"game"`
	Title      string           `json:"title,omitempty"`
	Private    bool             `json:"private,omitempty"`
	Settings   map[string]int64 `json:"settings,omitempty"`
	Bots       *bool            `json:"bots,omitempty"`           // fill free places when the match starts; nil: no
	FillTo     int              `json:"fillTo,omitempty"`         // how many players bots fill a match to; 0: the game's least
	Level      int              `json:"level,omitempty"`          // of bots: 0 as they are, 1 easier, 2 easiest
	Approval   bool             `json:"approval,omitempty"`       // players knock, and the host lets them in
	MaxPlayers int              `json:"maxPlayers,omitempty"`     // 0: the game's
	Region     string           `json:"region,omitempty"`         // where it is best played, as instances name where they are
	Delay      *int             `json:"spectatorDelay,omitempty"` // seconds that spectators see the match later; nil: the server's
}

// ListOptions filter lobbies; the zero value lists all, a page at a time.
type ListOptions struct {
	Game   string
	Phase  string
	Open   bool   // only those with a free seat
	Limit  int    // 0: the server's default
	Cursor string // Next of the page before
}

// Page is a page of lobbies. Next is empty on the last.
type Page struct {
	Lobbies []Lobby `json:"lobbies"`
	Next    string  `json:"next"`
}
