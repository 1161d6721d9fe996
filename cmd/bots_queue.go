package cmd

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/sandlot-server/sandlot/net/client"
)

// queue signs all bots in and lets each look for one match after the other until
// the function that it returns is called; the last matches are then still played.
func (c *crowd) queue(ctx context.Context) (stop func()) {
	looking, stop := context.WithCancel(ctx)
	slots := make(chan struct{}, signers)
	var signed sync.WaitGroup
	for i := range c.v.Count {
		slots <- struct{}{}
		signed.Go(func() {
			defer func() { <-slots }()
			api := c.api
			api.URL = c.url(i)
			guest, err := patiently(ctx, func() (*client.Guest, error) { return api.Guest(ctx, fmt.Sprintf("bot %d", i+1)) })
			if err != nil {
				c.faults.add(err)
				return
			}
			api.Token = guest.Token
			c.signed.Add(1)
			c.all.Go(func() { c.season(ctx, looking, &api, i) })
		})
	}
	signed.Wait()
	return stop
}

// season is one bot's matches.
func (c *crowd) season(ctx, looking context.Context, api *client.API, index int) {
	met := false
	for looking.Err() == nil {
		joined, err := c.ticket(ctx, looking, api, index)
		if err != nil {
			c.faults.add(err)
			select {
			case <-looking.Done():
			case <-time.After(time.Second + rand.N(time.Second)):
			}
		}
		if joined == nil {
			continue // it is over, or that was counted
		}
		b := newPlayer(c, &party{crowd: c}, index)
		b.party.bots, b.lobby = []*player{b}, joined.Lobby.ID
		if b.sit(ctx, api, joined) == nil {
			continue // counted
		}
		c.mu.Lock()
		c.bots = append(c.bots, b)
		c.mu.Unlock()
		if looking.Err() != nil { // the others have been told to leave already
			b.leave()
		}
		if !met {
			met = true
			c.tickets.met.Add(1)
		}
		<-b.client.Done()
	}
}

// Bounds of a bot's patience with instances that cannot answer.
const (
	askFor   = time.Minute // then it is an error
	askAgain = 250 * time.Millisecond
	askWait  = 15 * time.Second // one long poll
)

// asking repeats call while the instance cannot answer, at the next one each time.
func asking[T any](ctx context.Context, c *crowd, api *client.API, call func() (T, error)) (T, error) {
	at := slices.Index(c.v.URL, api.URL)
	for began := time.Now(); ; {
		out, err := call()
		pause, again := retry(err)
		if !again || ctx.Err() != nil || time.Since(began) > askFor {
			return out, err
		}
		c.tickets.asks.Add(1)
		at++
		api.URL = c.url(at)
		select {
		case <-ctx.Done():
			return out, ctx.Err()
		case <-time.After(pause + rand.N(askAgain)):
		}
	}
}

// retry says whether err is of the kind that passes, and when to ask again.
func retry(err error) (pause time.Duration, again bool) {
	var p *client.Problem
	switch {
	case err == nil:
		return 0, false
	case !errors.As(err, &p): // no answer at all
		return askAgain, true
	case p.Status == http.StatusTooManyRequests || p.Status >= http.StatusBadGateway:
		return max(p.RetryAfter, askAgain), true
	}
	return 0, false
}

// ticket waits for one match; nil without an error if looking is over before
// one was found, and for tickets that ended without one, which are counted.
func (c *crowd) ticket(ctx, looking context.Context, api *client.API, index int) (*client.Joined, error) {
	options := client.QueueOptions{Game: c.v.Game, Mode: c.v.Queue, Key: fmt.Sprintf("%d-%x", index, rand.Uint64())}
	t, err := asking(looking, c, api, func() (*client.Ticket, error) { return api.Queue(looking, options) })
	if err != nil {
		if looking.Err() != nil {
			return nil, nil
		}
		return nil, err
	}
	began := time.Now()
	for !t.Over() {
		id, version, offered := t.ID, t.Version, t.State == "offered" && t.Offer != nil && !t.Offer.You
		next, err := asking(looking, c, api, func() (*client.Ticket, error) {
			if offered {
				return api.Answer(looking, id, true)
			}
			return api.Ticket(looking, id, askWait, version)
		})
		var p *client.Problem
		switch {
		case looking.Err() != nil:
			return nil, c.takeBack(ctx, api, id)
		case errors.As(err, &p) && p.Code == "nothing_to_accept":
			next, err = asking(looking, c, api, func() (*client.Ticket, error) { return api.Ticket(looking, id, 0, 0) })
		case errors.As(err, &p) && p.Code == "ticket_not_found":
			c.tickets.lost.Add(1)
		}
		if err != nil {
			return nil, fmt.Errorf("a ticket after %.1f s: %w", time.Since(began).Seconds(), err)
		}
		t = next
	}
	if t.State != "matched" {
		c.tickets.expired.Add(1)
		return nil, &client.Unmatched{State: t.State, Reason: t.Reason}
	}
	c.tickets.matched(t, time.Since(began))
	return t.Joined(), nil
}

// takeBack ends a ticket that is still open at the end.
func (c *crowd) takeBack(ctx context.Context, api *client.API, id string) error {
	ctx, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	_, err := asking(ctx, c, api, func() (struct{}, error) { return struct{}{}, api.CancelTicket(ctx, id) })
	var p *client.Problem
	switch {
	case err == nil:
		c.tickets.open.Add(1)
		return nil
	case errors.As(err, &p) && p.Code == "wrong_phase":
		return nil // matched at the last moment
	case errors.As(err, &p) && p.Code == "ticket_not_found":
		c.tickets.lost.Add(1)
	}
	return fmt.Errorf("take back a ticket: %w", err)
}
