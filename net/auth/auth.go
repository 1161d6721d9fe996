package auth

import (
	"context"
	"fmt"

	"github.com/golang-jwt/jwt/v5"
)

// Auth issues and verifies tokens. Safe for concurrent use.
type Auth struct {
	cfg   Config
	keys  map[string][]byte // ours, by kid
	sign  Key
	ext   *external
	spent *spent // passes
	asked *spent // words of other instances

	revoked revoked
}

// New checks cfg, naming every fault at once, and reads the key file if there
// is one. It starts no goroutine.
func New(cfg Config) (*Auth, error) {
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	a := &Auth{cfg: cfg, keys: map[string][]byte{}, sign: cfg.Keys[0]}
	for _, k := range cfg.Keys {
		if _, twice := a.keys[k.id()]; twice {
			return nil, fmt.Errorf("auth: two keys have the id %q", k.id())
		}
		a.keys[k.id()] = k.Secret
	}
	// A pass can be valid for its time and the leeway at both ends.
	a.spent = newSpent(cfg.PassTTL+2*cfg.Leeway, cfg.MaxSpent)
	a.asked = newSpent(peerTTL+2*cfg.Leeway, cfg.MaxSpent)
	if cfg.External != nil {
		ext, err := newExternal(*cfg.External, cfg.Client, cfg.Log)
		if err != nil {
			return nil, err
		}
		a.ext = ext
	}
	return a, nil
}

// Run keeps the external issuer's key set fresh until ctx ends; without a JWKS
// URL it only waits. Player tokens of that issuer are refused as unavailable
// until the first fetch has succeeded.
func (a *Auth) Run(ctx context.Context) error {
	if a.ext == nil || a.ext.jwks == nil {
		<-ctx.Done()
		return nil
	}
	return a.ext.jwks.run(ctx)
}

// Guests says whether Guest issues tokens.
func (a *Auth) Guests() bool { return a.cfg.Guests }

// own gives the secret that our token was signed with.
func (a *Auth) own(t *jwt.Token) (any, error) {
	kid, _ := t.Header["kid"].(string)
	secret, ok := a.keys[kid]
	if !ok {
		return nil, ErrUnknownKey
	}
	return secret, nil
}
