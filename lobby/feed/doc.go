// Package feed is what spectators see of a lobby as one stream, for those who
// are served from it instead of from the match itself: they are on another
// instance, or see everything later than the players.
//
// At the lobby's home a [Sender] makes one [Frame] a tick of what was said and of
// how the state changed, an [Outlet] holds few of them and a [Carrier] takes them
// to the bus. On another instance a [Receiver] says which frames follow on each
// other and a [Gallery] decodes them into a ring of its own and serves sessions
// from that. A [Line] between the two makes everything later. All of it is made
// for spectators: of a game with [game.Sight] only what spectators see is ever
// encoded, so that what is hidden from them is on no bus and in no Line.
//
// Goroutines: those of Carrier.Run. Nothing else is safe for concurrent use, but
// for Outlet.Put, which any goroutine may call.
//
// Bounds: an Outlet holds 32 frames or 1 MiB; when it is full all of them give way
// to the newest, and receivers see the gap. A Line holds 4 MiB of states, then
// skips ticks, and 1 MiB of messages more, then loses them. A frame has at most
// 16 MiB; a Gallery's mirror is bounded as every state.Mirror.
package feed
