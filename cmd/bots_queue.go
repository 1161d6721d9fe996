package cmd

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
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
	for round := 0; looking.Err() == nil; round++ {
		joined, err := c.ticket(looking, api)
		if looking.Err() != nil {
			return
		}
		if err != nil {
			c.faults.add(err)
			select {
			case <-looking.Done():
			case <-time.After(time.Second + rand.N(time.Second)):
			}
			continue
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

// ticket waits for one match.
func (c *crowd) ticket(ctx context.Context, api *client.API) (*client.Joined, error) {
	t, err := patiently(ctx, func() (*client.Ticket, error) {
		return api.Queue(ctx, client.QueueOptions{Game: c.v.Game, Mode: c.v.Queue})
	})
	if err != nil {
		return nil, err
	}
	began := time.Now()
	c.tickets.open.Add(1)
	t, err = api.Await(ctx, t, nil)
	if err != nil {
		return nil, err
	}
	c.tickets.open.Add(-1)
	c.tickets.matched(t, time.Since(began))
	return t.Joined(), nil
}

// ticketCount is what became of all bots' tickets. Safe for concurrent use.
type ticketCount struct {
	met, open atomic.Int64
	mu        sync.Mutex
	waits     []time.Duration
	spreads   map[string]int // by lobby
	matches   map[string]bool
}

func (t *ticketCount) matched(k *client.Ticket, waited time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.waits = append(t.waits, waited)
	if t.spreads == nil {
		t.spreads = map[string]int{}
	}
	t.spreads[k.Lobby] = k.Spread
}

// match counts a match once, whoever of those in it tells first.
func (t *ticketCount) match(count *atomic.Int64, lobby string, number uint32) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.matches == nil {
		t.matches = map[string]bool{}
	}
	if name := fmt.Sprint(lobby, "/", number); !t.matches[name] {
		t.matches[name] = true
		count.Add(1)
	}
}

// ticketReport is the part of the report that --queue adds.
type ticketReport struct {
	Matched int       `json:"matched"`
	Open    int64     `json:"open"`
	Wait    waitParts `json:"waitMs"`
	Spread  spread    `json:"spreadPoints"`
}

type waitParts struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
}

type spread struct {
	P50 int `json:"p50"`
	P95 int `json:"p95"`
}

// report is how many bots got into a match at all, and what the tickets say.
func (t *ticketCount) report() (met int, r *ticketReport) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r = &ticketReport{Matched: len(t.waits), Open: t.open.Load()}
	slices.Sort(t.waits)
	var spreads []int
	for _, s := range t.spreads {
		spreads = append(spreads, s)
	}
	slices.Sort(spreads)
	ms := func(q float64) float64 { return float64(partOf(t.waits, q).Microseconds()) / 1000 }
	r.Wait = waitParts{ms(0.5), ms(0.95)}
	r.Spread = spread{partOf(spreads, 0.5), partOf(spreads, 0.95)}
	return int(t.met.Load()), r
}

// partOf is the value that the share q of all sorted ones is at or below.
func partOf[T any](sorted []T, q float64) (none T) {
	if len(sorted) == 0 {
		return none
	}
	return sorted[int(q*float64(len(sorted)-1))]
}
