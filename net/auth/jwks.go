package auth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
)

const (
	jwksRefresh = 10 * time.Minute // how often the set is read again
	jwksRetry   = 10 * time.Second // least time between reads: after a failure, or for an unknown kid
	jwksTimeout = 5 * time.Second
	maxJWKS     = 256 << 10 // bytes of a set
)

// jwks is a key set read from a URL. Looking a key up never waits for the
// network: an unknown kid is refused at once and asks run to read the set
// again, at most every 10 s.
type jwks struct {
	url    string
	log    *slog.Logger
	client *http.Client
	store  *jwkset.MemoryJWKSet
	keys   keyfunc.Keyfunc
	ready  atomic.Bool
	ask    chan struct{} // holds one wish; more are the same wish
}

func newJWKS(address string, client *http.Client, log *slog.Logger) (*jwks, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("auth: JWKS URL: %w", err)
	}
	if u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())) {
		return nil, fmt.Errorf("auth: JWKS URL %q must be https", address)
	}
	j := &jwks{url: address, log: log, store: jwkset.NewMemoryStorage(), ask: make(chan struct{}, 1)}
	var next http.RoundTripper = &http.Transport{DisableKeepAlives: true, Proxy: http.ProxyFromEnvironment}
	if client != nil && client.Transport != nil {
		next = client.Transport
	}
	j.client = &http.Client{Timeout: jwksTimeout, Transport: bounded{next}}
	if j.keys, err = keyfunc.New(keyfunc.Options{Storage: j.store}); err != nil {
		return nil, fmt.Errorf("auth: %w", err)
	}
	return j, nil
}

// run reads the set until ctx ends.
func (j *jwks) run(ctx context.Context) error {
	for {
		wait := jwksRefresh
		if err := j.read(ctx); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			j.log.Warn("read the issuer's key set", "url", j.url, "error", err)
			wait = jwksRetry
		}
		if !j.sleep(ctx, wait) {
			return nil
		}
	}
}

// sleep waits for the next read: wait, or jwksRetry when somebody asks.
func (j *jwks) sleep(ctx context.Context, wait time.Duration) bool {
	least, most := time.NewTimer(jwksRetry), time.NewTimer(wait)
	defer least.Stop()
	defer most.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-least.C:
	}
	select {
	case <-ctx.Done():
		return false
	case <-most.C:
	case <-j.ask:
	}
	return true
}

// read replaces the keys by what the URL has now; on failure the old stay.
func (j *jwks) read(ctx context.Context) error {
	_, err := jwkset.NewStorageFromHTTP(j.url, jwkset.HTTPClientStorageOptions{
		Client: j.client, Ctx: ctx, HTTPTimeout: jwksTimeout, Storage: j.store,
	})
	if err != nil {
		return err
	}
	j.ready.Store(true)
	return nil
}

// key finds the key for a token, in memory.
func (j *jwks) key(t *jwt.Token) (any, error) {
	if !j.ready.Load() {
		return nil, ErrUnavailable
	}
	key, err := j.keys.Keyfunc(t)
	if err == nil {
		if set, is := key.(jwt.VerificationKeySet); is {
			return fitting(set.Keys, t.Method.Alg())
		}
		if algOf(key) == t.Method.Alg() {
			return key, nil
		}
	}
	if errors.Is(err, jwkset.ErrKeyNotFound) {
		select {
		case j.ask <- struct{}{}:
		default:
		}
	}
	return nil, ErrUnknownKey
}

// bounded cuts bodies off at maxJWKS, which makes them fail to decode.
type bounded struct{ next http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.next.RoundTrip(r)
	if err == nil {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(resp.Body, maxJWKS), resp.Body}
	}
	return resp, err
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
