package game

import "github.com/sandlot-server/sandlot/game/state"

// Table is a typed collection of rows that clients see. Make it an exported
// field of your game; its bound is the tag `sync:"max=64"` on that field (1,024
// without one). See [state.Table] for its methods.
type Table[T any] = state.Table[T]

// ID names a row within its table. Ids start at 1, rise by one for each Add and
// are never used again in a match. 0 is no row.
type ID = state.ID

// Player numbers a player within one match, from 1; 0 is nobody. A number is
// never given to someone else in the same match.
type Player = state.Player

// A Game is one running match: a pointer to a struct whose exported fields are
// its whole state. Everything below is called from a single goroutine, so a
// Game needs no locks and starts no goroutines. A panic ends the match for
// everyone in it, and harms no other.
type Game interface {
	// Step advances the match by exactly one tick. It may use t and nothing else
	// to learn what happened: no clock, no chance but t.Rand, no iteration over
	// maps. Two matches given the same seed, events and inputs must reach the
	// same state, to the bit.
	Step(t *Tick)
}

// Starter is implemented by games that set their world up once they know who
// plays.
type Starter interface {
	// Start is called once, immediately before the first Step, with t.N == 0 and
	// no events. Everyone who joined before the first tick is in t.Players; their
	// Joined events follow in the first Step.
	Start(t *Tick)
}

// Admitter is implemented by games that turn some players away.
type Admitter interface {
	// Admit says whether j may enter the match as it stands; its error is told to
	// the player. It is called between steps and must change nothing.
	Admit(j Join) error
}

// Refuser is implemented by games that want a player to be told why a command
// cannot be done, instead of ignoring it in Step.
type Refuser interface {
	// Refuse says why p may not give this command now, or nil. Command is a
	// pointer to one of the registered command types, with every field in range,
	// valid during the call. Refuse is called between steps and must change
	// nothing. Others' commands may come between it and the Step that gets this
	// one, so Step must judge for itself.
	Refuse(p Player, command any) error
}

// Sight is implemented by games in which players see different things. The
// bytes of a row that is out of a player's sight never leave the server.
type Sight interface {
	// See is called after each Step, once for every player and once for Player 0,
	// which stands for spectators. V starts out with everything in sight; narrow
	// it with Around and Hide. See must change nothing.
	See(p Player, v *Viewer)
}

// Join is a wish to enter a match.
type Join struct {
	Player Player
	Name   string // as shown to others
	Bot    bool
	Team   uint8 // from 1 to the game's Teams, 0: none
}
