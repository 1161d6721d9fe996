package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Ticket is a wish to be matched, as the server shows it to one of its players.
type Ticket struct {
	ID         string            `json:"id"`
	Version    uint64            `json:"version"`
	State      string            `json:"state"`  // queued, offered, matched, expired or cancelled
	Reason     string            `json:"reason"` // of expired and cancelled
	Game       string            `json:"game"`
	Mode       string            `json:"mode"`
	Party      string            `json:"party"`
	Players    []string          `json:"players"` // names
	Attributes map[string]string `json:"attributes"`
	Rating     int               `json:"rating"` // the asker's, in points; a new player has 1,500
	QueuedAt   time.Time         `json:"queuedAt"`
	ExpiresAt  time.Time         `json:"expiresAt"`
	Estimate   float64           `json:"estimate"` // seconds that such tickets waited lately; 0 unknown
	Offer      *Offer            `json:"offer"`    // while offered
	Lobby      string            `json:"lobby"`    // matched: where
	Spread     int               `json:"spread"`   // matched: points between the highest and the lowest ticket
	Seats      []Seat            `json:"seats"`    // matched: the asker's, first, and those of players it has the tokens of
}

// Offer is a match that comes about if all accept it.
type Offer struct {
	Until    time.Time `json:"until"`
	Accepted int       `json:"accepted"` // of the ticket's players
	Of       int       `json:"of"`
	People   int       `json:"people"` // in the whole match
	You      bool      `json:"you"`    // the asker has accepted
}

// Seat is a place in a match, with the way in.
type Seat struct {
	Player    Player    `json:"player"`
	Team      int       `json:"team"` // from 1; 0 where there are no teams
	URL       string    `json:"url"`
	Pass      string    `json:"pass"`
	ExpiresAt time.Time `json:"expiresAt"`
}

// Over reports whether the ticket changes no more.
func (t *Ticket) Over() bool {
	return t.State == "matched" || t.State == "expired" || t.State == "cancelled"
}

// Joined is the way into the match for the one who asked, as Join answers; nil
// if the ticket is not matched.
func (t *Ticket) Joined() *Joined {
	if len(t.Seats) == 0 {
		return nil
	}
	s := t.Seats[0]
	return &Joined{Lobby: Lobby{ID: t.Lobby, Game: t.Game}, URL: s.URL, Pass: s.Pass, ExpiresAt: s.ExpiresAt}
}

// QueueOptions say what match is wanted. Only Game must be set.
type QueueOptions struct {
	Game       string            `json:"game"`
	Mode       string            `json:"mode,omitempty"`    // "": the game's first
	Party      string            `json:"party,omitempty"`   // the code of the party that the asker leads
	Players    []string          `json:"players,omitempty"` // tokens of others who play along from here
	Attributes map[string]string `json:"attributes,omitempty"`
	Latencies  map[string]int    `json:"latencies,omitempty"` // milliseconds by region
	Key        string            `json:"-"`                   // the same again gives the same ticket; "": none
}

// Queue makes a ticket.
func (a *API) Queue(ctx context.Context, o QueueOptions) (*Ticket, error) {
	out := new(Ticket)
	header := http.Header{}
	if o.Key != "" {
		header.Set("Idempotency-Key", o.Key)
	}
	return out, a.callWith(ctx, http.MethodPost, "/v1/tickets", header, o, out)
}

// Ticket says how a ticket is. With wait above 0 it answers when the ticket is no
// longer at version, or after wait, which the server holds to 30 s. The API's
// HTTP client must be as patient.
func (a *API) Ticket(ctx context.Context, id string, wait time.Duration, version uint64) (*Ticket, error) {
	out := new(Ticket)
	return out, a.call(ctx, http.MethodGet, "/v1/tickets/"+url.PathEscape(id)+waitQuery(wait, version), nil, out)
}

func waitQuery(wait time.Duration, version uint64) string {
	if wait <= 0 {
		return ""
	}
	return "?" + url.Values{"wait": {wait.String()}, "version": {strconv.FormatUint(version, 10)}}.Encode()
}

// Answer accepts the match that is offered, or declines it.
func (a *API) Answer(ctx context.Context, id string, accept bool) (*Ticket, error) {
	out := new(Ticket)
	return out, a.call(ctx, http.MethodPost, "/v1/tickets/"+url.PathEscape(id)+"/accept", map[string]bool{"accept": accept}, out)
}

// CancelTicket takes a ticket back.
func (a *API) CancelTicket(ctx context.Context, id string) error {
	return a.call(ctx, http.MethodDelete, "/v1/tickets/"+url.PathEscape(id), nil, nil)
}

// Unmatched is the error of a ticket that is over without a match.
type Unmatched struct{ State, Reason string }

// Error implements error.
func (u *Unmatched) Error() string { return fmt.Sprintf("ticket %s: %s", u.State, u.Reason) }

// awaitStep is how long one request of Await waits.
const awaitStep = 15 * time.Second

// Await waits until a ticket is matched, and returns it. Each offer is accepted
// if accept says so; nil accepts all. A server that cannot answer now is asked
// again when it says, until ctx is done. The error is an *Unmatched if the ticket
// is over without a match.
func (a *API) Await(ctx context.Context, t *Ticket, accept func(*Offer) bool) (*Ticket, error) {
	for !t.Over() {
		var next *Ticket
		var err error
		if t.State == "offered" && t.Offer != nil && !t.Offer.You {
			next, err = a.Answer(ctx, t.ID, accept == nil || accept(t.Offer))
		} else {
			next, err = a.Ticket(ctx, t.ID, awaitStep, t.Version)
		}
		if p := new(Problem); errors.As(err, &p) && p.Status >= http.StatusInternalServerError && p.RetryAfter > 0 {
			select {
			case <-time.After(p.RetryAfter):
				continue
			case <-ctx.Done():
			}
		}
		if err != nil {
			return nil, err
		}
		t = next
	}
	if t.State != "matched" {
		return nil, &Unmatched{t.State, t.Reason}
	}
	return t, nil
}

// Party is players who queue together.
type Party struct {
	Code    string   `json:"code"`
	Version uint64   `json:"version"`
	Leader  string   `json:"leader"` // player id
	Members []Player `json:"members"`
	Most    int      `json:"most"`
	Ticket  string   `json:"ticket"` // the newest; may be empty
	Lobby   string   `json:"lobby"`  // where the leader took seats for all; may be empty
}

// CreateParty makes a party that the asker leads.
func (a *API) CreateParty(ctx context.Context) (*Party, error) {
	out := new(Party)
	return out, a.call(ctx, http.MethodPost, "/v1/parties", nil, out)
}

// JoinParty joins a party by its code.
func (a *API) JoinParty(ctx context.Context, code string) (*Party, error) {
	out := new(Party)
	return out, a.call(ctx, http.MethodPost, "/v1/parties/"+url.PathEscape(code)+"/join", nil, out)
}

// Party says how a party is; it waits as Ticket does.
func (a *API) Party(ctx context.Context, code string, wait time.Duration, version uint64) (*Party, error) {
	out := new(Party)
	return out, a.call(ctx, http.MethodGet, "/v1/parties/"+url.PathEscape(code)+waitQuery(wait, version), nil, out)
}

// LeaveParty leaves a party; its leader may also remove another player by id.
func (a *API) LeaveParty(ctx context.Context, code, player string) error {
	body := map[string]string{}
	if player != "" {
		body["player"] = player
	}
	return a.call(ctx, http.MethodPost, "/v1/parties/"+url.PathEscape(code)+"/leave", body, nil)
}
