package lobby_test

import (
	"errors"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/session"
)

// code is the code of a *lobby.Error or a *session.Refusal, "" of no error, and the
// text of any other.
func code(err error) string {
	if e := new(lobby.Error); errors.As(err, &e) {
		return e.Code
	}
	if r := new(session.Refusal); errors.As(err, &r) {
		return r.Code
	}
	if err != nil { // no refusal of ours
		return err.Error()
	}
	return ""
}
