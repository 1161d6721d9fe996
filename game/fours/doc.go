// Package fours is the bundled turn-based game: four in a row on a board of 7 by
// 6, two players, one move at a time against a clock. It has no input; players
// give the command Drop.
//
// Clients see one row, match: the board, whose turn it is and until which tick,
// the last move and, at the end, the winner and the winning line. Cell c of the
// board is column c%7 of row c/7, row 0 at the bottom.
//
// A drop that the rules do not allow changes nothing; its player gets a Refused
// event with a word. Who leaves, or lets the clock run out, has lost. A rematch
// is a new match: nothing outlives one.
//
// Goroutines: none. Bounds: two seats; a third player may watch but not drop.
package fours
