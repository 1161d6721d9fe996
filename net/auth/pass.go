package auth

import "time"

// Pass is the right to open one socket to one lobby.
type Pass struct {
	ID     string // unique; set when issued
	Player string // player id
	Name   string
	Colour uint8 // chosen; 0: none
	Lobby  string
	Home   string // instance that runs the lobby
	Boot   string // which run of that instance
	Role   uint8  // what the player is to the lobby, as on the wire
	Load   bool
	Until  time.Time // end of the player's signed-in time; zero: never
	Ends   time.Time // set when issued
}

// IssuePass signs p for 30 s and gives the token and its end.
func (a *Auth) IssuePass(p Pass) (string, time.Time, error) {
	c := claims{Name: p.Name, Colour: colour(p.Colour), Load: p.Load, Role: p.Role, Lobby: p.Lobby, Home: p.Home, Boot: p.Boot, Until: unix(p.Until)}
	c.Subject = p.Player
	return a.issue(usePass, c, a.cfg.PassTTL)
}

// VerifyPass checks a pass without spending it: any instance may, to send the
// client on. Errors are *Error.
func (a *Auth) VerifyPass(token string) (Pass, error) {
	c, err := a.checkOwn(token, usePass, a.cfg.PassTTL)
	if err != nil {
		return Pass{}, err
	}
	if c.ID == "" || c.Subject == "" || c.Lobby == "" || c.Home == "" || c.Boot == "" {
		return Pass{}, ErrIncomplete
	}
	return Pass{
		ID: c.ID, Player: c.Subject, Name: CleanName(c.Name, c.Subject), Lobby: c.Lobby, Home: c.Home, Boot: c.Boot,
		Colour: cleanColour(uint8(c.Colour)), Role: c.Role, Load: c.Load, Until: fromUnix(c.Until), Ends: c.ExpiresAt.Time,
	}, nil
}

// SpendPass uses a verified pass up, in this process's memory: only the home
// does so, which is why a pass names the home and its boot. Of concurrent
// calls with one pass exactly one succeeds. Errors: ErrSpent, ErrFull.
func (a *Auth) SpendPass(p Pass) error { return a.spent.spend(p.ID, a.cfg.Now()) }
