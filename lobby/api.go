package lobby

import "time"

// Who is a signed-in player: who they are, and for how long.
type Who struct {
	ID      string // unique, the subject of the player's token
	Name    string // shown to others; cleaned and at most 24 characters
	Expires time.Time
	Load    bool  // signed as a load test: exempt from limits a player
	Colour  uint8 // of the palette, 1 to 16; 0: has chosen none

	// Ratings are points by "mode" or "game/mode" that the token's issuer signed:
	// they count for tickets in place of the server's own records.
	Ratings map[string]int `json:",omitempty"`
}

// Role is what somebody is in a lobby. Its values are those of the welcome.
type Role uint8

// The roles.
const (
	RolePlayer    Role = iota // has a place in the match
	RoleSpectator             // sees the match
	RoleChat                  // talks only; served by any instance
)

// Info is what lists and answers say of a lobby.
type Info struct {
	ID         string           `json:"id"`
	Code       string           `json:"code,omitempty"` // of a private lobby only for its members
	Game       string           `json:"game"`
	Mode       string           `json:"mode,omitempty"` // whose players were matched by tickets; "" if they joined
	Title      string           `json:"title"`
	Phase      string           `json:"phase" enum:"waiting,countdown,running,results,closed"`
	Players    int              `json:"players"` // people with a seat, without bots
	Bots       int              `json:"bots"`
	MinPlayers int              `json:"minPlayers"`
	MaxPlayers int              `json:"maxPlayers"`
	Spectators int              `json:"spectators"`               // on all instances
	Delay      int              `json:"spectatorDelay,omitempty"` // seconds that spectators see the match later than players
	Private    bool             `json:"private"`
	LateJoin   bool             `json:"lateJoin"`
	Open       bool             `json:"open"` // a player could join now
	Settings   map[string]int64 `json:"settings,omitempty"`
	Host       HostInfo         `json:"host"`
	Instance   string           `json:"instance"` // the name of its home
	CreatedAt  time.Time        `json:"createdAt"`
	Network    string           `json:"network,omitempty"`  // simulated for its members, as "150ms±30ms,1%"; "" is none
	Approval   bool             `json:"approval,omitempty"` // players knock, and the host lets them in
	Level      int              `json:"level,omitempty"`    // of bots, from the next match on: 0 as they are, 1 easier, 2 easiest
	Members    []MemberInfo     `json:"members,omitempty"`  // in the order they came; told to those with a seat, one lobby at a time
}

// MemberInfo is somebody with a seat.
type MemberInfo struct {
	Player    uint16 `json:"player"` // the number that actions name
	Name      string `json:"name"`
	Team      uint8  `json:"team,omitempty"` // from 1; 0 where there are no teams
	Colour    uint8  `json:"colour"`         // of the palette, 1 to 16
	Host      bool   `json:"host,omitempty"`
	Ready     bool   `json:"ready,omitempty"`
	Connected bool   `json:"connected,omitempty"`
	Bot       bool   `json:"bot,omitempty"`
	Spectator bool   `json:"spectator,omitempty"`
	Muted     bool   `json:"muted,omitempty"`
}

// HostInfo names the host; its name is empty where there is none.
type HostInfo struct {
	Name string `json:"name"`
}

// CreateOptions say what lobby to make. Only Game is required.
type CreateOptions struct {
	Game       string
	Title      string // "" is "NAME's game"; cleaned, at most 60 characters
	Private    bool   // not listed; joined by its code only
	Settings   map[string]int64
	Bots       bool   // bots fill the lobby to the game's least number of players, and to FillTo
	FillTo     int    // how many players, bots included, bots fill the match to; 0 is the least number
	MaxPlayers int    // 0 is the game's
	Approval   bool   // players knock, and the host lets them in
	Region     string // where it is best played, as instances name where they are; "" anywhere
	// Delay is how much later than players spectators see everything, up to
	// Config.MaxDelay, in whole seconds; 0 is Config.Delay, below 0 is none.
	Delay time.Duration
	Level int // of bots, where the game's know levels: 0 as they are, 1 easier, 2 easiest
}

// QuickPlayOptions say what a player wants to be in at once.
type QuickPlayOptions struct {
	Game   string
	Region string // of a new lobby, as in CreateOptions
}

// Joined is the answer to who asked for a place.
type Joined struct {
	Lobby Info
	// URL is the socket's address, "wss://host/v1/ws?lobby=ID", or only its
	// path and query, "/v1/ws?lobby=ID", when the home is this instance and
	// Config.AdvertiseURL is empty: the caller then puts the host that the
	// request came by before it.
	URL     string
	Pass    string    // single use
	Expires time.Time // of the pass
}

// Filter chooses among the lobbies. The zero Filter chooses all public ones.
type Filter struct {
	Game  string
	Phase string // "waiting", "countdown", "running" or "results"
	Open  bool   // only those that a player could join now
}

// Page is a part of a list.
type Page struct {
	Limit  int    // 1 to 100; 0 is 50
	Cursor string // what the previous page said; "" is the first
}

// List is one page of lobbies, newest first.
type List struct {
	Lobbies []Info
	Next    string // the next page's cursor; "" at the end
}
