package game

import "github.com/sandlot-server/sandlot/game/state"

// EventKind says what happened.
type EventKind uint8

// The kinds of events.
const (
	Joined    EventKind = iota + 1 // a player entered the match
	Left                           // a player gave up its seat, or its hold time ran out
	Commanded                      // a player gave a command
)

// Event is something that happened since the last tick.
type Event struct {
	Kind    EventKind
	Player  Player
	Name    string
	Bot     bool
	Team    uint8
	Command any // a pointer to one of the game's command types, the game's to keep; nil unless Commanded
}

// Result says how a match ended.
type Result struct {
	Places []Place // sorted by rank when the runner hands it out
}

// Place is one player's place in a Result.
type Place struct {
	Player Player
	Rank   int   // from 1, the best; equal ranks are a draw
	Score  int64 // the game's own measure, within ±2^53
}

// Outgoing is an event that the game sent in a Step, ready for the wire.
type Outgoing struct {
	To     Player        // 0: to everyone
	Index  int           // which of the schema's events
	Values []state.Value // its fields in the schema's order; valid until the next Step
}
