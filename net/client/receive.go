package client

import (
	"context"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// receive handles one message; the socket calls it, on Run's goroutine. ctx is Run's.
func (c *Client) receive(ctx context.Context, p []byte) {
	c.turn.Lock()
	defer c.turn.Unlock()
	now := time.Since(c.epoch)
	m := &c.msg
	err := wire.DecodeServer(p, c.schema(), m)
	c.mu.Lock()
	c.stats.read(len(p))
	if m.Type.Counted() {
		c.events++ // also one that could not be understood: it has its number
	}
	if err != nil {
		c.stats.fail(err)
		c.mu.Unlock()
		return
	}
	c.handle(m, now)
	c.mu.Unlock()
	if m.Type == wire.TypeState {
		c.applyState(m, now)
		return
	}
	switch m.Type {
	case wire.TypeWelcome:
		c.mirror, c.lost = state.NewMirror(m.Welcome.Schema.Tables), false
		c.ping() // also proves that the new resume token arrived
		if c.o.OnStatus != nil {
			c.o.OnStatus(c, Online, nil)
		}
	case wire.TypeMatch:
		if s := c.schema(); s != nil {
			c.mirror, c.lost = state.NewMirror(s.Tables), false
		}
	case wire.TypeError:
		if m.Error.Code == codeExpiring && m.Error.About == wire.TypeRenew {
			c.renewSoon(ctx)
		}
	}
	c.tellDropped()
	if c.o.OnMessage != nil {
		c.o.OnMessage(c, m)
	}
}

// handle keeps what a message says. It is called with mu held.
func (c *Client) handle(m *wire.ServerMessage, now time.Duration) {
	switch m.Type {
	case wire.TypeWelcome:
		c.welcomeBy(&m.Welcome)
	case wire.TypeLobby:
		c.lobby = m.Lobby
		c.lobby.Settings = append([]int64(nil), m.Lobby.Settings...)
		if m.Lobby.Phase != wire.PhaseRunning {
			c.commands.drop() // if held: what came in time, done messages answer
		}
		if m.Lobby.Host != c.welcome.Player {
			clear(c.knocks)
		}
		c.wakeTicks()
	case wire.TypeKnock:
		if m.Knock.Waiting {
			c.knocks[m.Knock.Number] = m.Knock.Name
		} else {
			delete(c.knocks, m.Knock.Number)
		}
	case wire.TypeMember:
		for _, member := range m.Members {
			c.members[member.Player] = member
		}
	case wire.TypeGone:
		delete(c.members, m.Gone.Player)
	case wire.TypeMatch:
		c.matchBy(m.Match)
	case wire.TypePong:
		sent := time.Duration(m.Pong.ClientTime) * time.Microsecond
		if sent <= now {
			c.clock.Add(sent, micros(m.Pong.ReceivedUS), micros(m.Pong.SentUS), now)
			c.stats.RTT.Add(now - sent)
		}
	case wire.TypeDone:
		c.commands.done(m.Done.N)
	case wire.TypeError:
		e := m.Error
		c.stats.ErrorFrames++
		c.stats.fail(&e)
	case wire.TypeSlip:
		c.stats.Slipped += uint64(m.Slip.Ticks)
	}
}

// matchBy begins a match, or goes on with one that is told again after a drop.
func (v *view) matchBy(m wire.Match) {
	if m.Number != v.match {
		v.seq = 0
		v.commands.drop()
	}
	v.match, v.rate = m.Number, m.TickRate
	v.tick, v.applied, v.margin, v.hasState = 0, 0, 0, false
	v.inputs.reset(v.seq)
	v.pace = Pace{}
}

func micros(us uint64) time.Duration { return time.Duration(us) * time.Microsecond }

func (c *Client) welcomeBy(w *wire.Welcome) {
	if w.Events != c.events || w.Lobby != c.welcome.Lobby {
		clear(c.members) // what was missed is gone; all of them are told again
	}
	clear(c.knocks) // a host is told again
	if c.lobby.Phase != wire.PhaseRunning {
		c.commands.drop()
	}
	if w.Lobby != c.welcome.Lobby || w.Player != c.welcome.Player { // another seat
		c.commands.drop()
		c.commands.last, c.match = 0, 0
	}
	c.welcome, c.welcomed, c.events, c.rate = *w, true, w.Events, w.Schema.TickRate
	c.hasState, c.tick = false, 0
	c.inputs.reset(c.seq)
	c.pace = Pace{}
	select {
	case <-c.online:
	default:
		close(c.online)
	}
}

// applyState applies a state message, acks it and tells. turn is held.
func (c *Client) applyState(m *wire.ServerMessage, now time.Duration) {
	s := &m.State
	if c.mirror == nil || c.lost && !s.Keyframe {
		return
	}
	err := c.mirror.Apply(m.Body(), s.Keyframe)
	if err == nil {
		err = m.Body().Done()
	}
	if err != nil {
		c.lost = true
		c.count(func(s *Stats) { s.fail(err) })
		_ = c.AskKeyframe() // a broken connection is Run's to notice
		return
	}
	c.lost = false
	c.mu.Lock()
	if s.Keyframe {
		c.tick, c.applied = 0, 0
		c.stats.Keyframes++
	}
	c.tick += s.Tick
	c.applied += s.Applied
	c.margin = s.Margin
	c.stats.States++
	if c.hasState {
		c.stats.Interval.Add(now - c.tickAt)
	}
	c.hasState, c.tickAt = true, now
	c.pace.Observe(s.Margin)
	c.inputs.applied(c.applied, now, &c.stats.Latency)
	c.wakeTicks()
	held := c.commands.held
	c.mu.Unlock()
	if held {
		c.release()
	}
	if c.o.OnState != nil {
		c.o.OnState(c)
	}
	c.ackUnlessInput()
}

// schema is that of the last welcome, nil before.
func (c *Client) schema() *state.Schema {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.welcome.Schema
}
