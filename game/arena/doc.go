// Package arena is the bundled real-time game: ships in a walled arena, shots
// with travel time, pickups, and a round that ends by time or by kills. 2 to 16
// players, 30 ticks a second, late join, bots.
//
// # What clients see
//
// Five tables and one row. Lengths are 1/256 of a unit, angles 256 a turn with 0
// along +X and 64 along +Y (down the screen), times are ticks.
//
//   - ships: one row a living ship. A ship that dies loses its row and comes
//     back as a new one, so nothing is ever interpolated across a respawn.
//   - shots: where, when and in which direction each was fired. It flies
//     straight at match.shotSpeed a tick, so it costs bytes when it is fired and
//     when it ends, and nothing in between: at tick T it is at
//     X + cos(aim)·shotSpeed·(T-born), Y + sin(aim)·shotSpeed·(T-born).
//   - rails, which a pickup gives, are there at once and are no rows: an event says
//     from where to where each went. What it hits is where its shooter saw it:
//     the ships of up to 250 ms ago.
//   - pickups: what lies about. walls: the map. scores: one row a player.
//   - match: when the round ends, the map and its size.
//
// # Rules in integers
//
// Everything is integer arithmetic, divisions truncate toward zero and shifts
// are arithmetic. [Move] is the whole of a ship's movement, a pure function in a
// file of its own, so that a browser predicts the own ship to the bit and
// another processor replays a match to the bit. Only ships that touch
// ([Arena.bump]) change a velocity from outside.
//
// # Goroutines and bounds
//
// None: the match's Loop calls it. At most 16 ships, 16 scores, 256 shots, 16
// pickups and 32 walls; when the shots are full a ship does not fire and keeps
// its ammunition. Its bots are in brain.go, which shows the client's view to a
// [bot.Pilot].
package arena
