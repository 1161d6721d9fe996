package cmd

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/ws/dial"
)

// crowd is many bots on one server. Its goroutines, two a bot while they play,
// end before play returns.
type crowd struct {
	v    *botsVerb
	def  *game.Definition
	api  client.API
	seed uint64
	mu   sync.Mutex // bots, while some still come
	bots []*player
	all  sync.WaitGroup
	most int // players of one lobby

	signed, online atomic.Int64
	matches        atomic.Int64
	tickets        ticketCount
	lobbies        sync.Map // ids
	faults         faultList
	dropped        drop
}

// signers is how many bots sign in at a time.
const signers = 32

func newCrowd(v *botsVerb, def *game.Definition) *crowd {
	c := &crowd{v: v, def: def, seed: v.Seed, most: def.MaxPlayers}
	if c.seed == 0 {
		c.seed = rand.Uint64()
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = signers
	c.api = client.API{URL: v.URL[0], HTTP: &http.Client{Transport: transport, Timeout: 20 * time.Second}}
	return c
}

// play lets all bots in, lets them play for the time asked, and takes them out.
func (c *crowd) play(ctx context.Context, progress func(string)) (*report, error) {
	defer c.api.HTTP.CloseIdleConnections()
	if err := c.look(ctx); err != nil {
		return nil, err
	}
	began := time.Now()
	watch := c.watch(progress, began)
	stopQueue := func() {}
	if c.v.Queue != "" {
		stopQueue = c.queue(ctx)
	} else {
		c.enter(ctx)
	}
	full := time.Now()
	if c.v.Drop > 0 {
		cut := time.AfterFunc(c.v.Drop, c.drop)
		defer cut.Stop()
	}
	select {
	case <-ctx.Done():
	case <-time.After(c.v.Duration):
	case <-c.over():
	}
	seconds := time.Since(full)
	stopQueue()
	c.leave()
	watch()
	return c.report(seconds), nil
}

// url is the instance that a bot uses.
func (c *crowd) url(bot int) string { return c.v.URL[bot%len(c.v.URL)] }

// look asks the server for the game, so that what is wrong is said once.
func (c *crowd) look(ctx context.Context) error {
	games, err := c.api.Games(ctx)
	if err != nil {
		return fmt.Errorf("ask %s for its games: %w", c.api.URL, err)
	}
	for _, g := range games {
		if g.Name == c.v.Game {
			c.most = g.MaxPlayers
			return nil
		}
	}
	return fmt.Errorf("the server has no game %q", c.v.Game)
}

// enter brings the bots in, table by table, signers at a time.
func (c *crowd) enter(ctx context.Context) {
	slots := make(chan struct{}, signers)
	var groups sync.WaitGroup
	for first := 0; first < c.v.Count; first += c.most {
		g := &party{crowd: c}
		for i := first; i < min(first+c.most, c.v.Count); i++ {
			b := newPlayer(c, g, i)
			g.bots, c.bots = append(g.bots, b), append(c.bots, b)
		}
		groups.Go(func() { g.enter(ctx, slots) })
	}
	groups.Wait()
}

// over is closed when no bot is left, so that a refused crowd need not wait.
func (c *crowd) over() <-chan struct{} {
	done := make(chan struct{})
	go func() {
		c.all.Wait()
		close(done)
	}()
	return done
}

// expected reports whether a connection that ended like that is the doing of the
// simulated network. It is counted as a reconnect.
func (c *crowd) expected(err error) bool {
	if !c.v.Net.Breaks() && c.v.Drop == 0 {
		return false
	}
	var ending *client.Ending
	if errors.As(err, &ending) {
		return ending.Code == session.Lost.Code || ending.Code == session.Slow.Code
	}
	var refused *dial.Refused
	var problem *client.Problem
	return !errors.As(err, &refused) && !errors.As(err, &problem)
}

// everyone is the bots that have come so far.
func (c *crowd) everyone() []*player {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.bots)
}

// leave gives all seats up, and cuts off who is not gone soon after.
func (c *crowd) leave() {
	bots := c.everyone()
	for _, b := range bots {
		b.leave()
	}
	cut := time.AfterFunc(3*time.Second, func() {
		for _, b := range bots {
			b.cut()
		}
	})
	defer cut.Stop()
	c.all.Wait()
}

// watch tells how it goes until the function that it returns is called.
func (c *crowd) watch(progress func(string), began time.Time) (stop func()) {
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(500 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-quit:
				progress("")
				return
			case <-tick.C:
				progress(fmt.Sprintf("%3.0f s  %d of %d online, %d matches, %d errors",
					time.Since(began).Seconds(), c.online.Load(), c.v.Count, c.matches.Load(), c.faults.count()))
			}
		}
	}()
	return func() { close(quit); <-done }
}

// party is the bots of one lobby. It makes the lobby, waits until all are in it,
// and only then says ready: some games take nobody in once they run.
type party struct {
	crowd *crowd
	bots  []*player
	ready atomic.Bool
}

func (g *party) enter(ctx context.Context, slots chan struct{}) {
	lobby := g.crowd.v.Lobby
	rest := g.bots
	if lobby == "" && !g.crowd.v.QuickPlay {
		slots <- struct{}{}
		joined := g.bots[0].enter(ctx, "")
		<-slots
		if joined == nil {
			for range g.bots[1:] {
				g.crowd.faults.add(errNoLobby)
			}
			return
		}
		lobby, rest = joined.Lobby.ID, g.bots[1:]
	}
	var joins sync.WaitGroup
	for _, b := range rest {
		slots <- struct{}{}
		joins.Go(func() {
			defer func() { <-slots }()
			b.enter(ctx, lobby)
		})
	}
	joins.Wait()
	g.ready.Store(true)
	for _, b := range g.bots {
		b.sayReady()
	}
}

var errNoLobby = errors.New("no lobby: the bot that was to make it did not get in")

// patiently repeats call while the server says to come back later.
func patiently[T any](ctx context.Context, call func() (T, error)) (T, error) {
	for {
		out, err := call()
		var p *client.Problem
		if err == nil || !errors.As(err, &p) || p.RetryAfter == 0 || p.Status != http.StatusTooManyRequests {
			return out, err
		}
		select {
		case <-ctx.Done():
			return out, ctx.Err()
		case <-time.After(p.RetryAfter + rand.N(time.Second)): // not all at once
		}
	}
}
