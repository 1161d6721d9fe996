package auth

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"

	"github.com/golang-jwt/jwt/v5"
)

// external is an issuer of player tokens that is not us.
type external struct {
	cfg     External
	methods []string
	key     jwt.Keyfunc
	jwks    *jwks // nil unless the keys come from a URL
}

// public are the methods with public keys. HMAC is never among them: a public
// key must not serve as a shared secret.
var public = []string{"RS256", "ES256", "EdDSA"}

func newExternal(cfg External, client *http.Client, log *slog.Logger) (*external, error) {
	e := &external{cfg: cfg, methods: public}
	switch {
	case len(cfg.Secret) > 0:
		e.methods = []string{"HS256"}
		e.key = func(*jwt.Token) (any, error) { return cfg.Secret, nil }
	case cfg.KeyFile != "":
		set, err := readKeys(cfg.KeyFile)
		if err != nil {
			return nil, err
		}
		e.key = func(t *jwt.Token) (any, error) { return fitting(set, t.Method.Alg()) }
	default:
		j, err := newJWKS(cfg.JWKS, client, log)
		if err != nil {
			return nil, err
		}
		e.jwks, e.key = j, j.key
	}
	return e, nil
}

// maxKeyFile bounds the key file in bytes.
const maxKeyFile = 64 << 10

// readKeys reads public keys and certificates from a PEM file. Private keys
// are refused: they do not belong on a server that only verifies.
func readKeys(path string) ([]jwt.VerificationKey, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the issuer's keys: %w", err)
	}
	if len(text) > maxKeyFile {
		return nil, fmt.Errorf("read the issuer's keys: %s is above %d bytes", path, maxKeyFile)
	}
	var keys []jwt.VerificationKey
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		key, err := parseKey(block)
		if err != nil {
			return nil, fmt.Errorf("read the issuer's keys from %s: %w", path, err)
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("read the issuer's keys: no PEM block in %s", path)
	}
	return keys, nil
}

func parseKey(b *pem.Block) (jwt.VerificationKey, error) {
	var key any
	var err error
	switch b.Type {
	case "PUBLIC KEY":
		key, err = x509.ParsePKIXPublicKey(b.Bytes)
	case "RSA PUBLIC KEY":
		key, err = x509.ParsePKCS1PublicKey(b.Bytes)
	case "CERTIFICATE":
		var cert *x509.Certificate
		if cert, err = x509.ParseCertificate(b.Bytes); err == nil {
			key = cert.PublicKey
		}
	default:
		return nil, fmt.Errorf("a %q block; public keys and certificates are wanted", b.Type)
	}
	if err != nil {
		return nil, err
	}
	if alg := algOf(key); alg == "" {
		return nil, errors.New("a key that is neither RSA of 2048 bits or more, ECDSA P-256 nor Ed25519")
	}
	return key, nil
}

// algOf is the one method that a key is used with, "" for none.
func algOf(key any) string {
	switch k := key.(type) {
	case *rsa.PublicKey:
		if k.N.BitLen() >= 2048 {
			return "RS256"
		}
	case *ecdsa.PublicKey:
		if k.Curve.Params().Name == "P-256" {
			return "ES256"
		}
	case ed25519.PublicKey:
		return "EdDSA"
	}
	return ""
}

// fitting gives the keys for a method; a token may name no kid here.
func fitting(keys []jwt.VerificationKey, alg string) (any, error) {
	var set jwt.VerificationKeySet
	for _, k := range keys {
		if algOf(k) == alg {
			set.Keys = append(set.Keys, k)
		}
	}
	if len(set.Keys) == 0 {
		return nil, ErrUnknownKey
	}
	return set, nil
}
