package fours

import "github.com/sandlot-server/sandlot/game"

// Drop is the command to drop a disc into a column.
type Drop struct {
	Column uint8 `range:"0..6"`
}

// Dropped tells everyone where a disc came to rest.
type Dropped struct {
	Player game.Player
	Cell   uint8
}

// Refused tells a player why its drop did not count.
type Refused struct {
	Column uint8
	Why    string `max:"8"` // one of the Why words
}

// Why a drop is refused.
const (
	WhyWaiting = "waiting" // the second player is not there yet
	WhyTurn    = "turn"    // it is the other's turn
	WhyFull    = "full"    // the column is full
	WhyWatch   = "watch"   // only the two who are seated play
)

// Finished tells everyone how the match ended.
type Finished struct {
	Winner game.Player // 0: a draw
	How    string      `max:"8"` // one of the By words
}

// How a match ends.
const (
	ByFour  = "four"  // four in a row
	ByBoard = "board" // the board is full: a draw
	ByClock = "clock" // the loser ran out of time
	ByLeave = "leave" // the loser left
)

// Settings are what a lobby's host may choose.
type Settings struct {
	Seconds int `range:"5..120" default:"30"` // for one move
}
