package session

import (
	"time"

	"github.com/sandlot-server/sandlot/game/state"
)

// Session is one connected client. Its methods may be called from any
// goroutine unless they say otherwise; none blocks. After it ended, all of
// them do nothing.
type Session struct {
	conn   Conn
	who    Identity
	schema *state.Schema
	cfg    *Config
}

// New makes the session of a connection. It starts nothing and says nothing:
// Bind names who listens, Open says the welcome.
func New(conn Conn, who Identity, schema *state.Schema, cfg *Config, now time.Time) *Session {
	return &Session{conn: conn, who: who, schema: schema, cfg: cfg}
}

// Identity is who this is.
func (s *Session) Identity() Identity { return s.who }

// RemoteAddr is the client's host:port.
func (s *Session) RemoteAddr() string { return s.conn.RemoteAddr() }

// Bind names the inbox that takes what the client says, and is told once that
// the session is gone. Call it once, in Admission.Attach; a session that ended
// before tells the inbox at once.
func (s *Session) Bind(in Inbox) {}

// Open puts the welcome into the control lane, then what r has after from into
// the events lane, and lets r log what Event says from then on. r may be nil:
// no seat to come back to. Only the Loop's goroutine may call it, once.
func (s *Session) Open(welcome []byte, r *Replay, from uint32) {}

// Event puts a message (one MessagePack array, types 66 to 71 and 74 to 76)
// into the events lane and its replay log. It goes out with the next Flush or
// Group.Send. The bytes are copied. Above 64 KiB unwritten: close 4008. Only
// the Loop's goroutine may call it.
func (s *Session) Event(message []byte) {}

// Control puts a message that is no event (an error, 73) into the control
// lane; same rules as Event, but it is not logged. Any goroutine may call it.
func (s *Session) Control(message []byte) {}

// Flush writes what is pending in the control and events lanes, in one write.
func (s *Session) Flush() {}

// NewMatch voids what the client holds of an earlier match: acks, base, queued
// inputs. The caller says the match message first; a keyframe follows with the
// next Group.Send.
func (s *Session) NewMatch() {}

// Receive handles one message of the client. Only the connection's goroutine
// may call it; frame is not kept.
func (s *Session) Receive(frame []byte, now time.Time) {}

// Ping answers a WebSocket-level ping, newest only; Pong notes that the client
// lives.
func (s *Session) Ping(payload []byte, now time.Time) {}

// Pong notes a WebSocket-level pong.
func (s *Session) Pong(now time.Time) {}

// Check applies the limits that need a clock: blocked writes, unacked state,
// pings, dead and idle clients, expired tokens. net/ws calls it about twice a
// second.
func (s *Session) Check(now time.Time) {}

// Close ends the session with r; the first reason wins. Pending messages go
// out before the close frame where the socket takes them.
func (s *Session) Close(r Reason) { s.CloseWith(r, "") }

// CloseWith is Close with a detail: After or MovedTo.
func (s *Session) CloseWith(r Reason, detail string) {}

// Done is closed when the session has ended.
func (s *Session) Done() <-chan struct{} { return nil }

// Ended is the reason the session ended with, and whether it has.
func (s *Session) Ended() (Reason, bool) { return Reason{}, false }

// RoundTrip is the least time from a state to its ack in the last 10 s; 0 if
// there is none.
func (s *Session) RoundTrip() time.Duration { return 0 }
