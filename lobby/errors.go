package lobby

import "time"

// Error is what the Directory refuses with. Code is stable and one of those
// below; Message is for people.
type Error struct {
	Code       string
	Message    string
	RetryAfter time.Duration // 0: do not try again for this reason
	Err        error         // the cause, may be nil; never shown to clients
}

// The codes of Errors.
const (
	CodeNotFound     = "lobby_not_found"    // no such lobby, or its code is not known to you
	CodeNoGame       = "game_not_found"     // no such game here
	CodeFull         = "lobby_full"         // no place left
	CodeClosed       = "lobby_closed"       // closed or closing
	CodeRunning      = "lobby_running"      // the match runs and takes nobody in
	CodeKicked       = "kicked"             // this player was removed by the host
	CodeSetting      = "bad_setting"        // unknown setting, or out of its range
	CodeInvalid      = "bad_request"        // another value out of range
	CodeNotHost      = "not_host"           // only the host may
	CodePhase        = "wrong_phase"        // not in this phase
	CodeNotMember    = "not_a_member"       // needs a seat
	CodePlayers      = "not_enough_players" // too few to start
	CodeChatRate     = "chat_rate"          // talking too fast
	CodeElsewhere    = "lobby_elsewhere"    // at the door: its home is another instance
	CodeSeatLost     = "seat_lost"          // the seat was given up, or the resume token is old
	CodeMatchLost    = "match_lost"         // the lobby a resume token was for is gone
	CodeLimit        = "too_many_lobbies"   // this player's limit of open lobbies
	CodeCapacity     = "at_capacity"        // this instance's limit of lobbies
	CodeUnavailable  = "cross_unavailable"  // the shared store cannot be asked now
	CodeStopping     = "stopping"           // this instance is stopping
	CodeUnauthorized = "unauthorized"       // no valid credential
	CodeRejected     = "rejected_by_game"   // the game does not admit this player
	CodeApproval     = "approval_pending"   // the host must let this player in: ask again
	CodeMuted        = "muted"              // the host has muted this player
	CodeChatRefused  = "chat_refused"       // the server's filter lets that message not through
	CodeTicketsOnly  = "tickets_only"       // its players are matched by tickets
	CodeNoMode       = "mode_not_found"     // the game has no such mode
	CodeNoTicket     = "ticket_not_found"   // no such ticket, or not yours
	CodeQueued       = "already_queued"     // somebody of these waits or plays by another ticket
	CodeQueueFull    = "queue_full"         // too many tickets wait here
	CodeNotOffered   = "nothing_to_accept"  // no match is offered to this ticket now
	CodeNoParty      = "party_not_found"    // no such party, or you are not in it
	CodePartyFull    = "party_full"         // no place left in the party
	CodePartySize    = "party_too_large"    // more players than a team of the mode has
	CodeNotLeader    = "not_leader"         // only the party's leader may
	CodeNetworkOff   = "network_off"        // this server simulates no networks
	CodeInternal     = "internal"           // a fault of the server
)

func (e *Error) Error() string {
	if e.Err != nil {
		return e.Message + ": " + e.Err.Error()
	}
	return e.Message
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func fail(code, message string) *Error { return &Error{Code: code, Message: message} }
