package auth

import (
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// maxID bounds a player's id in bytes; a longer sub is refused as incomplete.
const maxID = 128

// Identity is who a player is.
type Identity struct {
	ID      string    // sub: unique among all issuers' players; at most 128 bytes
	Name    string    // display name, cleaned: 1 to 24 runes
	Expires time.Time // end of the signed-in time
	Load    bool      // a load generator, so signed by us
	Guest   bool      // issued by Guest
	Colour  uint8     // chosen, 1 to MaxColour; 0: none

	// Ratings is what an external issuer that is believed about it says of the
	// player's skill: points, 0 to 10,000, by "mode" or "game/mode"; nil: nothing.
	Ratings map[string]int
}

// Guest makes a new player with that display name, cleaned, and a colour, 0 for
// none, and their token. Errors: ErrGuestsOff.
func (a *Auth) Guest(name string, colour uint8) (token string, who Identity, err error) {
	if !a.cfg.Guests {
		return "", Identity{}, ErrGuestsOff
	}
	id, err := uuid.NewV7()
	if err != nil {
		return "", Identity{}, err
	}
	return a.Issue(Identity{ID: "guest-" + id.String(), Name: name, Guest: true, Colour: colour}, a.cfg.GuestTTL)
}

// Renew makes another token for the guest whom token names, who may take another
// name and colour on the way. Errors: ErrGuestsOff, ErrWrongUse for a player who is
// no guest, and those of Verify.
func (a *Auth) Renew(token, name string, colour uint8) (string, Identity, error) {
	if !a.cfg.Guests {
		return "", Identity{}, ErrGuestsOff
	}
	who, err := a.Verify(token)
	if err != nil {
		return "", Identity{}, err
	}
	if !who.Guest {
		return "", Identity{}, ErrWrongUse
	}
	return a.Issue(Identity{ID: who.ID, Name: name, Guest: true, Colour: colour}, a.cfg.GuestTTL)
}

// Issue signs a player token for who, valid for ttl: for guests and for
// development and load tokens made by the operator. Expires is set by ttl.
func (a *Auth) Issue(who Identity, ttl time.Duration) (string, Identity, error) {
	if !validID(who.ID) {
		return "", Identity{}, ErrIncomplete
	}
	if ttl <= 0 || ttl > a.cfg.Lifetime {
		return "", Identity{}, ErrTooLongLived
	}
	who.Name, who.Colour = CleanName(who.Name, who.ID), cleanColour(who.Colour)
	c := claims{Name: who.Name, Load: who.Load, Colour: colour(who.Colour)}
	c.Subject = who.ID
	token, end, err := a.issue(usePlayer, c, ttl)
	if err != nil {
		return "", Identity{}, err
	}
	who.Expires = end
	return token, who, nil
}

// Verify says who a player token names, ours or the external issuer's. Errors
// are *Error.
func (a *Auth) Verify(token string) (Identity, error) {
	seen, err := peek(token)
	if err != nil {
		return Identity{}, err
	}
	var c *claims
	switch {
	case seen.Issuer == a.cfg.Issuer:
		c, err = a.checkOwn(token, usePlayer, a.cfg.Lifetime)
	case a.ext != nil && seen.Issuer == a.ext.cfg.Issuer:
		c, err = a.checkExternal(token)
	default:
		err = ErrWrongIssuer
	}
	if err != nil {
		return Identity{}, err
	}
	if !validID(c.Subject) {
		return Identity{}, ErrIncomplete
	}
	own := c.Issuer == a.cfg.Issuer
	var ratings map[string]int
	if !own && a.ext.cfg.Ratings {
		if ratings, err = ratingsOf(c.Ratings); err != nil {
			return Identity{}, err
		}
	}
	return Identity{
		Ratings: ratings,
		ID:      c.Subject,
		Name:    CleanName(c.Name, c.Subject),
		Expires: c.ExpiresAt.Time,
		Colour:  cleanColour(uint8(c.Colour)),
		Load:    own && c.Load,
		Guest:   own && len(c.Subject) > 6 && c.Subject[:6] == "guest-",
	}, nil
}

// checkExternal verifies a token of the external issuer. Its tokens need no
// use; one meant for another use is refused.
func (a *Auth) checkExternal(token string) (*claims, error) {
	c, err := a.check(token, rule{
		methods:  a.ext.methods,
		issuer:   a.ext.cfg.Issuer,
		audience: a.ext.cfg.Audience,
		longest:  a.cfg.Lifetime,
		key:      a.ext.key,
	})
	if err != nil {
		return nil, err
	}
	if c.Use != "" && c.Use != usePlayer {
		return nil, ErrWrongUse
	}
	return c, nil
}

// validID says whether id can name a player: printable and bounded.
func validID(id string) bool {
	if id == "" || len(id) > maxID || !utf8.ValidString(id) {
		return false
	}
	for _, r := range id {
		if hidden(r) || r == ' ' {
			return false
		}
	}
	return true
}
