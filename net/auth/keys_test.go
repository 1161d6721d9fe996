package auth_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sandlot-server/sandlot/net/auth"
)

func TestConfigNamesEveryFault(t *testing.T) {
	_, err := auth.New(auth.Config{
		Keys:     []auth.Key{{Secret: []byte("short")}},
		Leeway:   time.Minute,
		GuestTTL: 48 * time.Hour,
		External: &auth.External{Issuer: "sandlot", Secret: []byte("short"), JWKS: "https://x"},
	})
	if err == nil {
		t.Fatal("taken")
	}
	for _, want := range []string{"key 1 has 5 bytes", "leeway", "guests", "own name", "audience", "exactly one", "secret has 5 bytes"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
	for name, cfg := range map[string]auth.Config{
		"no key":         {},
		"same key twice": {Keys: []auth.Key{{Secret: secret}, {Secret: secret}}},
		"jwks over http": {Keys: []auth.Key{{Secret: secret}}, External: &auth.External{Issuer: "x", Audience: "y", JWKS: "http://id.example/keys"}},
		"no such file":   {Keys: []auth.Key{{Secret: secret}}, External: &auth.External{Issuer: "x", Audience: "y", KeyFile: "/nowhere"}},
	} {
		if _, err := auth.New(cfg); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// signers are one private key for each public method.
type signers struct {
	rsa *rsa.PrivateKey
	ec  *ecdsa.PrivateKey
	ed  ed25519.PrivateKey
}

func newSigners(t *testing.T) signers {
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	e, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, d, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return signers{r, e, d}
}

func block(t *testing.T, pub crypto.PublicKey) []byte {
	der, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

var external = map[string]any{"iss": "https://id.example", "aud": "sandlot-game", "use": nil}

func TestKeyFile(t *testing.T) {
	k := newSigners(t)
	public := append(append(block(t, &k.rsa.PublicKey), block(t, &k.ec.PublicKey)...), block(t, k.ed.Public())...)
	path := filepath.Join(t.TempDir(), "keys.pem")
	if err := os.WriteFile(path, public, 0o600); err != nil {
		t.Fatal(err)
	}
	a, _ := newAuth(t, func(c *auth.Config) {
		c.External = &auth.External{Issuer: "https://id.example", Audience: "sandlot-game", KeyFile: path}
	})
	for _, c := range []struct {
		name   string
		method jwt.SigningMethod
		key    any
		want   *auth.Error
	}{
		{"RS256", jwt.SigningMethodRS256, k.rsa, nil},
		{"ES256", jwt.SigningMethodES256, k.ec, nil},
		{"EdDSA", jwt.SigningMethodEdDSA, k.ed, nil},
		{"RS512", jwt.SigningMethodRS512, k.rsa, auth.ErrBadMethod},
		{"another RSA key", jwt.SigningMethodRS256, newSigners(t).rsa, auth.ErrBadSignature},
		{"HS256 with the public key as secret", jwt.SigningMethodHS256, block(t, &k.rsa.PublicKey), auth.ErrBadMethod},
	} {
		_, err := a.Verify(forge(t, c.method, c.key, nil, good(external)))
		t.Run(c.name, func(t *testing.T) { wants(t, err, c.want) })
	}
}

func TestKeyFileRefusesPrivateKeys(t *testing.T) {
	k := newSigners(t)
	der, err := x509.MarshalPKCS8PrivateKey(k.ec)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "keys.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = auth.New(auth.Config{Keys: []auth.Key{{Secret: secret}}, External: &auth.External{Issuer: "x", Audience: "y", KeyFile: path}})
	if err == nil || !strings.Contains(err.Error(), "PRIVATE KEY") {
		t.Fatalf("got %v", err)
	}
}

// jwksServer serves an Ed25519 key under a kid that tests change.
type jwksServer struct {
	kid  atomic.Value
	key  ed25519.PrivateKey
	big  atomic.Bool
	hits atomic.Int32
}

func (s *jwksServer) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	s.hits.Add(1)
	set := map[string]any{"keys": []any{map[string]string{
		"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": s.kid.Load().(string),
		"x": base64.RawURLEncoding.EncodeToString(s.key.Public().(ed25519.PublicKey)),
	}}}
	if s.big.Load() {
		set["padding"] = strings.Repeat("x", 1<<20)
	}
	_ = json.NewEncoder(w).Encode(set)
}

func TestJWKS(t *testing.T) {
	k := newSigners(t)
	s := &jwksServer{key: k.ed}
	s.kid.Store("a")
	srv := httptest.NewServer(s)
	defer srv.Close()
	a, _ := newAuth(t, func(c *auth.Config) {
		c.External = &auth.External{Issuer: "https://id.example", Audience: "sandlot-game", JWKS: srv.URL}
	})
	verify := func(kid string) error {
		_, err := a.Verify(forge(t, jwt.SigningMethodEdDSA, k.ed, map[string]any{"kid": kid}, good(external)))
		return err
	}
	wants(t, verify("a"), auth.ErrUnavailable)

	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- a.Run(ctx) }()
	for verify("a") != nil { // until the first fetch is in
		if ctx.Err() != nil {
			t.Fatal("never")
		}
	}
	wants(t, verify("b"), auth.ErrUnknownKey)
	_, err := a.Verify(forge(t, jwt.SigningMethodHS256, secret, map[string]any{"kid": "a"}, good(external)))
	wants(t, err, auth.ErrBadMethod)
	_, err = a.Verify(forge(t, jwt.SigningMethodES256, k.ec, map[string]any{"kid": "a"}, good(external)))
	wants(t, err, auth.ErrUnknownKey)
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if n := s.hits.Load(); n != 1 {
		t.Errorf("%d reads", n)
	}
}

// A new kid is picked up after at least 10 s, without anyone waiting; an
// oversize answer leaves the old keys.
func TestJWKSRotation(t *testing.T) {
	k := newSigners(t)
	s := &jwksServer{key: k.ed}
	s.kid.Store("a")
	synctest.Test(t, func(t *testing.T) {
		a, err := auth.New(auth.Config{
			Keys:     []auth.Key{{Secret: secret}},
			External: &auth.External{Issuer: "https://id.example", Audience: "sandlot-game", JWKS: "https://id.example/keys"},
			Client:   &http.Client{Transport: direct{s}},
			Now:      func() time.Time { return start },
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- a.Run(ctx) }()
		verify := func(kid string) error {
			_, err := a.Verify(forge(t, jwt.SigningMethodEdDSA, k.ed, map[string]any{"kid": kid}, good(external)))
			return err
		}
		synctest.Wait()
		wants(t, verify("a"), nil)
		s.kid.Store("b")
		for range 100 {
			wants(t, verify("b"), auth.ErrUnknownKey)
		}
		<-time.After(11 * time.Second)
		synctest.Wait()
		wants(t, verify("b"), nil)
		wants(t, verify("a"), auth.ErrUnknownKey)
		if n := s.hits.Load(); n != 2 {
			t.Errorf("%d reads", n)
		}
		s.big.Store(true)
		<-time.After(20 * time.Minute)
		synctest.Wait()
		wants(t, verify("b"), nil)
		if n := s.hits.Load(); n < 3 {
			t.Errorf("%d reads", n)
		}
		stop()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	})
}

// direct answers requests with a handler, without a network.
type direct struct{ h http.Handler }

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.h.ServeHTTP(w, r)
	return w.Result(), nil
}

func TestLoadSecret(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "secret")
	one, created, err := auth.LoadSecret(path)
	if err != nil || !created || len(one) < auth.MinSecret {
		t.Fatalf("%d bytes, created %v, %v", len(one), created, err)
	}
	two, created, err := auth.LoadSecret(path)
	if err != nil || created || string(one) != string(two) {
		t.Fatalf("read again: created %v, %v", created, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(path, []byte("short\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := auth.LoadSecret(path); err == nil {
		t.Fatal("a short secret was taken")
	}
}
