package session

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// Session is one connected client. Its methods may be called from any
// goroutine unless they say otherwise; none blocks. After it ended, all of
// them do nothing.
//
// What each tick touches lies together in front, so that Group.Read can have it
// fetched beforehand: between two ticks of a lobby the others have had the
// processor's caches.
type Session struct {
	hot

	who     Identity // its Player and Role each tick too
	done    chan struct{}
	inbox   Inbox
	reason  Reason
	rest    bucket
	expires time.Time     // end of the signed-in time; zero: never
	warnAt  time.Time     // when the client is told that it is near; zero: not yet known
	warned  time.Duration // when the client was last told that it is too fast
	pinged  time.Duration // last WebSocket ping sent
}

// hot is what each tick touches of a Session.
type hot struct {
	conn    Conn
	gated   Gated                   // conn, if it is that
	network atomic.Pointer[network] // simulated; nil: none
	schema  *state.Schema
	cfg     *Config

	// mu guards what follows, and Session's but for who and done, which
	// stay as they are. Under it only memory is touched, Conn.Write is called,
	// which never blocks, and Inbox.Post, which must not.
	mu       sync.Mutex
	ended    bool
	spoke    bool
	everTick bool
	told     bool // that the signed-in time is nearly over
	strikes  int32
	began    time.Time
	heard    time.Duration // last sign of life
	active   time.Duration // last message that is no ping
	ticked   time.Duration // last Group.Send, which writes anyway
	inRate   bucket
	in       inputs
	flow     flow
	out      outbox
	trips    trips
	replay   *Replay
}

// New makes the session of a connection. It starts nothing and says nothing:
// Bind names who listens, Open says the welcome. A nil cfg means Defaults, a
// nil schema one without inputs and commands.
func New(conn Conn, who Identity, schema *state.Schema, cfg *Config, now time.Time) *Session {
	if cfg == nil {
		cfg = &Config{}
	}
	if !cfg.filled {
		cfg = cfg.Filled()
	}
	if schema == nil {
		schema = &state.Schema{}
	}
	cfg.Metrics.Opened()
	s := &Session{
		hot:     hot{conn: conn, schema: schema, cfg: cfg, began: now, flow: flow{wantKey: true}},
		who:     who,
		done:    make(chan struct{}),
		expires: who.Expires,
	}
	s.gated, _ = conn.(Gated)
	return s
}

// Identity is who this is.
func (s *Session) Identity() Identity { return s.who }

// RemoteAddr is the client's host:port.
func (s *Session) RemoteAddr() string { return s.conn.RemoteAddr() }

// Bind names the inbox that takes what the client says, and is told once that
// the session is gone. Call it once, in Admission.Attach; a session that ended
// before tells the inbox at once.
func (s *Session) Bind(in Inbox) {
	s.mu.Lock()
	if s.inbox != nil {
		s.mu.Unlock()
		return
	}
	s.inbox = in
	ended, reason := s.ended, s.reason
	s.mu.Unlock()
	if ended {
		in.Gone(s, reason)
	}
}

// Open says the welcome, then what r has after from, in one write, and lets r
// log what Event says from then on. r may be nil: no seat to come back to.
// Only the Loop's goroutine may call it, once.
func (s *Session) Open(welcome []byte, r *Replay, from uint32) {
	s.mu.Lock()
	if r != nil {
		s.replay, r.owner, s.flow.logged = r, s, true
	}
	if s.ended {
		s.mu.Unlock()
		return
	}
	s.out.control = wire.AppendFrame(s.out.control, welcome)
	s.cfg.Metrics.Sent(kindOf(welcome), 1, len(welcome))
	if r != nil {
		r.after(from, func(message []byte) { s.out.events = wire.AppendFrame(s.out.events, message) })
	}
	err := s.write(time.Now())
	s.mu.Unlock()
	s.broken(err)
}

// Event puts a message (one MessagePack array, types 66 to 71 and 74 to 76)
// into the events lane and its replay log. It goes out with the next Flush or
// Group.Send. The bytes are copied. Above 64 KiB unwritten: close 4008. Only
// the Loop's goroutine may call it.
func (s *Session) Event(message []byte) { s.event(message, false) }

// Tell is Event for what a client is told to begin with, after Open: it does not
// count for the lane's bound, its own is that of what there is to tell.
func (s *Session) Tell(message []byte) { s.event(message, true) }

func (s *Session) event(message []byte, first bool) {
	s.mu.Lock()
	// Logged even after the end, until the lobby notices: nothing falls between.
	if s.replay != nil && s.replay.owner == s {
		s.replay.log(message)
		s.flow.logged = true
	}
	if s.ended {
		s.mu.Unlock()
		return
	}
	s.out.events = wire.AppendFrame(s.out.events, message)
	if first {
		s.out.fresh = len(s.out.events)
	}
	full := len(s.out.events)-s.out.fresh > s.cfg.EventBytes
	s.cfg.Metrics.Sent(kindOf(message), 1, len(message))
	s.mu.Unlock()
	if full {
		s.Close(Slow)
	}
}

// Control puts a message that is no event (an error, 73) into the control
// lane; same rules as Event, but it is not logged. Any goroutine may call it.
func (s *Session) Control(message []byte) {
	s.mu.Lock()
	if s.ended {
		s.mu.Unlock()
		return
	}
	full := s.say(message)
	s.mu.Unlock()
	if full {
		s.Close(Slow)
	}
}

// say appends to the control lane and reports whether that is full; mu held.
func (s *Session) say(message []byte) (full bool) {
	s.out.control = wire.AppendFrame(s.out.control, message)
	s.cfg.Metrics.Sent(kindOf(message), 1, len(message))
	return len(s.out.control) > maxControl
}

// Flush writes what is pending in the control and events lanes, in one write.
func (s *Session) Flush() {
	s.mu.Lock()
	var err error
	if !s.ended && s.out.pending() {
		err = s.write(time.Now())
	}
	s.mu.Unlock()
	s.broken(err)
}

// scratch are the buffers of writes outside of Group.Send.
var scratch = sync.Pool{New: func() any { return new([]byte) }}

// write sends what is pending unless the socket is blocked; mu held.
func (s *Session) write(now time.Time) error {
	if _, blocked := s.blocked(); blocked {
		return nil
	}
	return s.put(now)
}

// put is write to a socket that may be blocked; mu held.
func (s *Session) put(now time.Time) error {
	buf := scratch.Get().(*[]byte)
	*buf = s.out.take((*buf)[:0], now, s.cfg.Metrics)
	err := s.transmit(*buf)
	if cap(*buf) <= 16<<10 {
		scratch.Put(buf)
	}
	return err
}

// broken ends the session after a write that failed.
func (s *Session) broken(err error) {
	if err != nil {
		s.Close(Lost)
	}
}

// NewMatch voids what the client holds of an earlier match: acks, base, queued
// inputs. The caller says the match message first; a keyframe follows with the
// next Group.Send.
func (s *Session) NewMatch() {
	s.mu.Lock()
	s.in.restart()
	s.flow.restart()
	s.mu.Unlock()
}

// Pace has states sent to this client at most every so many ticks, up to a
// second's worth; at first that is each. Between them it costs nothing.
func (s *Session) Pace(ticks int) {
	s.mu.Lock()
	s.flow.pace = uint32(min(max(ticks, 1), max(s.schema.TickRate, 1)))
	s.mu.Unlock()
}

// Done is closed when the session has ended.
func (s *Session) Done() <-chan struct{} { return s.done }

// Ended is the reason the session ended with, and whether it has.
func (s *Session) Ended() (Reason, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reason, s.ended
}

// RoundTrip is the least time from a state to its ack in the last 10 s; 0 if
// there is none.
func (s *Session) RoundTrip() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.trips.least(time.Since(s.began))
}
