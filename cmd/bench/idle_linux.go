package main

import (
	"context"
	"fmt"
	"time"
)

// idle is what a connection costs that says nothing: signed in and in a lobby
// that waits, resident memory in KB.
type idle struct {
	Clients   int     `json:"clients"`
	SandlotKB float64 `json:"sandlotKB"`      // after a garbage collection
	FreshKB   float64 `json:"sandlotFreshKB"` // as the sign-ins left it
	GwsKB     float64 `json:"gwsKB"`          // bare gws, as its handshakes left it
}

// settle is how long the server is left alone before it is looked at.
const settle = 5 * time.Second

func (p plan) measureIdle(ctx context.Context) (*idle, error) {
	out := &idle{Clients: p.idle}
	s, err := openSandlot(ctx)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	clients, err := fill(ctx, "http://"+s.addr, benchGame, p.idle, lobbySize, false)
	if err != nil {
		return nil, fmt.Errorf("%w; the server said: %s", err, s.log)
	}
	defer closeAll(clients)
	each := func() float64 { return float64(s.resident()-s.empty) / 1024 / float64(p.idle) }
	if err := rest(ctx, clients); err != nil {
		return nil, err
	}
	out.FreshKB = each()
	if err := collect(ctx, s.admin); err != nil {
		return nil, err
	}
	if err := rest(ctx, clients); err != nil {
		return nil, err
	}
	out.SandlotKB = each()

	reference, plainClients, err := openReference(ctx, p.idle, p.idle+1)
	if err != nil {
		return nil, err
	}
	defer reference.stop()
	defer closeAll(plainClients)
	if err := rest(ctx, plainClients); err != nil {
		return nil, err
	}
	out.GwsKB = float64(reference.resident()-reference.empty) / 1024 / float64(p.idle)
	return out, nil
}

// rest lets clients answer pings and say nothing for a while.
func rest(ctx context.Context, clients []*client) error {
	for _, c := range clients {
		c.player = mute{c.player}
	}
	g, err := newGenerator(clients, 1)
	if err != nil {
		return err
	}
	defer g.close()
	if err := g.until(ctx, settle); err != nil {
		return err
	}
	if g.result.Lost > 0 {
		return fmt.Errorf("%d idle connections lost: %s", g.result.Lost, g.result.Reason)
	}
	return nil
}

// mute is a player who says nothing.
type mute struct{ player }

func (mute) input(dst []byte) []byte { return dst }

// collect lets the server's garbage go: what is left is what the connections
// hold, and what the runtime keeps for later.
func collect(ctx context.Context, admin string) error {
	for range 2 { // pools are emptied by the second
		if _, err := fetch(ctx, "http://"+admin+"/debug/pprof/heap?gc=1"); err != nil {
			return err
		}
	}
	return nil
}
