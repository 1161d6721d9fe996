package cmd

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync/atomic"
	"time"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/sim"
	"github.com/sandlot-server/sandlot/net/wire"
)

// player is one bot: a client whose hand is the game's Brain. What is not atomic
// belongs to the client's callbacks, of which one runs at a time.
type player struct {
	crowd *crowd
	party *party
	index int

	client  *client.Client // set before play begins
	cord    cord
	lobby   string // with --queue: where it is
	leaving atomic.Bool
	lasted  time.Duration // online, when it is over
	waits   uint64        // attempts that failed and were counted

	brain   game.Brain
	view    game.View
	input   any // nil: the game has none
	blank   reflect.Value
	values  []state.Value
	still   uint32 // own ticks since the newest state
	pending uint32 // command sent and not yet done; 0 is none
	handed  bool   // done, but no state since
	asked   time.Time
	answers client.Hist // from a command to the state that has it
}

func newPlayer(c *crowd, g *party, index int) *player {
	b := &player{crowd: c, party: g, index: index, input: c.def.NewInput()}
	if b.input != nil {
		b.blank = reflect.ValueOf(b.input).Elem()
	}
	b.newBrain(0)
	return b
}

func (b *player) newBrain(match uint64) {
	b.brain = b.crowd.def.NewBrain(b.crowd.seed + uint64(b.index)*1_000_003 + match)
	b.pending, b.handed = 0, false
}

// enter signs in, takes a seat, and starts playing; nil if that failed, which
// is then counted.
func (b *player) enter(ctx context.Context, lobby string) *client.Joined {
	api := b.crowd.api
	api.URL = b.crowd.url(b.index)
	guest, err := patiently(ctx, func() (*client.Guest, error) { return api.Guest(ctx, fmt.Sprintf("bot %d", b.index+1)) })
	if err != nil {
		return b.fail(ctx, err)
	}
	api.Token = guest.Token
	b.crowd.signed.Add(1)
	joined, err := patiently(ctx, func() (*client.Joined, error) { return b.seat(ctx, &api, lobby) })
	if err != nil {
		return b.fail(ctx, err)
	}
	return b.sit(ctx, &api, joined)
}

// sit starts playing; nil if the way in was not good.
func (b *player) sit(ctx context.Context, api *client.API, joined *client.Joined) *client.Joined {
	b.crowd.lobbies.Store(joined.Lobby.ID, true)
	online := make(chan struct{})
	b.client = client.New(client.Options{
		URL: b.crowd.url(b.index), Token: api.Token, Joined: joined, HTTP: api.HTTP,
		NetDial:  b.cord.dial(sim.Dialer(b.crowd.v.Net, b.crowd.seed+uint64(b.index)<<32, nil)),
		OnStatus: b.onStatus(online), OnMessage: b.onMessage, OnState: b.onState, OnTick: b.onTick,
	})
	b.crowd.all.Go(func() { b.run(ctx) })
	select {
	case <-online:
		return joined
	case <-b.client.Done():
		return nil
	}
}

func (b *player) seat(ctx context.Context, api *client.API, lobby string) (*client.Joined, error) {
	switch {
	case lobby != "":
		return api.Join(ctx, lobby, "")
	case b.crowd.v.QuickPlay:
		return api.QuickPlay(ctx, b.crowd.v.Game)
	}
	// Too few for a match: the server's own bots fill up.
	fill := len(b.party.bots) < b.crowd.def.MinPlayers
	return api.Create(ctx, client.CreateOptions{Game: b.crowd.v.Game, Title: "Bots", Bots: &fill})
}

func (b *player) fail(ctx context.Context, err error) *client.Joined {
	if ctx.Err() == nil {
		b.crowd.faults.add(err)
	}
	return nil
}

func (b *player) run(ctx context.Context) {
	err := b.client.Run(ctx)
	if err != nil && !b.leaving.Load() && ctx.Err() == nil {
		b.crowd.faults.add(err)
	}
}

// onStatus counts who is online, and closes first when it is for the first time.
func (b *player) onStatus(first chan struct{}) func(*client.Client, client.Status, error) {
	var since time.Time
	met := false
	return func(_ *client.Client, s client.Status, err error) {
		switch {
		case s == client.Online && since.IsZero():
			since = time.Now()
			b.crowd.online.Add(1)
			if met {
				b.crowd.dropped.back()
				break
			}
			met = true
			close(first)
		case s != client.Online && !since.IsZero():
			b.lasted += time.Since(since)
			since = time.Time{}
			b.crowd.online.Add(-1)
		}
		if s == client.Waiting && err != nil {
			b.waits++
			if !b.leaving.Load() && !b.crowd.expected(err) {
				b.crowd.faults.add(err)
			}
		}
	}
}

func (b *player) onMessage(c *client.Client, m *wire.ServerMessage) {
	switch m.Type {
	case wire.TypeLobby:
		if m.Lobby.Phase == wire.PhaseWaiting && b.party.ready.Load() {
			_ = c.Ready(true) // a broken connection is Run's to notice
		}
	case wire.TypeMatch:
		b.newBrain(uint64(m.Match.Number))
		if b.crowd.v.Queue != "" {
			b.crowd.tickets.match(&b.crowd.matches, b.lobby, m.Match.Number)
		} else if b == b.party.bots[0] {
			b.crowd.matches.Add(1)
		}
	case wire.TypeResult:
		if b.crowd.v.Queue != "" { // on to the next match
			b.leave()
		}
	case wire.TypeDone:
		if m.Done.N == b.pending {
			b.handed = m.Done.Code == ""
			if !b.handed { // refused: nothing follows
				b.pending = 0
			}
		}
	case wire.TypeError:
		e := m.Error
		b.pending = 0
		if !crossed(&e, c.Lobby().Phase) {
			b.crowd.faults.add(&e)
		}
	}
}

// crossed says whether e is about something that met a change of phase on its
// way, which is nobody's fault: a command the end of a match, a ready its start.
func crossed(e *wire.Error, now wire.Phase) bool {
	return e.About == wire.TypeCommand && now != wire.PhaseRunning || e.About == wire.TypeReady && now != wire.PhaseWaiting
}

func (b *player) onState(*client.Client) {
	b.still = 0
	if b.pending == 0 || !b.handed {
		return
	}
	b.answers.Add(time.Since(b.asked))
	b.pending, b.handed = 0, false
}

// onTick lets the brain act, as a person would at each frame.
func (b *player) onTick(c *client.Client) {
	// Where nothing moves the server only beats once a second: the tick goes on.
	b.view = game.View{Tick: c.Tick() + b.still, Me: c.Me(), Mirror: c.Mirror()}
	b.still++
	if b.view.Mirror == nil || b.view.Me == 0 {
		return
	}
	if b.input != nil {
		b.blank.SetZero()
	}
	command := b.brain.Think(&b.view, b.input)
	if b.input != nil {
		b.sendInput(c)
	}
	// One command at a time: the brain sees what became of the last before it
	// asks again, however long the way is.
	if command != nil && b.pending == 0 {
		b.sendCommand(c, command)
	}
}

func (b *player) sendInput(c *client.Client) {
	values, err := b.crowd.def.InputValues(b.values[:0], b.input)
	b.values = values
	if err == nil {
		_, err = c.SendInput(values)
	}
	b.note(err)
}

func (b *player) sendCommand(c *client.Client, command any) {
	index, values, err := b.crowd.def.CommandValues(b.values[:0], command)
	b.values = values
	var n uint32
	if err == nil {
		n, err = c.Command(index, values)
	}
	if err == nil {
		b.pending, b.handed, b.asked = n, false, time.Now()
	}
	b.note(err)
}

// note counts what went wrong in sending, but for a connection that broke: Run
// comes back and counts that.
func (b *player) note(err error) {
	var refused *wire.Error
	var rejected *game.Error
	if errors.As(err, &refused) || errors.As(err, &rejected) {
		b.crowd.faults.add(err)
	}
}

func (b *player) sayReady() {
	if b.client != nil && b.client.Lobby().Phase == wire.PhaseWaiting {
		_ = b.client.Ready(true) // offline: it says so when the lobby is told again
	}
}

// leave gives the seat up; the server then ends the connection.
func (b *player) leave() {
	if b.client == nil {
		return
	}
	b.leaving.Store(true)
	if b.client.Leave() != nil {
		b.client.Close()
	}
}

func (b *player) cut() {
	if b.client != nil {
		b.client.Close()
	}
}
