// Package ws is the WebSocket door: it reads who a client is from the request,
// asks the Door, upgrades and runs the connection under gws, the only library
// that frames. It owns the listener wrapper, the connections and their registry.
//
// Reading is gated. A watcher, one goroutine with an epoll set of its own, reads
// connections whenever something comes; while a lobby's match runs, its Loop
// reads those of its members just before each step (session.Group.Read), and
// what comes in between wakes nobody. So a connection at rest has no goroutine
// and no buffer. Whole messages are found first and parsed by the library
// without waiting, on whichever goroutine reads.
//
// Goroutines: a watcher for each processor, started as connections come; one for
// as long as a short write has left something over; one for a first message
// that signs in; and Run's, which sweeps the sessions twice a second and ends
// the watchers. New starts none. Where connections cannot be taken off the
// runtime's poller (other systems than Linux, listeners that are not ours)
// each has a goroutine that reads, and no Loop does.
//
// Bounds: a message is at most 4 KiB and a connection holds one at a time; 8
// KiB without a whole message is a protocol error (endless empty fragments);
// what a blocked socket left over is bounded by its writers (one pending write
// and the close frame) and by 5 s; first-message sign-in by 3 s; a closed
// connection waits 2 s for the client's answer.
package ws
