// Package bot holds what makes bots play: state in, input out. It opens no
// sockets and knows no game's internals. A [game.Brain] beside its game reads the
// client's view into plain values, lets one of these decide, and writes the
// answer into the game's own input or command:
//
//   - [Pilot] flies and fights in a top-down arena with walls: it sees late, aims
//     with an unsteady hand, leads its target, dodges, fetches what lies about
//     and finds its way round walls ([Grid]).
//   - [Fours] plays four in a row: alpha-beta of modest depth, with oversights.
//   - [Table] reads rows of a client's view by the names of their fields.
//
// So brains live with their games, this package imports none of them, and the
// parts serve other games of the kind.
//
// Everything here draws its chance from a seed, belongs to one goroutine and
// starts none. It is no part of a match's state (a replay records the inputs
// that bots gave), so it computes in floats. A Pilot decides in a few
// microseconds and allocates nothing once it knows the walls; Fours searches at
// most MaxNodes positions once a move.
package bot
