package session

import (
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// send is one member's share of a tick. It gives the reason to end the
// session, or the zero Reason.
func (g *Group) send(s *Session, m Match, newest *state.Snapshot, now time.Time) Reason {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return Reason{}
	}
	reason := g.give(s, m, newest, now)
	g.needed = min(g.needed, s.flow.needs())
	return reason
}

// give is send to a session that has not ended; mu held.
func (g *Group) give(s *Session, m Match, newest *state.Snapshot, now time.Time) Reason {
	age := now.Sub(s.began)
	if s.everTick && age-s.ticked > time.Second {
		s.flow.window.clear() // ticks paused: nobody was asked to ack
	}
	s.everTick, s.ticked = true, age
	s.trimReplay()

	if since, blocked := s.blocked(); blocked {
		s.cfg.Metrics.Dropped(StateBlocked)
		if now.Sub(since) >= s.cfg.BlockedWrite || s.flow.window.oldest(age) >= s.cfg.Unacked {
			return Slow
		}
		return Reason{}
	}
	if s.flow.window.oldest(age) >= s.cfg.Unacked {
		return Slow
	}
	g.buf = g.buf[:0]
	if s.out.pending() {
		g.buf = s.out.take(g.buf, now, s.cfg.Metrics)
	}
	if newest != nil && s.who.Role != ChatOnly {
		g.state(s, m, newest, age)
	}
	if len(g.buf) == 0 {
		return Reason{}
	}
	if s.transmit(g.buf) != nil {
		return Lost
	}
	return Reason{}
}

// state appends the state message that s is due to g.buf, if it is due one.
func (g *Group) state(s *Session, m Match, newest *state.Snapshot, age time.Duration) {
	f := &s.flow
	tick := m.Tick()
	if f.sent && !f.wantKey && (tick <= f.base || tick-f.base < f.pace) {
		return // has it, or one that is new enough
	}
	if !f.open(s.trips.least(age), s.cfg.WindowExtra, s.cfg.WindowMax, age) {
		s.cfg.Metrics.Dropped(StateWindow)
		return
	}
	player := s.who.Player
	view := m.View(player)
	base, baseView := (*state.Snapshot)(nil), (*state.View)(nil)
	if f.sent && !f.wantKey {
		if base = m.Ring().At(f.base); base != nil {
			baseView = f.baseView()
		}
	}
	applied, margin := g.applied(s, m)
	if base != nil && applied < f.applied {
		base, baseView = nil, nil // its numbers began anew: only a keyframe can say so
	}
	body, elements, changed := g.content(f, m, base, newest, baseView, view, player)
	if base != nil && !changed && age-f.last < s.cfg.Heartbeat {
		return // nothing new
	}
	if base == nil {
		g.head = wire.AppendStateHead(g.head[:0], true, tick, applied, margin, elements)
	} else {
		g.head = wire.AppendStateHead(g.head[:0], false, tick-f.base, applied-f.applied, margin, elements)
	}
	size := len(g.head) + len(body) + len(g.own)
	g.buf = wire.AppendFrameHeader(g.buf, size)
	g.buf = append(g.buf, g.head...)
	g.buf = append(g.buf, body...)
	g.buf = append(g.buf, g.own...)
	f.note(tick, applied, view, age)
	s.markReplay(tick)
	g.cfg.Metrics.Snapshot(size, base == nil)
	g.cfg.Metrics.Sent(byte(wire.TypeState), 1, size)
}

// markReplay notes what was said before the state of tick, which follows it in
// the same write, if something was since the last mark; mu held. One mark at a
// time is enough: acks come each tick.
func (s *Session) markReplay(tick uint32) {
	if s.flow.logged && s.flow.said == 0 && s.replay.owner == s {
		s.flow.mark, s.flow.said, s.flow.logged = tick, s.replay.count, false
	}
}

// trimReplay forgets what was said before a state that has been acked; mu held.
func (s *Session) trimReplay() {
	if s.flow.said == 0 || s.flow.acked < s.flow.mark {
		return
	}
	if s.replay != nil && s.replay.owner == s {
		s.replay.forget(s.flow.said)
	}
	s.flow.said = 0
}

// headBytes is what a state message takes before its body.
const headBytes = 16

// content makes what follows the head: body, which may be shared, and g.own.
// Keyframes are whole. A delta that is above the budget is made of what fits, for
// the client alone, as are those after it until the client has caught up.
func (g *Group) content(f *flow, m Match, base, newest *state.Snapshot, baseView, view *state.View, p state.Player) (body []byte, elements int, changed bool) {
	d, within := g.bodies.differ, g.budget-headBytes
	if !f.late || base == nil {
		b := g.bodies.get(base, newest, baseView, view)
		entries := 0
		g.owner.Reset(g.own[:0])
		if p != 0 {
			entries = d.Owner(g.owner, base, newest, baseView, view, p)
		}
		g.own = g.owner.Bytes()
		if g.budget == 0 || base == nil || len(b.bytes)+len(g.own) <= within {
			f.late = false
			return b.bytes, b.elements + entries, b.changed || entries > 0
		}
		f.fall(base, baseView)
	}
	g.owner.Reset(g.own[:0])
	elements, changed = d.Within(g.owner, within, f.held, m.Ring(), base, newest, view, p)
	g.own = g.owner.Bytes()
	// One that has caught up is told, if only by an empty delta: the next one is
	// made against this tick as a whole.
	if f.late = !f.held.Whole(); f.late {
		g.cfg.Metrics.Dropped(StateBudget)
	}
	return nil, elements, changed || !f.late
}

// applied is the newest input the match has consumed, in the client's own
// counting, and the margin.
func (g *Group) applied(s *Session, m Match) (uint32, int) {
	if s.who.Role != Player || s.who.Player == 0 {
		return 0, 0
	}
	seq, margin := m.Applied(s.who.Player)
	if seq < s.in.offset {
		return 0, margin
	}
	return seq - s.in.offset, margin
}
