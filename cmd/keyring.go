package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/api"
	"github.com/sandlot-server/sandlot/net/auth"
)

// dataDir is where this server keeps what it makes: configured, the user's
// configuration directory, or ./.sandlot.
func (c *Config) dataDir() string {
	if c.DataDir != "" {
		return c.DataDir
	}
	if dir, err := os.UserConfigDir(); err == nil {
		return filepath.Join(dir, "sandlot")
	}
	return ".sandlot"
}

// secret is the signing key. Where none is configured it is read from the data
// directory, and made there the first time; made names the file then.
func (c *Config) secret() (secret []byte, made string, err error) {
	switch {
	case c.Auth.Secret != "":
		return []byte(c.Auth.Secret), "", nil
	case c.Auth.SecretFile != "":
		// A file that was named must be there: making one would hide a typing
		// error, and split instances that are meant to share it.
		if _, err := os.Stat(c.Auth.SecretFile); err != nil {
			return nil, "", fmt.Errorf("read auth.secret_file: %w", err)
		}
		secret, _, err = auth.LoadSecret(c.Auth.SecretFile)
		return secret, "", err
	}
	path := filepath.Join(c.dataDir(), "secret")
	secret, created, err := auth.LoadSecret(path)
	if err != nil {
		return nil, "", fmt.Errorf("%w (set data_dir, auth.secret or auth.secret_file)", err)
	}
	if created {
		made = path
	}
	return secret, made, nil
}

// newAuth makes the issuer and verifier of all tokens. Made names the secret's
// file if it was made just now.
func (c *Config) newAuth(log logger) (a *auth.Auth, made string, err error) {
	secret, made, err := c.secret()
	if err != nil {
		return nil, "", err
	}
	cfg := auth.Config{
		Issuer: c.Auth.Issuer, Keys: []auth.Key{{Secret: secret}}, Guests: c.Auth.Guests,
		Lifetime: c.Auth.Lifetime, GuestTTL: c.Auth.GuestTTL, PassTTL: c.Lobby.PassTTL, Log: log,
	}
	for _, p := range c.Auth.Previous {
		cfg.Keys = append(cfg.Keys, auth.Key{Secret: []byte(p)})
	}
	if x := c.Auth.External; x.Issuer != "" {
		cfg.External = &auth.External{Issuer: x.Issuer, Audience: x.Audience, Secret: []byte(x.Secret), KeyFile: x.KeyFile, JWKS: x.JWKSURL, Ratings: x.Ratings}
	}
	a, err = auth.New(cfg)
	return a, made, err
}

// keyring gives the HTTP handlers the keys of net/auth in their own words. It is
// safe for concurrent use.
type keyring struct{ auth *auth.Auth }

var _ api.Keys = keyring{}

func whoOf(id auth.Identity) lobby.Who {
	return lobby.Who{ID: id.ID, Name: id.Name, Expires: id.Expires, Load: id.Load, Colour: id.Colour, Ratings: id.Ratings}
}

// Guest implements api.Keys.
func (k keyring) Guest(token, name string, colour uint8) (string, lobby.Who, error) {
	made, id, err := k.auth.Renew(token, name, colour)
	if own := new(auth.Error); errors.As(err, &own) && !errors.Is(err, auth.ErrGuestsOff) && !errors.Is(err, auth.ErrRevoked) {
		made, id, err = k.auth.Guest(name, colour) // no token, or one that is no good
	}
	if errors.Is(err, auth.ErrGuestsOff) {
		return "", lobby.Who{}, api.NewProblem(api.CodeNoGuests, auth.ErrGuestsOff.Message, 0)
	}
	if errors.Is(err, auth.ErrRevoked) {
		return "", lobby.Who{}, api.NewProblem(api.CodeRevoked, auth.ErrRevoked.Message, 0)
	}
	return made, whoOf(id), err
}

// Verify implements api.Keys.
func (k keyring) Verify(_ context.Context, token string) (lobby.Who, error) {
	id, err := k.auth.Verify(token)
	var e *auth.Error
	if errors.Is(err, auth.ErrRevoked) {
		return lobby.Who{}, api.NewProblem(api.CodeRevoked, auth.ErrRevoked.Message, 0)
	}
	if errors.As(err, &e) {
		return lobby.Who{}, errors.New(e.Message) // without the library's words
	}
	return whoOf(id), err
}

// isLoad says whether a credential of any kind is signed as a load test.
func (k keyring) isLoad(credential string) bool {
	use, err := auth.UseOf(credential)
	if err != nil {
		return false
	}
	switch use {
	case "pass":
		p, err := k.auth.VerifyPass(credential)
		return err == nil && p.Load
	case "resume":
		r, err := k.auth.VerifyResume(credential)
		return err == nil && r.Load
	default:
		id, err := k.auth.Verify(credential)
		return err == nil && id.Load
	}
}
