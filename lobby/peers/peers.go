package peers

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/auth"
)

// Header carries the signature.
const Header = "Sandlot-Peer"

// Path is what the address of a question begins with; its name follows.
const Path = "/v1/peers/"

const (
	maxBody  = 64 << 10 // of a question or an answer, in bytes
	maxLarge = 2 << 20  // of those in large: 1,000 players at 2 KiB, what a token may have
	maxAsked = 256      // questions at a time, to one instance and from all
)

// large are the questions that name, or whose answers name, all players of a lobby.
var large = map[string]bool{"get": true, "open": true, "fill": true, "joinall": true}

// most is how long a question and its answer may be, in bytes.
func most(what string) int {
	if large[what] {
		return maxLarge
	}
	return maxBody
}

// Keys signs and verifies; *auth.Auth is one. It is safe for concurrent use.
type Keys interface {
	IssuePeer(auth.Peer) (string, error)
	TakePeer(token, own, boot string) (auth.Peer, error)
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
	answering chan struct{}

	mu     sync.Mutex
	asking map[string]int // questions on their way, by the instance asked; never 0
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
		cfg: cfg, transport: t, asking: map[string]int{}, answering: make(chan struct{}, maxAsked),
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

// begin takes one of the places for questions to an instance, if there is one.
func (p *Peers) begin(to string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asking[to] >= maxAsked {
		return false
	}
	p.asking[to]++
	return true
}

func (p *Peers) end(to string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asking[to]--; p.asking[to] == 0 {
		delete(p.asking, to)
	}
}

// Ask implements lobby.Peers.
func (p *Peers) Ask(ctx context.Context, to lobby.Instance, what string, question []byte) ([]byte, error) {
	if len(question) > most(what) {
		return nil, unasked(to, fmt.Errorf("the question is longer than %d bytes", most(what)))
	}
	if !p.begin(to.Name) {
		return nil, unasked(to, fmt.Errorf("%d questions wait for its answers already", maxAsked))
	}
	defer p.end(to.Name)
	word, err := p.cfg.Keys.IssuePeer(auth.Peer{From: p.cfg.Instance, To: to.Name, Boot: to.Boot, Sum: sum(what, question)})
	if err != nil {
		return nil, unasked(to, fmt.Errorf("sign the question: %w", err))
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(to.Peer, "/")+Path+what, bytes.NewReader(question))
	if err != nil {
		return nil, unasked(to, err)
	}
	r.Header.Set(Header, word)
	r.Header.Set("Content-Type", "application/json")
	resp, err := p.http.Do(r)
	if err != nil {
		return nil, unreached(to, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, int64(most(what))+1))
	switch {
	case err != nil:
		return nil, unreached(to, fmt.Errorf("an answer that is cut off: %w", err))
	case resp.StatusCode >= http.StatusInternalServerError:
		return nil, unreached(to, fmt.Errorf("it answers with status %d", resp.StatusCode))
	case len(answer) > most(what):
		return nil, unasked(to, fmt.Errorf("the answer is longer than %d bytes", most(what)))
	}
	switch resp.StatusCode {
	case http.StatusOK:
		return answer, nil
	case http.StatusConflict:
		var no refusal
		err := json.Unmarshal(answer, &no)
		if err == nil && no.Code == "" {
			err = errors.New("it has no code")
		}
		if err != nil {
			return nil, unasked(to, fmt.Errorf("a refusal that cannot be read: %w", err))
		}
		return nil, &lobby.Error{Code: no.Code, Message: no.Message, RetryAfter: time.Duration(no.AfterMS) * time.Millisecond}
	}
	if resp.StatusCode == http.StatusMisdirectedRequest {
		return nil, unasked(to, errors.New("it has restarted since it was last heard of"))
	}
	return nil, unasked(to, fmt.Errorf("it answers with status %d: are versions and [auth] keys the same?", resp.StatusCode))
}

// unasked is for a question that came to nothing although the other instance may
// be well.
func unasked(to lobby.Instance, cause error) error {
	return unreached(to, fmt.Errorf("%w: %w", lobby.ErrUnasked, cause))
}

// unreached is for an instance that does not answer.
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
