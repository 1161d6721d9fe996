package auth

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"
)

// MinSecret is the least length of a shared secret in bytes: shorter ones are
// guessed faster than HS256 is strong.
const MinSecret = 32

// MaxToken is the longest token looked at, in bytes.
const MaxToken = 2048

// maxLeeway is how far clocks may differ at most.
const maxLeeway = 5 * time.Second

// Key is one shared secret. Rotate by putting the new one first: the first
// signs, all verify.
type Key struct {
	ID     string // kid; "" takes one derived from the secret
	Secret []byte // at least 32 bytes
}

// Config is what is trusted. Zero durations take their defaults.
type Config struct {
	Issuer   string        // of our own tokens: "sandlot"; all instances agree
	Keys     []Key         // at least one; all instances agree
	Guests   bool          // Guest issues tokens
	External *External     // another issuer of player tokens; nil: none
	Lifetime time.Duration // longest exp−iat of a player token: 24 h
	GuestTTL time.Duration // of a guest's token: 12 h
	PassTTL  time.Duration // of a pass: 30 s
	Resume   time.Duration // of a resume token: 12 h
	Leeway   time.Duration // how far clocks may differ: 5 s, which is also the most; < 0: none
	MaxSpent int           // passes remembered as spent: 100,000; above, passes are refused with full
	Now      func() time.Time
	Log      *slog.Logger // JWKS faults; nil: none
	Client   *http.Client // reads the JWKS, its bodies cut off at 256 KiB; nil: one of our own
}

// External is an issuer of player tokens that is not us. Exactly one of
// Secret, KeyFile and JWKS is set.
type External struct {
	Issuer   string // iss, required
	Audience string // aud, required
	Secret   []byte // HS256, at least 32 bytes
	KeyFile  string // PEM file with public keys or certificates: RS256, ES256, EdDSA
	JWKS     string // https URL of a key set (http for loopback only)
	Ratings  bool   // its claim ratings is believed
}

func (c Config) withDefaults() Config {
	if c.Issuer == "" {
		c.Issuer = "sandlot"
	}
	fill(&c.Lifetime, 24*time.Hour)
	fill(&c.GuestTTL, 12*time.Hour)
	fill(&c.PassTTL, 30*time.Second)
	fill(&c.Resume, 12*time.Hour)
	fill(&c.Leeway, maxLeeway)
	c.Leeway = max(c.Leeway, 0)
	if c.MaxSpent == 0 {
		c.MaxSpent = 100_000
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

func fill(d *time.Duration, def time.Duration) {
	if *d == 0 {
		*d = def
	}
}

// validate names every fault at once.
func (c Config) validate() error {
	var errs []error
	if len(c.Keys) == 0 {
		errs = append(errs, errors.New("auth: no key to sign with"))
	}
	for i, k := range c.Keys {
		if len(k.Secret) < MinSecret {
			errs = append(errs, fmt.Errorf("auth: key %d has %d bytes, at least %d are needed", i+1, len(k.Secret), MinSecret))
		}
	}
	if c.Leeway > maxLeeway {
		errs = append(errs, fmt.Errorf("auth: leeway %v is above %v", c.Leeway, maxLeeway))
	}
	if c.GuestTTL > c.Lifetime {
		errs = append(errs, fmt.Errorf("auth: guests' tokens live %v, longer than the %v allowed", c.GuestTTL, c.Lifetime))
	}
	if c.External != nil {
		errs = append(errs, c.External.validate(c.Issuer)...)
	}
	return errors.Join(errs...)
}

func (e *External) validate(own string) (errs []error) {
	if e.Issuer == "" {
		errs = append(errs, errors.New("auth: the external issuer has no name (iss)"))
	}
	if e.Issuer == own {
		errs = append(errs, fmt.Errorf("auth: the external issuer has our own name %q", own))
	}
	if e.Audience == "" {
		errs = append(errs, errors.New("auth: the external issuer has no audience (aud)"))
	}
	given := 0
	for _, is := range []bool{len(e.Secret) > 0, e.KeyFile != "", e.JWKS != ""} {
		if is {
			given++
		}
	}
	if given != 1 {
		errs = append(errs, errors.New("auth: the external issuer needs exactly one of secret, key file and JWKS URL"))
	}
	if n := len(e.Secret); n > 0 && n < MinSecret {
		errs = append(errs, fmt.Errorf("auth: the external issuer's secret has %d bytes, at least %d are needed", n, MinSecret))
	}
	return errs
}

// id is the key's kid. The derived one tells nothing of the secret.
func (k Key) id() string {
	if k.ID != "" {
		return k.ID
	}
	sum := sha256.Sum256(append([]byte("sandlot key id\x00"), k.Secret...))
	return hex.EncodeToString(sum[:6])
}
