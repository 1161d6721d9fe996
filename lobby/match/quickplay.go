package match

import "time"

// Lobby is what quick play must know of one.
type Lobby struct {
	ID      string
	Phase   Phase
	People  int  // with a seat
	Max     int  // players
	Late    bool // players may enter a running match
	Instant bool // starts by itself
	Near    bool // its home is this instance
	Created time.Time
}

// Phase is where a lobby stands, as far as quick play cares.
type Phase uint8

// The phases.
const (
	Waiting Phase = iota
	Countdown
	Running
	Other // results or closed
)

// soon says whether a player who joins l now plays within moments.
func (l *Lobby) soon() bool {
	if l.People >= l.Max {
		return false
	}
	switch l.Phase {
	case Waiting:
		return l.Instant && l.People > 0
	case Countdown:
		return true
	case Running:
		return l.Late
	}
	return false
}

// Choose returns the index of the lobby that a player in a hurry joins, or -1 if
// a new one is better than all of them. Company counts most: the one with most
// people wins, then a near one, then the older one, then the lower id.
func Choose(lobbies []Lobby) int {
	best := -1
	for i := range lobbies {
		if lobbies[i].soon() && (best < 0 || lobbies[i].before(&lobbies[best])) {
			best = i
		}
	}
	return best
}

func (l *Lobby) before(o *Lobby) bool {
	switch {
	case l.People != o.People:
		return l.People > o.People
	case l.Near != o.Near:
		return l.Near
	case !l.Created.Equal(o.Created):
		return l.Created.Before(o.Created)
	}
	return l.ID < o.ID
}
