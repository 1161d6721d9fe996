package lobby

import (
	"time"

	"github.com/sandlot-server/sandlot/net/auth"
)

// Keys issues and verifies what players show at the door; *auth.Auth is one. Its
// methods may be called from any goroutine, Verify and IssueResume also from a Loop:
// these must not wait for anything.
type Keys interface {
	Verify(token string) (auth.Identity, error)
	IssuePass(auth.Pass) (token string, ends time.Time, err error)
	VerifyPass(token string) (auth.Pass, error)
	SpendPass(auth.Pass) error
	IssueResume(auth.Resume) (string, error)
	VerifyResume(token string) (auth.Resume, error)
}

var _ Keys = (*auth.Auth)(nil)
