package session

import (
	"fmt"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
)

// Role is what a client is to its lobby; the values are those on the wire.
type Role uint8

// The roles.
const (
	Player Role = iota
	Spectator
	ChatOnly
)

// Identity is who a session is. It does not change during the session.
type Identity struct {
	Player  state.Player // number within the lobby; 0 for who has no seat
	Role    Role
	ID      string    // the player, as the token names them
	Name    string    // display name, cleaned
	Lobby   string    // lobby id
	Seat    string    // what a resume token names; "" for none
	Seen    uint32    // events the client says it has; 0 unless it comes back
	Resumed bool      // came with a resume token
	Serial  uint32    // of that token
	From    string    // the client's own name for itself; "" if it gave none
	Attempt uint32    // of that client, which counts them
	Expires time.Time // signed-in time ends; zero: never
	Load    bool      // a load generator: address limits do not count it
}

// Claim is what a client shows at the door, before the upgrade.
type Claim struct {
	Credential string // token, pass or resume token; at most 2 KiB
	Lobby      string // lobby= of the query, an id or code; may be "" with a pass or resume token
	Seen       uint32 // seen= of the query
	Resuming   bool   // seen= was given
	From       string // from=CLIENT.ATTEMPT of the query; "" if it was not given
	Attempt    uint32
	Remote     string // host:port of the client
	Host       string // Host header, for the URL of a move
	Secure     bool   // arrived over TLS
}

// Admission is a claim that was accepted: a place that is held for this
// client. Exactly one of Attach and Release is called, once.
type Admission interface {
	// Schema is what the session decodes with; it must not change.
	Schema() *state.Schema
	// Identity is who the session will be.
	Identity() Identity
	// Attach hands over the session after the upgrade, before anything is read
	// from the connection. It calls s.Bind, must not
	// block, and may close s.
	Attach(s *Session)
	// Release gives the place back: the upgrade failed.
	Release()
}

// Refusal is the error of a claim that was not accepted.
type Refusal struct {
	Status     int           // HTTP status: 401, 403, 404, 409, 421, 429, 503
	Code       string        // lower_snake, stable
	Message    string        // for people
	Reason     Reason        // what a browser is told; the zero Reason means Refused
	URL        string        // with Moved: where to go
	Home       Home          // in place of URL, where clients cannot go there themselves
	RetryAfter time.Duration // 0: unsaid
}

// Home is an instance as other instances reach it: the one that a client must be
// passed through to. The zero Home is nobody.
type Home struct {
	Name string
	Boot string // this run of it
	URL  string // http or https, on the inside
}

func (r *Refusal) Error() string { return fmt.Sprintf("refused (%s): %s", r.Code, r.Message) }

// Close is the reason and detail of the close frame that tells a browser,
// which cannot read the HTTP status.
func (r *Refusal) Close() (Reason, string) {
	reason := r.Reason
	if reason == (Reason{}) {
		reason = Refused
	}
	switch {
	case r.URL != "":
		return reason, MovedTo(r.URL)
	case r.Home != Home{}: // where it cannot be passed through
		return Busy, After(2 * time.Second)
	case r.RetryAfter > 0:
		return reason, After(r.RetryAfter)
	default:
		return reason, r.Code
	}
}
