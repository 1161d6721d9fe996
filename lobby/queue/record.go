package queue

import (
	"slices"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/match"
)

// State is where a ticket stands.
type State string

// The states. A ticket that is matched, expired or cancelled changes no more.
const (
	Queued    State = "queued"
	Offered   State = "offered" // a match is there if all accept it
	Matched   State = "matched"
	Expired   State = "expired"
	Cancelled State = "cancelled"
)

// The reasons for which a ticket is over without a match.
const (
	ByPlayer    = "by_player"    // somebody of it took it back
	ByParty     = "party"        // the party it was for has changed
	NotAccepted = "not_accepted" // somebody of it did not accept in time
	Declined    = "declined"     // somebody of it declined
	TooLong     = "too_long"     // nobody was found
	Failed      = "failed"       // the match could not be opened, again and again
)

// Record is a ticket as a Book keeps it. It is never changed, only replaced by
// one with the next Version.
type Record struct {
	ID         string            `json:"id"`
	Version    uint64            `json:"version"` // from 1
	State      State             `json:"state"`
	Reason     string            `json:"reason,omitempty"` // of expired and cancelled
	Game       string            `json:"game"`
	Mode       string            `json:"mode"`
	Kind       *kind             `json:"kind,omitempty"` // of a shared ticket: its mode
	Players    []Player          `json:"players"`        // who asked for it is the first
	Party      string            `json:"party,omitempty"`
	Key        string            `json:"key,omitempty"` // of the one who asked: the same again is the same ticket
	Attributes map[string]string `json:"attributes,omitempty"`
	Latencies  []match.Latency   `json:"latencies,omitempty"`
	Since      time.Time         `json:"since"`       // it waits since
	Until      time.Time         `json:"until"`       // it expires, or is forgotten
	At         time.Time         `json:"at,omitzero"` // it ended
	Tries      int               `json:"tries,omitempty"`
	Offer      *Offer            `json:"offer,omitempty"` // while offered
	Lobby      string            `json:"lobby,omitempty"` // matched: where
	wait       match.Ticket      // made once; empty in one that was read from elsewhere
	Spread     int               `json:"spread,omitempty"` // matched: points between the match's highest and lowest ticket
}

// Player is one of a ticket's.
type Player struct {
	lobby.Who
	Points  int   `json:"points"`
	Team    uint8 `json:"team,omitempty"` // matched: from 1; 0 where there are no teams
	Vouched bool  `json:"vouched"`        // the one who asked showed this player's token, and gets this one's pass
}

// Offer is a match that comes about if all of its tickets accept.
type Offer struct {
	ID       string     `json:"id"`
	Until    time.Time  `json:"until"`
	Teams    [][]string `json:"teams"` // tickets
	People   int        `json:"people"`
	Region   string     `json:"region,omitempty"`   // of the match
	Accepted []string   `json:"accepted,omitempty"` // players of this ticket
	Declined bool       `json:"declined,omitempty"`
}

// Over says whether the ticket changes no more.
func (r *Record) Over() bool { return r.State == Matched || r.State == Expired || r.State == Cancelled }

// has returns the index of a player, or -1.
func (r *Record) has(player string) int {
	return slices.IndexFunc(r.Players, func(p Player) bool { return p.ID == player })
}

// accepted says whether all players of the ticket have accepted its offer.
func (r *Record) accepted() bool { return r.Offer != nil && len(r.Offer.Accepted) == len(r.Players) }

// waits is the ticket as package match wants it. What it is made of does not
// change as long as the ticket waits.
func (r *Record) waits() match.Ticket {
	if r.wait.ID != "" {
		return r.wait
	}
	t := match.Ticket{ID: r.ID, Since: r.Since, Key: match.Attributes(r.Attributes), Latencies: r.Latencies, Players: make([]int, len(r.Players))}
	for i, p := range r.Players {
		t.Players[i] = p.Points
	}
	return t
}

// changed is a copy to change, with room for another version.
func (r *Record) changed() *Record {
	c := *r
	c.Version++
	return &c
}

// over is how the ticket is when it has ended now, to be known for so long.
func (r *Record) over(s State, reason string, now time.Time, keep time.Duration) *Record {
	c := r.changed()
	c.State, c.Reason, c.At, c.Until, c.Offer = s, reason, now, now.Add(keep), nil
	return c
}
