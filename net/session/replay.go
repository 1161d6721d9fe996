package session

// Replay is the log of a seat's events lane: what was said to the seat, so
// that a new connection gets what it missed, in order, none twice. The seat
// owns it and it outlives the sessions. What went out before a state that the
// client has acked is forgotten: the lane is in order, so the client has it. It
// holds at most its bound in bytes; when full the oldest is forgotten. Who comes
// back from before what is kept starts afresh. Only the Loop's goroutine may use
// it.
type Replay struct {
	max   int
	count uint32 // messages said so far, ever
	buf   []byte // messages one after another; those before start are forgotten
	start int
	lens  []int    // of the messages in buf from start on
	owner *Session // logs what it says; nil: Append does
}

// NewReplay makes a log bounded to max bytes (64 KiB if max ≤ 0).
func NewReplay(max int) *Replay {
	if max <= 0 {
		max = Defaults().ReplayBytes
	}
	return &Replay{max: max}
}

// Append logs a message said while the seat has no session. (With a session,
// Session.Event logs it, also after that has ended. From the first Append on
// that session's are not logged any more.)
func (r *Replay) Append(message []byte) {
	r.owner = nil
	r.log(message)
}

func (r *Replay) log(message []byte) {
	r.count++
	for len(r.lens) > 0 && len(r.buf)-r.start+len(message) > r.max {
		r.start += r.lens[0]
		r.lens = r.lens[1:]
	}
	if len(message) > r.max { // cannot be kept: nothing before it can be, either
		r.buf, r.start, r.lens = r.buf[:0], 0, r.lens[:0]
		return
	}
	if r.start > r.max { // memory stays below twice the bound
		r.buf = r.buf[:copy(r.buf, r.buf[r.start:])]
		r.start = 0
	}
	r.buf = append(r.buf, message...)
	r.lens = append(r.lens, len(message))
}

// forget drops the messages up to the count-th ever: the client has them.
func (r *Replay) forget(count uint32) {
	for first := r.count - uint32(len(r.lens)); first < count && len(r.lens) > 0; first++ {
		r.start += r.lens[0]
		r.lens = r.lens[1:]
	}
	if r.start > len(r.buf)/2 { // mostly forgotten: the rest is short
		r.buf = r.buf[:copy(r.buf, r.buf[r.start:])]
		r.start = 0
	}
}

// Restart forgets all: whoever was told something before has to be told afresh.
func (r *Replay) Restart() {
	r.buf, r.start, r.lens = r.buf[:0], 0, r.lens[:0]
	r.count++ // so that nobody's count is this one
}

// Count is the number of messages said to the seat so far: the client's
// counter once it has everything.
func (r *Replay) Count() uint32 { return r.count }

// From says where a client that has seen messages goes on: with whole, from is
// seen, and Session.Open sends the later ones again; else they are forgotten
// (or seen is impossible), from is Count, and the lobby says afresh what
// matters. from belongs in the welcome.
func (r *Replay) From(seen uint32) (from uint32, whole bool) {
	if seen > r.count || r.count-seen > uint32(len(r.lens)) {
		return r.count, false
	}
	return seen, true
}

// after calls say for each kept message after the first from ones.
func (r *Replay) after(from uint32, say func(message []byte)) {
	at := r.start
	number := r.count - uint32(len(r.lens))
	for _, n := range r.lens {
		if number++; number > from {
			say(r.buf[at : at+n])
		}
		at += n
	}
}
