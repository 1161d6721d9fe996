package session

import (
	"errors"
	"sync"
	"time"

	"github.com/sandlot-server/sandlot/net/wire"
)

// maxStrikes is the number of bad messages that ends a session.
const maxStrikes = 3

// tickPause is how long after a Group.Send the next one is counted on.
const tickPause = 100 * time.Millisecond

// messages are the decoded messages in use: one for each Receive under way.
var messages = sync.Pool{New: func() any { return new(wire.ClientMessage) }}

// Receive handles one message of the client. Only who reads the connection may
// call it; frame is not kept.
func (s *Session) Receive(frame []byte, now time.Time) {
	if s.holds(arrivedMessage, frame, now) {
		return
	}
	if reason := s.receive(frame, now); reason != (Reason{}) {
		s.Close(reason)
	}
}

// receive is Receive without a network in between; it gives the reason to end
// the session or the zero Reason.
func (s *Session) receive(frame []byte, now time.Time) Reason {
	m := messages.Get().(*wire.ClientMessage)
	err := wire.Decode(frame, s.schema, m)
	reason := s.received(m, err, len(frame), now)
	messages.Put(m)
	return reason
}

// received handles a message, decoded or not, and gives the reason to end the
// session or the zero Reason. The lock is given back even by a panic in the
// lobby's code: the session must still be closed, and the Loop must not hang.
func (s *Session) received(m *wire.ClientMessage, err error, size int, now time.Time) (reason Reason) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return Reason{}
	}
	age := now.Sub(s.began)
	s.heard = age
	if err != nil {
		s.cfg.Metrics.Received(0, size)
		reason = s.bad(err)
	} else {
		s.spoke = true
		s.cfg.Metrics.Received(byte(m.Type), size)
		reason = s.handle(m, now, age)
	}
	// Answers wait for the next tick's write, if ticks come.
	if ticking := s.everTick && age-s.ticked < tickPause; !ticking && s.out.pending() && s.write(now) != nil {
		return Lost
	}
	return reason
}

// handle does what a good message asks for, and gives the reason to end the
// session or the zero Reason; mu held.
func (s *Session) handle(m *wire.ClientMessage, now time.Time, age time.Duration) Reason {
	if m.Type == wire.TypeInput || m.Type == wire.TypeAck {
		return s.continuous(m, age)
	}
	switch s.rest.take(s.cfg.other(), age) {
	case flood:
		s.cfg.Metrics.Dropped(OtherRate)
		return RateLimit
	case drop:
		s.cfg.Metrics.Dropped(OtherRate)
		return s.drop(m, age)
	}
	if m.Type != wire.TypePing {
		s.active = age
	}
	switch m.Type {
	case wire.TypePing:
		s.out.pong = wire.Pong{ClientTime: m.Ping.ClientTime, ReceivedUS: uint64(now.UnixMicro())}
		s.out.hasPong = true
		return Reason{}
	case wire.TypeKeyframe:
		s.flow.wantKey = true
		return Reason{}
	case wire.TypeHello:
		return s.bad(&wire.Error{Code: "unexpected", Message: "this connection is signed in already", About: m.Type})
	default:
		return s.post(incoming(s, m))
	}
}

// continuous takes inputs and acks; mu held.
func (s *Session) continuous(m *wire.ClientMessage, age time.Duration) Reason {
	s.active = age
	switch s.inRate.take(s.cfg.inputs(s.schema.TickRate), age) {
	case flood:
		s.cfg.Metrics.Dropped(InputRate)
		return RateLimit
	case drop:
		s.cfg.Metrics.Dropped(InputRate)
		if m.Type == wire.TypeInput {
			s.in.lose(&m.Input, &s.schema.Input)
		}
		return Reason{}
	}
	if m.Type == wire.TypeAck {
		s.ack(m.Ack.Tick, age)
		return Reason{}
	}
	known := s.ack(m.Input.Ack, age)
	if s.in.stale(&m.Input, known) {
		return Reason{}
	}
	m.Input.Viewed = min(m.Input.Viewed, s.flow.acked) // nobody looks at what it does not have
	if s.in.push(&m.Input, &s.schema.Input) {
		s.cfg.Metrics.Dropped(InputQueue)
	}
	return Reason{}
}

// ack notes the newest state a client has, and reports whether that is one
// sent in this match; mu held.
func (s *Session) ack(tick uint32, age time.Duration) bool {
	if tick == 0 {
		return false
	}
	trip, ok := s.flow.window.ack(tick, age)
	if ok {
		s.trips.add(trip, age)
		s.flow.acked = tick
		s.cfg.Metrics.RoundTrip(trip)
	}
	return ok || tick == s.flow.acked
}

// post hands a message to the lobby, with mu held so that Gone comes after.
func (s *Session) post(in Incoming) Reason {
	if s.inbox == nil || !s.inbox.Post(in) {
		return Internal
	}
	return Reason{}
}

// bad counts a bad message and says what was wrong with it; mu held.
func (s *Session) bad(err error) Reason {
	e := &wire.Error{Code: wire.CodeMalformed}
	errors.As(err, &e)
	full := s.say(wire.AppendError(nil, e))
	if s.strikes++; s.strikes >= maxStrikes {
		return Bad
	}
	if full {
		return Slow
	}
	return Reason{}
}

// tooFast is what is said of a message above the rate.
var tooFast = wire.Error{Code: "rate_limited", Message: "too many messages; this one was dropped"}

// drop tells the client, at most once a second, that m was dropped; mu held. A
// command is answered all the same: its client waits for its number.
func (s *Session) drop(m *wire.ClientMessage, age time.Duration) Reason {
	if m.Type == wire.TypeCommand {
		in := incoming(s, m)
		in.Refused = &tooFast
		if r := s.post(in); r != (Reason{}) {
			return r
		}
	}
	if s.warned != 0 && age-s.warned < time.Second {
		return Reason{}
	}
	s.warned = max(age, 1)
	e := tooFast
	e.About = m.Type
	if s.say(wire.AppendError(nil, &e)) {
		return Slow
	}
	return Reason{}
}

// Ping answers a WebSocket-level ping, newest only.
func (s *Session) Ping(payload []byte, now time.Time) {
	if s.holds(arrivedPing, payload, now) {
		return
	}
	if reason := s.ping(payload, now); reason != (Reason{}) {
		s.Close(reason)
	}
}

func (s *Session) ping(payload []byte, now time.Time) Reason {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended || len(payload) > maxPing {
		return Reason{}
	}
	age := now.Sub(s.began)
	s.heard = age
	switch s.rest.take(s.cfg.other(), age) {
	case flood:
		s.cfg.Metrics.Dropped(OtherRate)
		return RateLimit
	case drop:
		s.cfg.Metrics.Dropped(OtherRate)
		return Reason{}
	}
	s.out.wsPong, s.out.hasWS = append(s.out.wsPong[:0], payload...), true
	if s.write(now) != nil {
		return Lost
	}
	return Reason{}
}

// Pong notes that the client lives. Pongs that nobody asked for count against
// the rate of other messages.
func (s *Session) Pong(now time.Time) {
	if s.holds(arrivedPong, nil, now) {
		return
	}
	if reason := s.pong(now); reason != (Reason{}) {
		s.Close(reason)
	}
}

func (s *Session) pong(now time.Time) Reason {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard = now.Sub(s.began)
	if s.rest.take(s.cfg.other(), s.heard) == flood {
		return RateLimit
	}
	return Reason{}
}

// Silent is how long nothing at all has come from the client.
func (s *Session) Silent(now time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return now.Sub(s.began) - s.heard
}

// Spoke reports whether the client has sent a good message: whatever it was
// given in the welcome, it holds.
func (s *Session) Spoke() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.spoke
}
