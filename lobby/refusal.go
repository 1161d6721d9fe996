package lobby

import (
	"errors"
	"net/http"
	"time"

	"github.com/sandlot-server/sandlot/net/auth"
	"github.com/sandlot-server/sandlot/net/session"
)

// errLost is for who comes back to a lobby that is no more.
func errLost() *Error { return fail(CodeMatchLost, "that lobby is gone") }

func unauthorized(err error) *session.Refusal {
	r := &session.Refusal{Status: http.StatusUnauthorized, Code: CodeUnauthorized, Message: err.Error()}
	if own := new(auth.Error); errors.As(err, &own) {
		r.Code, r.Message = own.Code, own.Message
		if own.Code == auth.ErrFull.Code || own.Code == auth.ErrUnavailable.Code { // ours to mend
			r.Status, r.Reason, r.RetryAfter = http.StatusServiceUnavailable, session.Busy, 2*time.Second
		}
		if own.Code == auth.ErrRevoked.Code {
			r.Status = http.StatusForbidden
		}
	}
	return r
}

// refusals says how the door answers to a code, where that is not 409 and
// "do not come back".
var refusals = map[string]session.Refusal{
	CodeNotFound:     {Status: http.StatusNotFound},
	CodeMatchLost:    {Status: http.StatusNotFound, Reason: session.Closed},
	CodeSeatLost:     {Status: http.StatusUnauthorized},
	CodeClosed:       {Status: http.StatusNotFound, Reason: session.Closed},
	CodeKicked:       {Status: http.StatusForbidden, Reason: session.Kicked},
	CodeRejected:     {Status: http.StatusForbidden},
	CodeUnauthorized: {Status: http.StatusUnauthorized},
	CodeInvalid:      {Status: http.StatusUnauthorized},
	CodeUnavailable:  {Status: http.StatusServiceUnavailable, Reason: session.Busy},
	CodeStopping:     {Status: http.StatusServiceUnavailable, Reason: session.Busy},
}

// refusal turns any error of this package or of auth into what the door says.
func refusal(err error) error {
	if r := new(session.Refusal); errors.As(err, &r) {
		return r
	}
	if own := new(auth.Error); errors.As(err, &own) {
		return unauthorized(err)
	}
	own := new(Error)
	if !errors.As(err, &own) {
		return err
	}
	r, ok := refusals[own.Code]
	if !ok {
		r.Status = http.StatusConflict
	}
	r.Code, r.Message, r.RetryAfter = own.Code, own.Message, own.RetryAfter
	return &r
}
