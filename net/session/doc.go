// Package session is one connected client seen from the lobby: a Session with
// its outbox, limits and clock, and the Group of all sessions of a lobby that
// the lobby's Loop reads and sends to as one.
//
// It owns no goroutine. Receive runs on the goroutine that reads the connection
// (within Group.Read the Loop's, see Gated), Group on the Loop's, Check on the
// sweeper's (net/ws); a session's lock is held for memory operations and for
// Conn.Write, which never blocks. No lock is shared by two sessions, so a client
// that stalls costs the others nothing.
//
// Bounds, each with its answer when it is full:
//
//	events lane      64 KiB          close 4008
//	state            one             made at the moment of sending
//	bytes of a state the game's      the least urgent rows wait, counted
//	state unacked    10 s            close 4008; skipped after its window
//	blocked write    5 s             close 4008
//	inputs           8               oldest dropped, counted; the next presses what it pressed
//	inputs and acks  token bucket    dropped, counted, presses as above; 10 s worth at once: close 4009
//	other frames     token bucket    error frame, a command refused; then close 4009
//	bad frames       3               error frame each, then close 4504
//	the inbox        its own bound   close 1011: the Loop never waits
//	replay log       64 KiB a seat   oldest forgotten; a resume then starts afresh
//	simulated, in    64 KiB          close 4009
//	simulated, out   64 KiB          counts as a blocked write
//
// Where a network is simulated (Session.Simulate), what has been held up is handed
// on by a timer's goroutine when it is due.
package session
