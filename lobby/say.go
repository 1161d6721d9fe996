package lobby

import (
	"errors"
	"slices"
	"time"

	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// say puts a message into the events lane of everyone with a seat and of those
// who only talk; seats whose player is away keep it. Spectators who are not served
// from the match itself get it when they are due it, and with a delay so do those
// who only talk: they are to know no more than spectators.
func (l *Loop) say(message []byte) {
	l.tellNews() // in order: who speaks or leaves is known
	l.sayNow(message)
}

func (l *Loop) sayNow(message []byte) {
	l.sayHere(message, false)
	l.tellViewers(message)
}

// sayHere is say for those here and now, those who are late included or not.
func (l *Loop) sayHere(message []byte, late bool) {
	for _, s := range l.seats {
		if late || !s.late {
			l.sayTo(s, message)
		}
	}
	if late || l.late.gallery == nil {
		for t := range l.talkers {
			t.Event(message)
		}
	}
	l.dirty = true
}

// sayTo is say for one seat.
func (l *Loop) sayTo(s *seat, message []byte) {
	l.dirty = true
	if s.bot != nil {
		return
	}
	logged := s.replay.Count()
	if s.sess != nil {
		s.sess.Event(message)
	}
	if s.replay.Count() == logged { // away, or just gone
		s.replay.Append(message)
	}
}

// member is s as others see it.
func (l *Loop) member(s *seat) wire.Member {
	m := wire.Member{Player: s.player, Name: s.who.Name, Team: s.team, Colour: s.colour}
	set := func(flag wire.MemberFlags, is bool) {
		if is {
			m.Flags |= flag
		}
	}
	set(wire.MemberConnected, s.here())
	set(wire.MemberReady, s.ready)
	set(wire.MemberBot, s.bot != nil)
	set(wire.MemberSpectator, s.role == RoleSpectator)
	set(wire.MemberMuted, s.bot == nil && l.muted[s.who.ID])
	return m
}

// lobbyMessage is valid until the next message is made.
func (l *Loop) lobbyMessage() []byte {
	m := wire.Lobby{Phase: l.phase, Host: l.host, Code: l.code, Min: l.def.MinPlayers, Max: l.max, Private: l.private, Settings: l.settings}
	if !l.deadline.IsZero() {
		m.DeadlineMS = uint64(l.deadline.UnixMilli())
	}
	l.buf = wire.AppendLobby(l.buf[:0], &m)
	return l.buf
}

// welcome opens s's lanes: first the welcome, then what it missed or all anew.
func (l *Loop) welcome(s *session.Session, to *seat, now time.Time) {
	who := s.Identity()
	w := wire.Welcome{
		Instance: l.env.cfg.Instance, Lobby: l.id, Game: l.def.Name, Player: who.Player, Role: wire.Role(who.Role),
		HoldMS: uint32(l.env.cfg.Hold.Milliseconds()), ServerUS: uint64(now.UnixMicro()), Schema: l.schema,
	}
	var replay *session.Replay
	var from uint32
	whole := false
	if to != nil {
		replay = to.replay
		from = replay.Count()
		if who.Resumed {
			from, whole = replay.From(who.Seen)
		}
		if !whole {
			// What is said afresh is for this client alone: another that holds a
			// token of the seat must not take it for more of what it knows.
			replay.Restart()
			from = replay.Count()
		}
		w.Resume = l.resumeToken(to)
	}
	w.Events = uint64(from)
	l.buf = wire.AppendWelcome(l.buf[:0], &w)
	s.Open(l.buf, replay, from)
	if !whole {
		l.afresh(s, to)
	}
	s.Flush()
}

// afresh says all that a member must know.
func (l *Loop) afresh(s *session.Session, to *seat) {
	if to != nil && to.commands.newest > 0 { // a client that lost count goes on above it, from its first command on
		l.sayDone(to.commands.of(to.commands.newest), s.Tell)
	}
	late := to != nil && to.late
	switch {
	case late:
		l.lateAfresh(s, to)
	case to == nil && l.late.gallery != nil:
		l.lateTalker(s)
	default:
		s.Tell(l.lobbyMessage())
		for some := range slices.Chunk(l.seats, membersAtOnce) {
			s.Tell(l.memberMessage(some))
		}
	}
	for i := range l.chat.last {
		l.buf = wire.AppendChatOut(l.buf[:0], &l.chat.last[i])
		s.Tell(l.buf)
	}
	if to == nil {
		return
	}
	team := l.lastOfTeam(to.team)
	for i := range team {
		l.buf = wire.AppendChatOut(l.buf[:0], &team[i])
		s.Tell(l.buf)
	}
	if l.runner != nil && !late {
		s.Event(l.matchMessage())
	}
	if l.phase == wire.PhaseResults && !late {
		s.Event(l.resultMessage())
	}
}

// matchMessage is valid until the next message is made.
func (l *Loop) matchMessage() []byte {
	l.buf = wire.AppendMatch(l.buf[:0], wire.Match{Number: l.number, TickRate: l.def.Rate})
	return l.buf
}

// refuse answers one message of a client with an error.
func (l *Loop) refuse(s *session.Session, about wire.Type, err error) {
	e := wire.Error{Code: CodeInternal, Message: err.Error(), About: about}
	if own := new(Error); errors.As(err, &own) {
		e.Code = own.Code
	}
	l.buf = wire.AppendError(l.buf[:0], &e)
	s.Control(l.buf)
	l.dirty = true
}
