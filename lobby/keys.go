package lobby

import "time"

// Pass is a right to open one socket to one lobby, at its home and during this
// boot of it.
type Pass struct {
	ID      string // unique; what is spent
	Who     Who
	Lobby   string
	Home    string // instance name
	Boot    string // of the home
	Role    Role
	Expires time.Time
}

// Resume is the right to come back to a seat.
type Resume struct {
	Who    Who
	Lobby  string
	Home   string
	Boot   string
	Seat   uint32 // of the lobby; never used twice
	Serial uint32 // rises with each use
}

// Keys issues and verifies what players show at the door. Package net/auth has
// the keys; cmd joins the two.
type Keys interface {
	IssuePass(Pass) (string, error)
	VerifyPass(credential string, now time.Time) (Pass, error)
	IssueResume(Resume) (string, error)
	VerifyResume(credential string, now time.Time) (Resume, error)
	VerifyToken(credential string) (Who, error)
}
