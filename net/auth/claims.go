package auth

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

// use is what a token is for; with the audience it keeps them apart.
type use string

const (
	usePlayer use = "player"
	usePass   use = "pass"
	useResume use = "resume"
	usePeer   use = "peer"
)

// audience is the aud of our own tokens.
func (u use) audience() string { return "sandlot/" + string(u) }

// claims is all that our tokens hold, and what we read of others'.
type claims struct {
	jwt.RegisteredClaims
	Use     use             `json:"use,omitempty"`
	Name    string          `json:"name,omitempty"`
	Colour  colour          `json:"colour,omitempty"`
	Load    bool            `json:"load,omitempty"`
	Ratings json.RawMessage `json:"ratings,omitempty"` // of others: see ratingsOf
	Role    uint8           `json:"role,omitempty"`
	Lobby   string          `json:"lobby,omitempty"`
	Home    string          `json:"home,omitempty"`
	Boot    string          `json:"boot,omitempty"`
	Seat    string          `json:"seat,omitempty"`
	Serial  uint32          `json:"serial,omitempty"`
	Sum     string          `json:"sum,omitempty"`
	Remote  string          `json:"remote,omitempty"`
	Until   int64           `json:"until,omitempty"` // Unix seconds: the player token's own end
}

// issue signs c for u, valid for ttl from now. It gives the token and its end.
func (a *Auth) issue(u use, c claims, ttl time.Duration) (string, time.Time, error) {
	now := a.cfg.Now()
	end := now.Add(ttl).Truncate(time.Second)
	id, err := uuid.NewRandom()
	if err != nil {
		return "", time.Time{}, fmt.Errorf("make a token id: %w", err)
	}
	c.Use = u
	c.RegisteredClaims = jwt.RegisteredClaims{
		Issuer:    a.cfg.Issuer,
		Subject:   c.Subject,
		Audience:  jwt.ClaimStrings{u.audience()},
		IssuedAt:  jwt.NewNumericDate(now),
		ExpiresAt: jwt.NewNumericDate(end),
		ID:        id.String(),
	}
	t := jwt.NewWithClaims(jwt.SigningMethodHS256, c)
	t.Header["kid"] = a.sign.id()
	signed, err := t.SignedString(a.sign.Secret)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("sign a %s token: %w", u, err)
	}
	if len(signed) > MaxToken {
		return "", time.Time{}, fmt.Errorf("sign a %s token: %w", u, ErrTooLong)
	}
	return signed, end, nil
}

func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func fromUnix(s int64) time.Time {
	if s == 0 {
		return time.Time{}
	}
	return time.Unix(s, 0)
}
