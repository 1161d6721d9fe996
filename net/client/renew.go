package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/sandlot-server/sandlot/net/wire"
)

// codeExpiring is the error that says that the signed-in time is nearly over.
const codeExpiring = "expiring"

// maxRenewals bounds the tries to get a new token in time. What comes too late ends
// in 4010, after which Run signs in to come back.
const maxRenewals = 5

// account is the player's token. The lock is held while another is got, so that it
// happens once.
type account struct {
	mu    sync.Mutex
	token string
}

// signIn makes sure of a token, of another one if fresh.
func (c *Client) signIn(ctx context.Context, fresh bool) (string, error) {
	a := &c.account
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.token != "" && !fresh {
		return a.token, nil
	}
	if fresh && c.o.Renew != nil {
		token, err := c.o.Renew(ctx)
		if err != nil {
			return "", fmt.Errorf("renew token: %w", err)
		}
		a.token = token
		return token, nil
	}
	if c.o.Token != "" {
		return "", &Ending{Code: codeExpired, Word: "expired", Err: errors.New("no new token to come back with")}
	}
	// A guest whose token is still good stays the same player.
	api := API{URL: c.o.URL, Token: a.token, HTTP: c.o.HTTP}
	g, err := api.ColouredGuest(ctx, c.o.Name, c.o.Colour)
	if err != nil {
		return "", err
	}
	a.token = g.Token
	return g.Token, nil
}

// renewSoon begins to get a new token and to send it, unless that happens already or
// there is no way to one, in which case the program knows from OnMessage.
func (c *Client) renewSoon(ctx context.Context) {
	if !c.route.renews || !c.renewing.CompareAndSwap(false, true) {
		return
	}
	c.renewals.Go(func() {
		defer c.renewing.Store(false)
		c.renew(ctx)
	})
}

func (c *Client) renew(ctx context.Context) {
	for attempt := range maxRenewals {
		token, err := c.signIn(ctx, true)
		if err == nil {
			_ = c.Renew(token) // a broken connection is Run's to notice
			return
		}
		if ctx.Err() != nil {
			return
		}
		c.count(func(s *Stats) { s.fail(err) })
		wait := time.Duration(0)
		if p := new(Problem); errors.As(err, &p) {
			if p.Status < http.StatusInternalServerError && p.Status != http.StatusTooManyRequests {
				return
			}
			wait = p.RetryAfter
		}
		if !sleep(ctx, c.o.Backoff.Wait(attempt, c.o.Chance(), wait)) {
			return
		}
	}
}

// Renew goes on with another token of the same player, which the client does by
// itself where it has one: see Options.Renew. Nothing is answered if it is good.
func (c *Client) Renew(token string) error {
	if len(token) > wire.MaxCredential {
		return fmt.Errorf("a token of %d bytes: at most %d", len(token), wire.MaxCredential)
	}
	return c.send(func(_ *view, dst []byte) ([]byte, error) {
		return wire.AppendRenew(dst, wire.Renew{Token: token}), nil
	})
}
