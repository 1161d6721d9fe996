package session

import (
	"math"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
)

// flow is where a client is in the stream of states: the base of its next
// delta, and what it has not acked.
type flow struct {
	window  window
	acked   uint32 // newest tick acked in this match
	mark    uint32 // a tick sent: once it is acked, the client has what was said before
	said    uint32 // messages in the replay log when it was; 0: there is no mark
	logged  bool   // something was said since then: there is a replay log
	wantKey bool   // the next state is a keyframe
	sent    bool   // base and the rest are meaningful
	base    uint32 // tick of the last state sent
	applied uint32 // input number in it, in the client's counting
	last    time.Duration
	pace    uint32      // ticks from one state to the next, at least
	late    bool        // a budget did not suffice: rows of the client are of different ticks
	held    *state.Held // then: which rows it has, and of what tick
	viewed  bool        // the base had a view
	view    state.View  // which: what the client sees of base
}

// restart voids all for a new match.
func (f *flow) restart() {
	f.window.clear()
	f.logged = f.logged || f.said > 0 // the next state marks it anew
	f.acked, f.base, f.applied, f.said = 0, 0, 0, 0
	f.wantKey, f.sent, f.late = true, false, false
}

// baseView is the view of the base, nil for everything.
func (f *flow) baseView() *state.View {
	if !f.viewed {
		return nil
	}
	return &f.view
}

// needs is the oldest tick whose state the next delta may be made against.
func (f *flow) needs() uint32 {
	switch {
	case !f.sent:
		return math.MaxUint32
	case f.late:
		return 0 // its rows are of several
	default:
		return f.base
	}
}

// fall notes that the client, which has all that view shows of s, is about to
// be sent less than there is.
func (f *flow) fall(s *state.Snapshot, view *state.View) {
	if f.held == nil {
		f.held = new(state.Held)
	}
	f.held.Fill(s, view)
	f.late = true
}

// note says that a state was sent.
func (f *flow) note(tick, applied uint32, view *state.View, now time.Duration) {
	f.window.push(tick, now)
	f.wantKey, f.sent = false, true
	f.base, f.applied, f.last = tick, applied, now
	if f.viewed = view != nil; f.viewed {
		f.view.Set(view)
	}
}

// open says whether the ack window lets another state go out: the oldest
// unacked one is not older than the least round trip of the last 10 s and
// extra, and at most longest.
func (f *flow) open(least, extra, longest, now time.Duration) bool {
	if f.window.full() {
		return false
	}
	limit := longest
	if least > 0 {
		limit = min(longest, least+extra)
	}
	return f.window.oldest(now) <= limit
}
