package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"time"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/wire"
)

// bot is one player. What the callbacks of its client touch is theirs while it
// runs.
type bot struct {
	crowd *crowd
	index int
	round int
	token string

	brain  game.Brain
	input  any
	values []state.Value
	still  uint32

	up    bool
	away  time.Time // offline since; zero: it was never online here
	lost  time.Time // the match was lost then, and no next one found yet
	visit *visit
	said  int
	sayAt time.Time
}

func (b *bot) talks() bool { return b.index%10 == 9 }

// live plays one match after the other until ctx is done.
func (b *bot) live(ctx context.Context) {
	c := b.crowd
	defer b.offline()
	guest, ok := asks(ctx, c, "sign in", func() (*client.Guest, error) { return c.api.Guest(ctx, fmt.Sprintf("b%d", b.index)) })
	if !ok {
		return
	}
	b.token = guest.Token
	for ctx.Err() == nil {
		j, ok := b.enter(ctx)
		if !ok {
			if !pause(ctx, time.Second) {
				return
			}
			continue
		}
		b.play(ctx, j)
	}
}

// play stays in one lobby until its end, or a chat for a while.
func (b *bot) play(ctx context.Context, j *client.Joined) {
	c := b.crowd
	if !b.talks() {
		c.lobby(j.Lobby.ID)
	}
	b.visit = c.r.rooms.enter(j.Lobby.ID)
	b.away, b.sayAt = time.Time{}, time.Now().Add(rand.N(c.v.Chat))
	b.brain, b.input = c.def.NewBrain(uint64(b.index)), c.def.NewInput()
	stay := time.Duration(1<<62 - 1)
	role := ""
	if b.talks() {
		stay, role = 15*time.Second+rand.N(10*time.Second), "chat"
	}
	until, cancel := context.WithTimeout(ctx, stay)
	defer cancel()
	p := client.New(client.Options{
		URL: c.api.URL, Token: b.token, Joined: j, HTTP: c.api.HTTP, Role: role, Backoff: client.Backoff{Attempts: -1},
		OnStatus: b.onStatus, OnMessage: b.onMessage, OnState: func(*client.Client) { b.still = 0 }, OnTick: b.onTick,
	})
	speaking := make(chan struct{})
	go func() {
		defer close(speaking)
		b.speak(until, p)
	}()
	err := p.Run(until)
	cancel()
	<-speaking
	b.offline()
	s := p.Stats()
	c.r.played(&s)
	switch ending := new(client.Ending); {
	case err == nil:
	case errors.Is(err, client.ErrMatchLost):
		c.r.lose()
		if b.lost.IsZero() {
			b.lost = b.away
		}
	case errors.As(err, &ending) && ending.Code == 4502: // it is over
	case b.talks() && short(err) == "404 lobby_not_found": // it was over already
	default:
		c.r.fault("play", err)
	}
}

// offline notes that the bot is not online.
func (b *bot) offline() {
	if b.up {
		b.up = false
		b.crowd.online.Add(-1)
	}
}

func (b *bot) onStatus(_ *client.Client, s client.Status, err error) {
	c := b.crowd
	switch {
	case s == client.Online && !b.up:
		b.up = true
		c.online.Add(1)
		now := time.Now()
		if !b.away.IsZero() {
			c.r.add(&c.r.backs, now.Sub(b.away))
		}
		if !b.lost.IsZero() {
			c.r.add(&c.r.nexts, now.Sub(b.lost))
			b.lost = time.Time{}
		}
	case s != client.Online && b.up:
		b.offline()
		b.away = time.Now()
	}
	if s == client.Waiting && err != nil {
		c.r.wait(err)
	}
}

func (b *bot) onMessage(p *client.Client, m *wire.ServerMessage) {
	switch m.Type {
	case wire.TypeChatOut:
		if m.Chat.Channel == 0 {
			b.visit.hears(b.crowd.r, &m.Chat)
		}
	case wire.TypeMatch:
		b.crowd.r.rooms.match(b.visit, m.Match.Number)
	case wire.TypeResult:
		_ = p.Leave() // on to the next one
	case wire.TypeError:
		if m.Error.Code != "chat_rate" && m.Error.Code != "wrong_phase" {
			b.crowd.r.fault("in the lobby", &m.Error)
		}
	}
}

// speak says something every now and then.
func (b *bot) speak(ctx context.Context, p *client.Client) {
	for pause(ctx, time.Until(b.sayAt)) {
		b.sayAt = time.Now().Add(b.crowd.v.Chat/2 + rand.N(b.crowd.v.Chat))
		b.said++
		text := fmt.Sprintf("%d:%d", b.index, b.said)
		b.visit.says(text)
		if p.Chat(0, text) != nil {
			b.visit.unsay(text) // offline: nothing was sent
		}
	}
}

func (b *bot) onTick(p *client.Client) {
	view := game.View{Tick: p.Tick() + b.still, Me: p.Me(), Mirror: p.Mirror()}
	b.still++
	if view.Mirror == nil || view.Me == 0 {
		return
	}
	reflect.ValueOf(b.input).Elem().SetZero()
	b.brain.Think(&view, b.input)
	values, err := b.crowd.def.InputValues(b.values[:0], b.input)
	if b.values = values; err == nil {
		_, _ = p.SendInput(values) // a connection that broke comes back by itself
	}
}
