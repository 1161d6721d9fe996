package lobby

import (
	"sync"
	"time"

	"github.com/sandlot-server/sandlot/net/session"
)

// inboxBound is how many posts wait for a Loop, beside two for each player that
// the lobby may have: a full lobby whose members all speak at once is no fault.
// What finds it full is refused: a session then ends itself, a request is told
// to come back.
const inboxBound = 256

// item is one of: what a session says, its coming, its end, what came over the
// bus, a note or a frame, or something to do.
type item struct {
	in     session.Incoming
	attach *session.Session
	gone   *session.Session
	remote []byte
	frame  []byte
	do     func(now time.Time)
}

// inbox is the queue in front of one goroutine. Nothing in it blocks. All of a
// session's items stay in order, which is why one queue holds every kind; the
// comings and goings of sessions are beyond the bound, but bounded themselves
// by the sessions.
type inbox struct {
	wake chan struct{} // one: there is something
	most int           // posts that may wait
	full func()        // counts refusals

	mu      sync.Mutex
	items   []item
	spare   []item // what take returned before, to be filled again
	bounded int
	ended   bool
}

func newInbox(players int, full func()) inbox {
	return inbox{wake: make(chan struct{}, 1), most: inboxBound + 2*players, full: full}
}

var _ session.Inbox = (*inbox)(nil)

// Post implements session.Inbox.
func (b *inbox) Post(in session.Incoming) bool { return b.put(item{in: in}, true) }

// Gone implements session.Inbox.
func (b *inbox) Gone(s *session.Session, _ session.Reason) { b.put(item{gone: s}, false) }

// put is false when the queue is full or the Loop has ended.
func (b *inbox) put(it item, bounded bool) bool {
	b.mu.Lock()
	if b.ended {
		b.mu.Unlock()
		return false
	}
	if bounded && b.bounded >= b.most {
		b.mu.Unlock()
		b.full()
		return false
	}
	if bounded {
		b.bounded++
	}
	b.items = append(b.items, it)
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default: // it is awake
	}
	return true
}

// take returns all that waits, valid until the next take.
func (b *inbox) take() []item {
	b.mu.Lock()
	defer b.mu.Unlock()
	got := b.items
	clear(b.spare[:cap(b.spare)])
	b.items, b.spare, b.bounded = b.spare[:0], got, 0
	return got
}

// taken is what take returned last.
func (b *inbox) taken() []item {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.spare
}

// end refuses everything from now on and returns what still waited.
func (b *inbox) end() []item {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = true
	got := b.items
	b.items = nil
	return got
}
