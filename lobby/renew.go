package lobby

import (
	"errors"
	"time"

	"github.com/sandlot-server/sandlot/net/auth"
	"github.com/sandlot-server/sandlot/net/session"
)

// renew lets s last as long as a new token of the same player says.
func (e *env) renew(s *session.Session, token string) (until time.Time, err error) {
	id, err := e.keys.Verify(token)
	if own := new(auth.Error); errors.As(err, &own) {
		return until, &Error{Code: own.Code, Message: own.Message}
	}
	if err != nil {
		return until, &Error{Code: CodeUnauthorized, Message: "the token cannot be checked", Err: err}
	}
	if id.ID != s.Identity().ID {
		return until, fail(CodeUnauthorized, "that token is another player's")
	}
	s.Renew(id.Expires)
	return id.Expires, nil
}
