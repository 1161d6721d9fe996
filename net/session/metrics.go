package session

import "time"

// Queue names what dropped or skipped something.
type Queue uint8

// The queues of a session.
const (
	InputQueue   Queue = iota // full: the oldest input gave way
	InputRate                 // an input or ack above the rate
	OtherRate                 // another frame above the rate
	StateWindow               // a state skipped: too much unacked
	StateBlocked              // a state skipped: the socket would block
	StateBudget               // a state that not all of fitted in: the rest comes later
	Queues                    // how many there are
)

// String is the metric label.
func (q Queue) String() string {
	return [...]string{"input_queue", "input_rate", "other_rate", "state_window", "state_blocked", "state_budget", "queues"}[min(q, Queues)]
}

// Metrics counts what sessions do. Its methods are called on hot paths from
// many goroutines: they must not block nor allocate.
type Metrics interface {
	Opened()                             // a session began
	Ended(r Reason)                      // and ended: exactly once each
	Received(kind byte, bytes int)       // a decoded frame of a client, by message type; 0: bad
	Sent(kind byte, frames, bytes int)   // frames handed to the socket, by message type
	Dropped(q Queue)                     // something gave way
	RoundTrip(d time.Duration)           // from a state to its ack
	Snapshot(bytes int, keyframe bool)   // size of one client's state frame
	Encoded(d time.Duration, bodies int) // time a Group.Send spent, and bodies it encoded
}

// NoMetrics counts nothing.
type NoMetrics struct{}

func (NoMetrics) Opened()                    {}
func (NoMetrics) Ended(Reason)               {}
func (NoMetrics) Received(byte, int)         {}
func (NoMetrics) Sent(byte, int, int)        {}
func (NoMetrics) Dropped(Queue)              {}
func (NoMetrics) RoundTrip(time.Duration)    {}
func (NoMetrics) Snapshot(int, bool)         {}
func (NoMetrics) Encoded(time.Duration, int) {}
