// Package ws is the WebSocket door: it reads who a client is from the request,
// asks the Door, upgrades and runs the connection under gws, the only library
// that frames. It owns the listener wrapper, the connections and their registry.
//
// Goroutines: one a connection, which reads; one more for as long as a short
// write has left something over; and Run's, which sweeps the sessions twice a
// second. New starts none.
//
// Bounds: a message is at most 4 KiB and a connection holds one at a time; 8
// KiB without a whole message is a protocol error (endless empty fragments);
// what a blocked socket left over is bounded by its writers (one pending write
// and the close frame) and by 5 s; first-message sign-in by 3 s; a closed
// connection waits 2 s for the client's answer.
package ws
