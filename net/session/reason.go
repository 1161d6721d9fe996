package session

import (
	"fmt"
	"time"
)

// Reason says why a session ended and whether the client should come back. It
// is the close frame, the error and the metric label at once. Reasons are
// compared by value.
type Reason struct {
	Code  uint16
	Word  string
	Retry bool
}

// The reasons a session ends with: the close codes of the wire protocol.
var (
	Bye       = Reason{1000, "bye", false}      // left by its own wish
	Restart   = Reason{1001, "restart", true}   // the server is stopping
	Protocol  = Reason{1002, "protocol", false} // not WebSocket
	Binary    = Reason{1003, "binary", false}   // a text message
	Lost      = Reason{1006, "lost", true}      // the connection broke; never sent
	Encoding  = Reason{1007, "encoding", false} // bytes that are not what they claim
	Refused   = Reason{1008, "refused", false}  // sign-in refused
	TooBig    = Reason{1009, "toobig", false}   // message above 4 KiB
	Internal  = Reason{1011, "internal", true}  // a fault of the server
	Busy      = Reason{1013, "busy", true}      // no room now
	Moved     = Reason{4001, "moved", true}     // go to the URL in the reason
	Slow      = Reason{4008, "slow", true}      // could not keep up
	RateLimit = Reason{4009, "rate", true}      // too many messages
	Expired   = Reason{4010, "expired", true}   // signed-in time over: with a new token
	Replaced  = Reason{4500, "replaced", false} // a newer connection took the seat
	Kicked    = Reason{4501, "kicked", false}   // by the host
	Closed    = Reason{4502, "closed", false}   // the lobby closed
	Idle      = Reason{4503, "idle", false}     // said nothing for too long
	Bad       = Reason{4504, "bad", false}      // three bad messages
)

// Error makes a Reason an error.
func (r Reason) Error() string { return fmt.Sprintf("session ended: %d %s", r.Code, r.Word) }

// After is the detail of a close frame that asks the client to wait at least d
// before it comes back, rounded up to seconds; "" for d ≤ 0.
func After(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return fmt.Sprintf("after=%d", int64((d+time.Second-1)/time.Second))
}

// MovedTo is the detail that goes with Moved.
func MovedTo(url string) string { return "url=" + url }

// maxText is what a close frame's payload leaves for text (RFC 6455, 5.5).
const maxText = 123

// Text is the close frame's reason text: the word, then ";" and the detail if
// there is one. A detail that would not fit the frame's 123 bytes is left out.
func (r Reason) Text(detail string) string {
	if detail == "" || len(r.Word)+1+len(detail) > maxText {
		return r.Word
	}
	return r.Word + ";" + detail
}
