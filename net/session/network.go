package session

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/sandlot-server/sandlot/net/sim"
)

// network is the simulated network between a session and its socket: what comes
// and what goes is held up as the link says, messages as if each had been sent
// in packets of its own.
type network struct {
	up, down delay // what the client sends, what it is sent
	on       atomic.Bool

	mu   sync.Mutex
	cut  *time.Timer // nil: no cut to come
	over bool
}

// Simulate puts a simulated network between the session and its socket, both
// ways, until it is called again; a link without faults ends it, and what was on
// its way arrives at once. Equal seeds give equal faults. Of what is on its way
// 64 KiB are held in each direction: above, the socket counts as blocked, and a
// client that sends more is closed with 4009. Only the Loop's goroutine may call
// it; a connection behind such a network is read as messages come, not by
// Group.Read.
func (s *Session) Simulate(l sim.Link, seed uint64) {
	s.mu.Lock()
	n := s.network.Load()
	if s.ended || n == nil && l.Perfect() {
		s.mu.Unlock()
		return
	}
	if n == nil {
		n = new(network)
		n.up.deliver, n.up.end = s.arrived, s.Close
		n.down.deliver, n.down.end, n.down.stuck = s.leave, s.Close, func() bool { _, is := s.conn.Blocked(); return is }
		s.network.Store(n)
	}
	s.mu.Unlock()
	n.set(l, seed, time.Now(), func() {
		n.up.stop()
		s.Close(Lost)
	})
	s.release()
}

func (n *network) set(l sim.Link, seed uint64, now time.Time, breaks func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.over {
		return
	}
	n.on.Store(!l.Perfect())
	n.up.set(l, sim.NewLane(l, seed, sim.Up, now))
	n.down.set(l, sim.NewLane(l, seed, sim.Down, now))
	if n.cut != nil {
		n.cut.Stop()
		n.cut = nil
	}
	if after := l.CutAfter(seed); after > 0 {
		n.cut = time.AfterFunc(after, breaks)
	}
}

// finish ends it with the session: what was to be sent goes out at once, unless
// nobody is there.
func (n *network) finish(r Reason) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.over = true
	if n.cut != nil {
		n.cut.Stop()
	}
	if r != Lost {
		n.down.rush()
	}
	n.up.stop()
	n.down.stop()
}

// simulated says whether a network is simulated now.
func (s *Session) simulated() bool {
	n := s.network.Load()
	return n != nil && n.on.Load()
}

// holds lets the simulated network keep what has come. What does not fit in
// ends the session.
func (s *Session) holds(kind arrival, data []byte, now time.Time) bool {
	n := s.network.Load()
	if n == nil {
		return false
	}
	held, full := n.up.hold(parcel{kind: kind, data: data}, now)
	if full {
		s.Close(RateLimit)
	}
	return held
}

// arrived hands over what has come through the network.
func (s *Session) arrived(p parcel, now time.Time) Reason {
	switch p.kind {
	case arrivedPing:
		return s.ping(p.data, now)
	case arrivedPong:
		return s.pong(now)
	default:
		return s.receive(p.data, now)
	}
}

// leave writes what has gone through the network to the socket.
func (s *Session) leave(p parcel, _ time.Time) Reason {
	if s.conn.Write(p.data) != nil {
		return Lost
	}
	return Reason{}
}

// transmit writes frames, through the simulated network if there is one; mu held.
func (s *Session) transmit(frames []byte) error {
	if n := s.network.Load(); n != nil {
		if held, _ := n.down.hold(parcel{data: frames}, time.Now()); held {
			return nil
		}
	}
	return s.conn.Write(frames)
}

// blocked says whether the socket, or the network before it, takes nothing, and
// since when; mu held.
func (s *Session) blocked() (time.Time, bool) {
	if n := s.network.Load(); n != nil {
		if since, full := n.down.full(); full {
			return since, true
		}
	}
	return s.conn.Blocked()
}
