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
// Goroutines: one a lobby; two for each lobby elsewhere that has chat-only
// members here; with a bus, two of the Directory (one asserts and reads leases,
// one publishes). All of them end before Directory.Run returns.
//
// Bounds: 256 posts and two a player in a lobby's inbox (the sender's session
// is closed when it is full), 100 chat messages of history and 100 of each team, 32 who knock, 1024 messages waiting for the bus (a
// further one is lost, counted, and receivers see the gap), and the limits of
// Config. Bots think within the Loop: their cost is the lobby's.
package lobby
