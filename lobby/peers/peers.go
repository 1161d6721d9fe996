package peers

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/auth"
)

// Header carries the signature.
const Header = "Sandlot-Peer"

// Path is what the address of a question begins with; its name follows.
const Path = "/v1/peers/"

const (
	maxBody  = 64 << 10
	maxAsked = 256 // questions at a time, each way
)

// Keys signs and verifies; *auth.Auth is one. It is safe for concurrent use.
type Keys interface {
	IssuePeer(auth.Peer) (string, error)
	TakePeer(token, own string) (auth.Peer, error)
}

// Config is who this instance is. Instance and Keys are required.
type Config struct {
	Instance string
	Keys     Keys
	TLS      *tls.Config // to instances whose address is https; nil: the system's
}

// Peers asks, and with Handler answers. It is safe for concurrent use.
type Peers struct {
	cfg       Config
	http      *http.Client
	transport *http.Transport
	asking    chan struct{}
	answering chan struct{}
}

var _ lobby.Peers = (*Peers)(nil)

// New makes a Peers.
func New(cfg Config) *Peers {
	t := &http.Transport{
		DialContext:         (&net.Dialer{Timeout: time.Second}).DialContext,
		TLSClientConfig:     cfg.TLS,
		MaxConnsPerHost:     maxAsked,
		MaxIdleConnsPerHost: 16,
		IdleConnTimeout:     30 * time.Second,
		DisableCompression:  true,
	}
	return &Peers{
		cfg: cfg, transport: t, asking: make(chan struct{}, maxAsked), answering: make(chan struct{}, maxAsked),
		http: &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
}

// Close ends the connections that idle.
func (p *Peers) Close() { p.transport.CloseIdleConnections() }

// refusal is a *lobby.Error on the way.
type refusal struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	AfterMS int64  `json:"afterMs,omitempty"`
}

// Ask implements lobby.Peers.
func (p *Peers) Ask(ctx context.Context, to lobby.Instance, what string, question []byte) ([]byte, error) {
	select {
	case p.asking <- struct{}{}:
		defer func() { <-p.asking }()
	default:
		return nil, unreached(to, fmt.Errorf("%d questions wait for answers already", maxAsked))
	}
	word, err := p.cfg.Keys.IssuePeer(auth.Peer{From: p.cfg.Instance, To: to.Name, Sum: sum(what, question)})
	if err != nil {
		return nil, unreached(to, err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(to.Peer, "/")+Path+what, bytes.NewReader(question))
	if err != nil {
		return nil, unreached(to, err)
	}
	r.Header.Set(Header, word)
	r.Header.Set("Content-Type", "application/json")
	resp, err := p.http.Do(r)
	if err != nil {
		return nil, unreached(to, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err != nil || len(answer) > maxBody {
		return nil, unreached(to, fmt.Errorf("an answer that is cut off or too long: %w", err))
	}
	switch resp.StatusCode {
	case http.StatusOK:
		return answer, nil
	case http.StatusConflict:
		var no refusal
		if err := json.Unmarshal(answer, &no); err != nil || no.Code == "" {
			return nil, unreached(to, fmt.Errorf("read a refusal: %w", err))
		}
		return nil, &lobby.Error{Code: no.Code, Message: no.Message, RetryAfter: time.Duration(no.AfterMS) * time.Millisecond}
	}
	return nil, unreached(to, fmt.Errorf("it answers with status %d: are versions and [auth] keys the same?", resp.StatusCode))
}

func unreached(to lobby.Instance, cause error) error {
	return &lobby.Error{
		Code: lobby.CodeUnavailable, Message: "another instance cannot be asked now", RetryAfter: 2 * time.Second,
		Err: fmt.Errorf("ask %s at %s: %w", to.Name, to.Peer, cause),
	}
}

// sum names a question for its signature.
func sum(what string, question []byte) string {
	of := sha256.Sum256(question)
	return what + " " + hex.EncodeToString(of[:])
}
