package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/net/client"
)

// crowd is all bots of a run: two goroutines each while they play.
type crowd struct {
	v      *benchVerb
	r      *result
	def    *game.Definition
	api    client.API
	all    sync.WaitGroup
	online atomic.Int64

	mu      sync.Mutex
	lobbies []string // of late, for chat-only members to look into
}

func newCrowd(v *benchVerb, url string, r *result) *crowd {
	def, ok := game.Lookup("arena")
	if !ok {
		panic("arena is imported")
	}
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = v.Bots
	return &crowd{v: v, r: r, def: def, api: client.API{URL: url, HTTP: &http.Client{Transport: t, Timeout: 40 * time.Second}}}
}

// come lets the bots in, spread over the ramp, and returns when the last one has
// begun.
func (c *crowd) come(ctx context.Context) {
	each := time.NewTicker(max(c.v.Ramp/time.Duration(c.v.Bots), time.Microsecond))
	defer each.Stop()
	for i := range c.v.Bots {
		select {
		case <-ctx.Done():
			return
		case <-each.C:
		}
		b := &bot{crowd: c, index: i}
		c.all.Go(func() { b.live(ctx) })
	}
	late := time.NewTimer(c.v.Ramp + 30*time.Second)
	defer late.Stop()
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for c.online.Load() < int64(c.v.Bots)*98/100 {
		select {
		case <-ctx.Done():
			return
		case <-late.C:
			return
		case <-look.C:
		}
	}
}

// lobby notes one that is played in.
func (c *crowd) lobby(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lobbies = append(c.lobbies, id); len(c.lobbies) > 64 {
		c.lobbies = c.lobbies[1:]
	}
}

func (c *crowd) someLobby() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.lobbies) == 0 {
		return ""
	}
	return c.lobbies[rand.IntN(len(c.lobbies))]
}

// pause waits; false when ctx ended.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// asks calls until it goes well or ctx ends, counting what went wrong, and waits
// in between as the server says.
func asks[T any](ctx context.Context, c *crowd, what string, call func() (T, error)) (out T, ok bool) {
	for tries := 0; ; tries++ {
		out, err := call()
		if err == nil {
			return out, true
		}
		if ctx.Err() != nil {
			return out, false
		}
		c.r.fault(what, err)
		wait := 500*time.Millisecond + rand.N(500*time.Millisecond)
		p := new(client.Problem)
		if errors.As(err, &p) {
			wait += p.RetryAfter
			if p.Status >= 400 && p.Status < 500 && p.Status != http.StatusTooManyRequests {
				return out, false
			}
		}
		if !pause(ctx, wait) {
			return out, false
		}
	}
}

// enter finds a bot its next place: a match by ticket, or for every tenth bot the
// chat of a lobby, on whichever instance that call lands.
func (b *bot) enter(ctx context.Context) (*client.Joined, bool) {
	c := b.crowd
	api := c.api
	api.Token = b.token
	if b.talks() {
		for {
			lobby := c.someLobby()
			if lobby == "" {
				if !pause(ctx, time.Second) {
					return nil, false
				}
				continue
			}
			j, err := api.Join(ctx, lobby, "chat")
			if err == nil {
				return j, true
			}
			var p *client.Problem
			if ctx.Err() == nil && !(errors.As(err, &p) && p.Status == http.StatusNotFound) { // over meanwhile
				c.r.fault("join a chat", err)
			}
			if !pause(ctx, 500*time.Millisecond) {
				return nil, false
			}
		}
	}
	key := fmt.Sprintf("%d-%d", b.index, b.round) // the same until it has led to a match
	began := time.Now()
	t, ok := asks(ctx, c, "ask for a match", func() (*client.Ticket, error) {
		return api.Queue(ctx, client.QueueOptions{Game: "arena", Mode: "open", Key: key})
	})
	if !ok {
		return nil, false
	}
	for !t.Over() {
		next, err := api.Await(ctx, t, nil)
		if err == nil {
			t = next
			continue
		}
		if ctx.Err() != nil {
			return nil, false
		}
		c.r.fault("wait for a match", err)
		var p *client.Problem
		if errors.As(err, &p) && p.Status == http.StatusNotFound || !pause(ctx, time.Second) {
			return nil, false
		}
	}
	if t.State != "matched" {
		b.round++
		c.r.fault("wait for a match", fmt.Errorf("the ticket is %s: %s", t.State, t.Reason))
		return nil, false
	}
	b.round++
	c.r.add(&c.r.waits, time.Since(began))
	return t.Joined(), true
}
