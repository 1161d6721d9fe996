package session

import (
	"time"

	"github.com/sandlot-server/sandlot/net/wire"
)

// warning is how long before the end of its signed-in time a client is told. Where
// less than that is left from the start, it is told after a quarter, so that one
// whose tokens are short does not renew them without end.
const warning = time.Minute

// CodeExpiring is the error that says that the signed-in time ends soon.
const CodeExpiring = "expiring"

// Renew lets the session last until expires, at least as long as it would have. Any
// goroutine may call it.
func (s *Session) Renew(expires time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.expires.IsZero() || !expires.IsZero() && !expires.After(s.expires) {
		return
	}
	s.expires, s.warnAt, s.told = expires, time.Time{}, false
}

// warn tells the client, once, that its signed-in time ends soon; mu held.
func (s *Session) warn(now time.Time) {
	if s.told || s.expires.IsZero() {
		return
	}
	if s.warnAt.IsZero() {
		s.warnAt = s.expires.Add(-min(warning, s.expires.Sub(now)*3/4))
	}
	if now.Before(s.warnAt) {
		return
	}
	s.told = true
	s.say(wire.AppendError(nil, &wire.Error{
		Code: CodeExpiring, Message: "the signed-in time is nearly over: renew it with a new token", About: wire.TypeRenew,
	}))
}
