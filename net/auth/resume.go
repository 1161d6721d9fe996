package auth

import "time"

// Resume is the right to come back to a seat.
type Resume struct {
	Player string // player id
	Name   string
	Lobby  string
	Home   string
	Boot   string
	Seat   string
	Serial uint32 // rises with each token of the seat: the newest, or the one before it, is good
	Role   uint8
	Load   bool
	Until  time.Time // end of the player's signed-in time when it was issued; zero: never
}

// IssueResume signs r. It ends after 12 h; the lobby ends it sooner, with the seat
// and with the signed-in time, which may be renewed meanwhile.
func (a *Auth) IssueResume(r Resume) (string, error) {
	if !r.Until.IsZero() && !r.Until.After(a.cfg.Now()) {
		return "", ErrExpired
	}
	c := claims{
		Name: r.Name, Load: r.Load, Role: r.Role, Lobby: r.Lobby, Home: r.Home, Boot: r.Boot,
		Seat: r.Seat, Serial: r.Serial, Until: unix(r.Until),
	}
	c.Subject = r.Player
	token, _, err := a.issue(useResume, c, a.cfg.Resume)
	return token, err
}

// VerifyResume checks a resume token; whether its serial is still good, and until
// when its player is signed in by now, is the lobby's to say. Errors are *Error.
func (a *Auth) VerifyResume(token string) (Resume, error) {
	c, err := a.checkOwn(token, useResume, a.cfg.Resume)
	if err != nil {
		return Resume{}, err
	}
	if c.Subject == "" || c.Lobby == "" || c.Home == "" || c.Boot == "" || c.Seat == "" {
		return Resume{}, ErrIncomplete
	}
	return Resume{
		Player: c.Subject, Name: CleanName(c.Name, c.Subject), Lobby: c.Lobby, Home: c.Home, Boot: c.Boot,
		Seat: c.Seat, Serial: c.Serial, Role: c.Role, Load: c.Load, Until: fromUnix(c.Until),
	}, nil
}

// UseOf says what a token claims to be for, "player", "pass" or "resume",
// without believing it, so that the caller knows which of Verify, VerifyPass
// and VerifyResume to ask. Errors are *Error.
func UseOf(token string) (string, error) {
	c, err := peek(token)
	if err != nil {
		return "", err
	}
	if c.Use == usePass || c.Use == useResume {
		return string(c.Use), nil
	}
	return string(usePlayer), nil
}
