package session

// Replay is the log of a seat's events lane: what was said to the seat, so
// that a new connection gets what it missed, in order, none twice. The seat
// owns it and it outlives the sessions. It holds at most its bound in bytes;
// when full the oldest is forgotten, and who comes back from before that
// starts afresh. Only the Loop's goroutine may use it.
type Replay struct {
	max   int
	count uint32 // messages said so far, ever
	buf   []byte
	ends  []int // ends[i]: where the i-th kept message ends in buf
}

// NewReplay makes a log bounded to max bytes (64 KiB if max ≤ 0).
func NewReplay(max int) *Replay { return &Replay{} }

// Append logs a message said while the seat has no session. (With a session,
// Session.Event logs it.)
func (r *Replay) Append(message []byte) {}

// Count is the number of messages said to the seat so far: the client's
// counter once it has everything.
func (r *Replay) Count() uint32 { return r.count }

// From says where a client that has seen messages goes on: with whole, from is
// seen, and Session.Open sends the later ones again; else they are forgotten
// (or seen is impossible), from is Count, and the lobby says afresh what
// matters. from belongs in the welcome.
func (r *Replay) From(seen uint32) (from uint32, whole bool) { return 0, false }
