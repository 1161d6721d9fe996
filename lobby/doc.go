// Package lobby holds lobbies and what runs them.
//
// A Lobby is members, a phase, settings, chat and, while a match runs, one
// game.Runner. Its Loop is one goroutine for the lobby's whole life: it alone
// touches the lobby, so there are no locks in it. It waits on a bounded inbox
// and on one timer, and never on a socket, on Redis, on disk or on a lock that
// is held during I/O.
//
// The Directory holds all lobbies of this instance and what the Store says of
// those elsewhere. It creates, joins, lists and closes lobbies, spends passes,
// and opens the door to sockets.
//
// Spectators have a seat at the lobby's home and are served from the match, or are
// served on another instance without one: those that have any say so over the bus
// at each beat, the home then publishes one frame a tick however many they are
// (package feed), and a relay there serves them from a ring of its own. Those who only
// talk on another instance learn from the same frames how the lobby and its members
// are; while nobody watches these carry no states. Spectators are
// told that the home is gone when it was silent for nearly a lease. A lobby may
// have all spectators see the match later: what is late, and what is not, says the
// type late.
//
// With Peers it does so for all instances: new lobbies are made where least is to
// do, and what is asked of a lobby elsewhere its home is asked, for two seconds at
// most; one that did not answer is not asked again for a beat, and what it would
// have to do is refused with cross_unavailable and when to try again.
//
// Goroutines: one a lobby; two for each lobby elsewhere that has chat-only
// members or spectators here; with a bus, four that carry frames and nine
// of the Directory (one asserts and reads leases, eight publish). All of them end
// before Directory.Run returns.
//
// Bounds: 256 posts and two a player in a lobby's inbox (the sender's session
// is closed when it is full), 256 instances that watch it, 5 MiB
// of what its delayed spectators are yet to see, 100 chat messages of history and 100 of each team, 32 who knock, 256 messages waiting in each of the eight lanes to the
// bus (a further one is lost, counted, and receivers see the gap), 64 messages of
// chat-only members on their way to one home, and the limits of Config. Bots think within the Loop: their cost is the lobby's.
package lobby
