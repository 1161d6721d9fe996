package lobby

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Peers carries what instances ask of each other; peers.Peers is one. Its methods
// may be called from any goroutine.
type Peers interface {
	// Ask puts a question to another instance and returns the answer. It waits no
	// longer than ctx allows. Errors are *Error: what the other refused with, or
	// CodeUnavailable where it could not be asked or did not answer, so that it is
	// not known whether the other did it. One with a cause, Err, that is not
	// ErrUnasked says that the other is away or ill: it is not asked for a beat.
	Ask(ctx context.Context, to Instance, what string, question []byte) (answer []byte, err error)
}

// ErrUnasked is within the errors of Peers where a question came to nothing for what
// is no fault of the instance asked: the next one may do better.
var ErrUnasked = errors.New("the question came to nothing")

const (
	peerWait  = 2 * time.Second // one question takes no longer
	peerTries = 3               // instances that are asked to take a lobby
)

// reply is what is answered: the result, and how the instance is now.
type reply struct {
	Instance Instance        `json:"instance"`
	Result   json.RawMessage `json:"result"`
}

// The questions. Fields may be added; what is not known is ignored.
type (
	createAsk struct {
		Who     Who           `json:"who"`
		Options CreateOptions `json:"options"`
	}
	quickAsk struct {
		Who  Who    `json:"who"`
		Game string `json:"game"`
	}
	lobbyAsk struct {
		Who    Who    `json:"who"`
		Lobby  string `json:"lobby"` // id or code
		Role   Role   `json:"role,omitempty"`
		Others []Who  `json:"others,omitempty"`
		Action Action `json:"action,omitzero"`
	}
	openAsk struct {
		Options MatchOptions `json:"options"`
	}
	fillAsk struct {
		Lobby   string   `json:"lobby"`
		Team    int      `json:"team"`
		Players []Placed `json:"players"`
	}
)

// answers is what an instance does for others. It does it here or not at all.
var answers = map[string]func(d *Directory, ctx context.Context, question []byte) (any, error){
	"create": answering(func(d *Directory, ctx context.Context, q createAsk) (any, error) {
		return d.createHere(ctx, q.Who, q.Options)
	}),
	"quick": answering(func(d *Directory, ctx context.Context, q quickAsk) (any, error) {
		return d.quickHere(ctx, q.Who, q.Game)
	}),
	"join": answering(func(d *Directory, ctx context.Context, q lobbyAsk) (any, error) {
		return d.Join(ctx, q.Who, q.Lobby, q.Role)
	}),
	"joinall": answering(func(d *Directory, ctx context.Context, q lobbyAsk) (any, error) {
		return d.JoinAll(ctx, q.Who, q.Others, q.Lobby)
	}),
	"act": answering(func(d *Directory, ctx context.Context, q lobbyAsk) (any, error) {
		return nil, d.Act(ctx, q.Who, q.Lobby, q.Action)
	}),
	"leave": answering(func(d *Directory, ctx context.Context, q lobbyAsk) (any, error) {
		return nil, d.Leave(ctx, q.Who, q.Lobby)
	}),
	"get":  answering(func(d *Directory, ctx context.Context, q lobbyAsk) (any, error) { return d.Get(ctx, q.Who, q.Lobby) }),
	"open": answering(func(d *Directory, ctx context.Context, q openAsk) (any, error) { return d.openHere(ctx, q.Options) }),
	"fill": answering(func(d *Directory, ctx context.Context, q fillAsk) (any, error) {
		return nil, d.FillMatch(ctx, q.Lobby, q.Team, q.Players)
	}),
}

func answering[Q any](f func(*Directory, context.Context, Q) (any, error)) func(*Directory, context.Context, []byte) (any, error) {
	return func(d *Directory, ctx context.Context, question []byte) (any, error) {
		var q Q
		if err := json.Unmarshal(question, &q); err != nil {
			return nil, &Error{Code: CodeInvalid, Message: "that question cannot be read", Err: err}
		}
		return f(d, ctx, q)
	}
}

type askedKey struct{}

// wasAsked says whether another instance asks: then what is not here is not found.
func wasAsked(ctx context.Context) bool { return ctx.Value(askedKey{}) != nil }

// Answer does what another instance asks, here or not at all. Errors are *Error;
// CodeUnavailable is for what is not known here.
func (d *Directory) Answer(ctx context.Context, what string, question []byte) ([]byte, error) {
	do := answers[what]
	if do == nil {
		return nil, fail(CodeUnavailable, "this instance does not know how to "+clean(what, 20))
	}
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, askedKey{}, true), peerWait)
	defer cancel()
	result, err := do(d, ctx, question)
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(result)
	if err != nil {
		return nil, &Error{Code: CodeInternal, Message: "the answer cannot be written", Err: err}
	}
	return json.Marshal(reply{d.self(), raw})
}

// ask puts a question to another instance.
func ask[R any](ctx context.Context, d *Directory, to Instance, what string, question any) (result R, err error) {
	if d.env.peers == nil || to.Peer == "" || d.silent(to.Name) {
		return result, d.unreached(nil)
	}
	raw, err := json.Marshal(question)
	if err != nil {
		return result, &Error{Code: CodeInternal, Message: "the question cannot be written", Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, peerWait)
	defer cancel()
	var r reply
	raw, err = d.env.peers.Ask(ctx, to, what, raw)
	if err != nil {
		if e := new(Error); errors.As(err, &e) && e.Code == CodeUnavailable && e.Err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, ErrUnasked) {
			d.hush(to.Name)
		}
		return result, err
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		return result, d.unreached(fmt.Errorf("read the answer of %s: %w", to.Name, err))
	}
	d.heard(to, r.Instance)
	if len(r.Result) > 0 {
		if err := json.Unmarshal(r.Result, &result); err != nil {
			return result, d.unreached(fmt.Errorf("read the answer of %s: %w", to.Name, err))
		}
	}
	return result, nil
}

// hush notes that an instance did not answer: for a beat it is not asked again,
// so that what it would have to do is refused at once.
func (d *Directory) hush(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.others.silent == nil {
		d.others.silent = map[string]time.Time{}
	}
	now := time.Now()
	for other, until := range d.others.silent {
		if !now.Before(until) {
			delete(d.others.silent, other)
		}
	}
	d.others.silent[name] = now.Add(d.env.cfg.Beat)
}

// silent says whether an instance did not answer a moment ago.
func (d *Directory) silent(name string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return time.Now().Before(d.others.silent[name])
}

// unreached is for what another instance would have to do.
func (d *Directory) unreached(cause error) error {
	return &Error{Code: CodeUnavailable, Message: "the lobby's instance cannot be asked now", RetryAfter: d.env.cfg.Beat, Err: cause}
}

func isUnavailable(err error) bool {
	e := new(Error)
	return errors.As(err, &e) && (e.Code == CodeUnavailable || e.Code == CodeStopping)
}

// heard takes over what an instance says of itself beside an answer: it is newer
// than its lease, which it does not prolong.
func (d *Directory) heard(asked, now Instance) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if was, ok := d.others.instances[asked.Name]; ok && now.Boot == was.Boot && now.Format <= recordFormat {
		now.Name, now.Peer, now.until = was.Name, was.Peer, was.until
		d.others.instances[asked.Name] = now
	}
}
