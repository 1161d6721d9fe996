package session

import "time"

// Conn is the connection beneath a session; net/ws implements it. Its methods
// may be called from any goroutine and never block.
type Conn interface {
	// Write takes all of p, whole WebSocket frames ready made, or fails. What
	// the socket does not take at once is copied, kept, and goes before all
	// else. The caller may reuse p. Bounded by its callers: nobody writes while
	// Blocked, but for what is pending at the end and the close frame.
	Write(p []byte) error
	// Blocked says whether something is left over from a short write, and
	// since when.
	Blocked() (since time.Time, is bool)
	// Close sends a close frame after what is pending, then shuts down. The
	// first call wins.
	Close(r Reason, detail string)
	// RemoteAddr is the client's host:port.
	RemoteAddr() string
}

// Gated is a Conn whose reading can be left to the lobby's Loop, which wants
// inputs just before each step and nowhere else. A Conn need not be one.
type Gated interface {
	// Read asks to be let read and, once it is, calls Receive, Ping and Pong with
	// what has come by now, on the caller's goroutine and without waiting. Until
	// then what comes is handed over as it comes, as it is after Release. Only
	// the Loop's goroutine may call it.
	Read(now time.Time)
	// Prefetch has the processor fetch what Read and Write are about to touch; see
	// state.Prefetch. Only the Loop's goroutine may call it.
	Prefetch()
	// Release lets the connection be read as messages come.
	Release()
}
