package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/sandlot-server/sandlot/net/wire"
	"github.com/sandlot-server/sandlot/net/ws/dial"
)

// route is how the next connection is made: with a resume token if there is
// one, else with a pass, for which the client joins first. Run's goroutine only.
type route struct {
	lobby    string  // joined once: where to join again
	url      string  // of the socket
	resume   string  // from the last welcome
	joined   *Joined // a pass not yet shown
	pass     string  // the pass shown in this attempt
	expired  bool    // the token is no good any more
	renews   bool    // there is a way to another
	refusals int     // in a row, of this client's credentials
	base     string  // the site, where any instance knows the way
	failures int     // in a row, of reaching url
	attempts uint32  // in all
}

// ErrMatchLost is within the error of a client whose match went down with its
// server, or that came back too late. Nothing mends that but the next match.
var ErrMatchLost = errors.New("the match is lost")

const (
	codeMatchLost = "match_lost" // of refusals
	maxFailures   = 2            // of reaching an instance before the site is asked where the lobby is
)

// verdict is what follows from how an attempt ended.
type verdict struct {
	over  bool
	err   error         // with over: what Run returns
	moved bool          // go on at once, elsewhere
	wait  time.Duration // at least
	count uint64        // errors to count
}

// after decides, from how an attempt or a connection ended, whether and how to
// go on, and prepares the route for it.
func (r *route) after(err error) verdict {
	pass := r.pass
	r.pass = ""
	var ending *Ending
	var refused *dial.Refused
	var problem *Problem
	switch {
	case errors.As(err, &ending):
		return r.afterEnding(ending, pass)
	case errors.As(err, &refused):
		return r.afterRefusal(refused, pass)
	case errors.As(err, &problem):
		if problem.Code == codeMatchLost {
			return verdict{over: true, err: fmt.Errorf("%w: %w", ErrMatchLost, err)}
		}
		if problem.Status == http.StatusTooManyRequests || problem.Status >= 500 {
			return verdict{wait: problem.RetryAfter, count: 1}
		}
		if problem.Status == http.StatusUnauthorized && r.renews && !r.expired && r.refusals == 0 {
			r.expired = true // too old: with another, once
			r.refusals++
			return verdict{count: 1}
		}
		return verdict{over: true, err: err}
	case errors.Is(err, errNowhere):
		return verdict{over: true, err: err}
	}
	r.unreached() // the network
	return verdict{count: 1}
}

// unreached notes that url was not reached. It may be that of an instance that is
// no more: then the site says what became of the lobby.
func (r *route) unreached() {
	if r.failures++; r.failures < maxFailures || r.resume == "" || r.lobby == "" {
		return
	}
	r.failures = 0
	r.url = "ws" + strings.TrimPrefix(strings.TrimSuffix(r.base, "/"), "http") + "/v1/ws?lobby=" + url.QueryEscape(r.lobby)
}

func (r *route) afterEnding(e *Ending, pass string) verdict {
	r.refusals = 0
	if e.Code == codeBye {
		return verdict{over: true}
	}
	if !ComeBack(e.Code) {
		if e.Detail == codeMatchLost {
			return verdict{over: true, err: fmt.Errorf("%w: %w", ErrMatchLost, e)}
		}
		return verdict{over: true, err: e}
	}
	v := verdict{wait: e.After, count: 1}
	switch {
	case e.Code == codeMoved && e.URL != "":
		r.move(e.URL, pass)
		v.moved, v.count = true, 0
	case e.Code == codeExpired:
		r.resume, r.expired = "", true
	}
	return v
}

// afterRefusal: the server answered the upgrade with a status.
func (r *route) afterRefusal(e *dial.Refused, pass string) verdict {
	switch {
	case e.Location != "" && (e.Status == http.StatusMisdirectedRequest || e.Status/100 == 3):
		r.move(e.Location, pass)
		return verdict{moved: true}
	case e.Code == codeMatchLost:
		return verdict{over: true, err: fmt.Errorf("%w: %w", ErrMatchLost, e)}
	case e.Status == http.StatusTooManyRequests || e.Status >= 500:
		if e.Code == "" { // a proxy's: nobody is behind it
			r.unreached()
		}
		return verdict{wait: e.RetryAfter, count: 1}
	}
	// A token that is too old or a pass that came too late: join anew, once.
	r.resume = ""
	if r.refusals++; r.refusals > 1 || r.lobby == "" {
		return verdict{over: true, err: e}
	}
	return verdict{wait: e.RetryAfter, count: 1}
}

// move makes the next attempt go to another URL with the same credential.
func (r *route) move(to, pass string) {
	r.url = to
	if r.resume == "" && pass != "" {
		r.joined = &Joined{Lobby: Lobby{ID: r.lobby}, URL: to, Pass: pass}
	}
}

// door prepares the dial, signing in and joining where that is due.
func (c *Client) door(ctx context.Context) (dial.Options, error) {
	r := &c.route
	credential, seen := r.resume, true
	if credential == "" {
		j, err := c.join(ctx)
		if err != nil {
			return dial.Options{}, err
		}
		r.joined, r.url, r.pass, r.lobby = nil, j.URL, j.Pass, j.Lobby.ID
		credential, seen = j.Pass, false
	}
	u, err := url.Parse(r.url)
	if err != nil {
		return dial.Options{}, fmt.Errorf("parse socket url: %w", err)
	}
	if seen {
		q := u.Query()
		c.mu.Lock()
		q.Set("seen", strconv.FormatUint(c.events, 10))
		c.mu.Unlock()
		u.RawQuery = q.Encode()
	}
	r.attempts++ // one that comes late must not close a later one
	u.RawQuery = strings.TrimPrefix(fmt.Sprintf("%s&from=%s.%d", u.RawQuery, c.name, r.attempts), "&")
	return dial.Options{
		URL:       u.String(),
		Header:    http.Header{"Authorization": {"Bearer " + credential}},
		Protocols: []string{wire.Protocol},
		NetDial:   c.o.NetDial,
	}, nil
}

// join gets a pass.
func (c *Client) join(ctx context.Context) (*Joined, error) {
	r := &c.route
	if r.joined != nil {
		return r.joined, nil
	}
	token, err := c.signIn(ctx, r.expired)
	if err != nil {
		return nil, err
	}
	r.expired = false
	api := API{URL: c.o.URL, Token: token, HTTP: c.o.HTTP}
	switch {
	case r.lobby != "":
		return api.Join(ctx, r.lobby, c.o.Role)
	case c.o.Lobby != "":
		return api.Join(ctx, c.o.Lobby, c.o.Role)
	case c.o.Create != nil:
		return api.Create(ctx, *c.o.Create)
	case c.o.Game != "":
		return api.QuickPlay(ctx, c.o.Game)
	}
	return nil, errNowhere
}
