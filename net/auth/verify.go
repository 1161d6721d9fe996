package auth

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// peek looks at a token without believing it: its bounds, its header, and who
// it says issued it.
func peek(token string) (*claims, error) {
	switch {
	case token == "":
		return nil, ErrMissing
	case len(token) > MaxToken:
		return nil, ErrTooLong
	case strings.Count(token, ".") != 2:
		return nil, ErrMalformed
	}
	c := new(claims)
	t, _, err := jwt.NewParser(jwt.WithStrictDecoding()).ParseUnverified(token, c)
	if err != nil {
		if errors.Is(err, jwt.ErrTokenUnverifiable) {
			return nil, ErrBadMethod.because(err)
		}
		return nil, ErrMalformed.because(err)
	}
	// RFC 7515, 4.1.11: who does not understand crit must refuse it.
	if _, has := t.Header["crit"]; has {
		return nil, ErrCritical
	}
	return c, nil
}

// rule is what a token must fulfil to be believed.
type rule struct {
	methods  []string
	issuer   string
	audience string
	longest  time.Duration
	key      jwt.Keyfunc
}

// check verifies signature and registered claims.
func (a *Auth) check(token string, r rule) (*claims, error) {
	c := new(claims)
	t, err := jwt.NewParser(
		jwt.WithValidMethods(r.methods),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(),
		jwt.WithIssuer(r.issuer),
		jwt.WithAudience(r.audience),
		jwt.WithLeeway(a.cfg.Leeway),
		jwt.WithStrictDecoding(),
		jwt.WithTimeFunc(a.cfg.Now),
	).ParseWithClaims(token, c, r.key)
	if err != nil {
		if t != nil && t.Method != nil && !slices.Contains(r.methods, t.Method.Alg()) {
			return nil, ErrBadMethod.because(err)
		}
		if errors.Is(err, jwt.ErrTokenRequiredClaimMissing) && c.ExpiresAt != nil {
			return nil, ErrWrongAudience.because(err)
		}
		return nil, classify(err)
	}
	from := a.cfg.Now()
	if c.IssuedAt != nil {
		from = c.IssuedAt.Time
	}
	// A second for rounding: numeric dates are whole seconds.
	if c.ExpiresAt.Sub(from) > r.longest+time.Second {
		return nil, ErrTooLongLived
	}
	return c, a.standing(c)
}

// checkOwn verifies a token that we issued for u.
func (a *Auth) checkOwn(token string, u use, longest time.Duration) (*claims, error) {
	if _, err := peek(token); err != nil {
		return nil, err
	}
	c, err := a.check(token, rule{
		methods:  []string{jwt.SigningMethodHS256.Alg()},
		issuer:   a.cfg.Issuer,
		audience: u.audience(),
		longest:  longest,
		key:      a.own,
	})
	if err != nil {
		return nil, err
	}
	if c.Use != u {
		return nil, ErrWrongUse
	}
	return c, nil
}
