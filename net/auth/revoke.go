package auth

import (
	"sync"
	"time"
)

// maxRevoked is how many players can be revoked at once; of more, those whose
// revocation ends first are forgotten.
const maxRevoked = 100_000

// ErrRevoked is for tokens, passes and resume tokens of a player that Revoke names.
var ErrRevoked = &Error{Code: "revoked", Message: "this player's right to be here was withdrawn"}

// Revocation withdraws a player's right to be here until it ends.
type Revocation struct {
	Player string
	Issued time.Time // only what was issued up to then, to the second; zero: everything
	Until  time.Time
}

// revoked holds the revocations that stand, by player. Safe for concurrent use.
type revoked struct {
	mu  sync.RWMutex
	all map[string]Revocation
}

// Revoke refuses a player's tokens from now on, in place of what was said of that
// player before; one whose end has passed lifts it. Safe for concurrent use.
func (a *Auth) Revoke(r Revocation) {
	now := a.cfg.Now()
	a.revoked.mu.Lock()
	defer a.revoked.mu.Unlock()
	if !r.Until.After(now) {
		delete(a.revoked.all, r.Player)
		return
	}
	if a.revoked.all == nil {
		a.revoked.all = map[string]Revocation{}
	}
	a.revoked.all[r.Player] = r
	if len(a.revoked.all) > maxRevoked {
		a.revoked.forget(now)
	}
}

// forget drops what is over, and if nothing is the one that ends first; mu held.
func (r *revoked) forget(now time.Time) {
	first, before := "", len(r.all)
	for player, one := range r.all {
		if !one.Until.After(now) {
			delete(r.all, player)
			continue
		}
		if first == "" || one.Until.Before(r.all[first].Until) {
			first = player
		}
	}
	if len(r.all) == before {
		delete(r.all, first)
	}
}

// standing is ErrRevoked for a credential that a revocation is about.
func (a *Auth) standing(c *claims) error {
	a.revoked.mu.RLock()
	r, is := a.revoked.all[c.Subject]
	a.revoked.mu.RUnlock()
	if !is || !r.Until.After(a.cfg.Now()) {
		return nil
	}
	if !r.Issued.IsZero() && c.IssuedAt != nil && c.IssuedAt.After(r.Issued) {
		return nil
	}
	return ErrRevoked
}
