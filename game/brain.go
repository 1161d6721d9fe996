package game

import "github.com/sandlot-server/sandlot/game/state"

// Brain plays one seat. It knows what a client knows, never the game itself, so
// the same Brain fills seats in the server and drives headless clients over the
// wire. A Brain belongs to one goroutine and one match.
type Brain interface {
	// Think is called once a tick. In is a pointer to the game's input type, all
	// zeros, to be filled in; nil if the game has no input. It returns a command
	// (a value of one of the game's command types, or a pointer to one) or nil.
	// Everything it is given is valid during the call.
	Think(v *View, in any) (command any)
}

// Leveled is implemented by Brains that can play worse, for those who learn.
type Leveled interface {
	// SetLevel is called before the first Think: 0 is as good as it gets, which is
	// what a Brain is without the call, 1 easier, 2 for the very first match.
	SetLevel(level int)
}

// View is what one player's client knows.
type View struct {
	Tick   uint32 // of the newest state it has
	Me     Player
	Mirror *state.Mirror
}
