package queue

import (
	"context"
	"errors"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
)

// View is a ticket as one of its players sees it.
type View struct {
	ID         string
	Version    uint64
	State      State
	Reason     string
	Game, Mode string
	Party      string
	Names      []string
	Attributes map[string]string
	Since      time.Time
	Until      time.Time     // it expires
	Estimate   time.Duration // how long such a ticket waited lately; 0: unknown
	Offer      *OfferView    // while offered
	Rating     int           // the points of the player who looks
	Lobby      string        // matched: where
	Spread     int           // matched: points between the match's highest and lowest ticket
	Seats      []Seat        // matched: of the player who looks, and of those it vouched for
}

// OfferView is a match that must be accepted.
type OfferView struct {
	Until    time.Time
	Accepted int  // of this ticket's players
	Of       int  // players of this ticket
	People   int  // in the whole match
	You      bool // the one who looks has accepted
}

// Seat is a place in the match, with the way in.
type Seat struct {
	Player lobby.Who
	Team   uint8 // 0 where there are no teams
	lobby.Joined
}

// view shows a ticket to who. Each look at one that is matched gives new passes.
func (q *Queue) view(ctx context.Context, who lobby.Who, r *Record) (View, error) {
	v := View{
		ID: r.ID, Version: r.Version, State: r.State, Reason: r.Reason, Game: r.Game, Mode: r.Mode, Party: r.Party,
		Attributes: r.Attributes, Since: r.Since, Until: r.Until, Lobby: r.Lobby, Spread: r.Spread, Estimate: q.estimate(r.Game, r.Mode),
	}
	for _, p := range r.Players {
		v.Names = append(v.Names, p.Name)
		if p.ID == who.ID {
			v.Rating = p.Points
		}
	}
	if o := r.Offer; o != nil {
		v.Offer = &OfferView{Until: o.Until, Accepted: len(o.Accepted), Of: len(r.Players), People: o.People}
		for _, id := range o.Accepted {
			v.Offer.You = v.Offer.You || id == who.ID
		}
	}
	if r.State != Matched {
		return v, nil
	}
	mine := []Player{r.Players[r.has(who.ID)]} // first
	for _, p := range r.Players {
		if p.ID != who.ID && p.Vouched && r.Players[0].ID == who.ID {
			mine = append(mine, p)
		}
	}
	for _, p := range mine {
		joined, err := q.join(ctx, p.Who, r)
		if gone := new(lobby.Error); errors.As(err, &gone) && gone.Code == lobby.CodeNotFound {
			return View{}, &lobby.Error{Code: lobby.CodeMatchLost, Message: "the match is over"}
		}
		if err != nil {
			return View{}, err
		}
		v.Seats = append(v.Seats, Seat{Player: p.Who, Team: p.Team, Joined: joined})
	}
	return v, nil
}

// Lists of lobbies may be a moment older than a match.
const (
	listedWithin = 3 * time.Second
	listedAgain  = 100 * time.Millisecond
)

// join gives a matched player the way in. A lobby that was opened elsewhere just
// now may not be known here yet.
func (q *Queue) join(ctx context.Context, who lobby.Who, r *Record) (lobby.Joined, error) {
	for {
		joined, err := q.host.Join(ctx, who, r.Lobby, lobby.RolePlayer)
		own := new(lobby.Error)
		if !errors.As(err, &own) || own.Code != lobby.CodeNotFound || !q.together || time.Since(r.At) > listedWithin {
			return joined, err
		}
		select {
		case <-time.After(listedAgain):
		case <-ctx.Done():
			return joined, err
		}
	}
}

// estimate is how long tickets of a mode waited lately.
func (q *Queue) estimate(game, mode string) time.Duration {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.waits[game+"/"+mode].Round(100 * time.Millisecond)
}

// waited notes how long a matched ticket did; an eighth of each goes into the estimate.
func (q *Queue) waited(r *Record) {
	waited := r.At.Sub(r.Since)
	q.mu.Lock()
	defer q.mu.Unlock()
	name := r.Game + "/" + r.Mode
	was, known := q.waits[name]
	if !known {
		was = waited
	}
	q.waits[name] = was + (waited-was)/8
}
