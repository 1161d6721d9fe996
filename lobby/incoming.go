package lobby

import (
	"time"

	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// incoming handles one message of a client.
func (l *Loop) incoming(now time.Time, in session.Incoming) {
	if t := l.talkers[in.From]; t != nil {
		l.fromTalker(now, t, in)
		return
	}
	s := l.bySession[in.From]
	if s == nil {
		return // left, or replaced by a newer connection
	}
	about, err := l.act(now, s, in)
	if err != nil {
		l.refuse(in.From, about, err)
	}
}

// act does what in asks for, and says which message an error is about.
func (l *Loop) act(now time.Time, s *seat, in session.Incoming) (wire.Type, error) {
	switch in.Kind {
	case session.Command:
		l.command(s, in)
	case session.Chat:
		return wire.TypeChat, l.chatFrom(now, s, in.Channel, in.Text)
	case session.Ready:
		return wire.TypeReady, l.setReady(now, s, in.Ready)
	case session.Start:
		return wire.TypeStart, l.startBy(now, s)
	case session.Kick:
		return wire.TypeKick, l.remove(now, s, in.Player, kickFor)
	case session.Manage:
		return wire.TypeManage, l.manage(now, s, wire.Action(in.Index), in.Player, in.Value)
	case session.Setting:
		return wire.TypeSetting, l.set(s, in)
	case session.Renew:
		until, err := l.env.renew(in.From, in.Text)
		if err == nil && until.After(s.who.Expires) {
			s.who.Expires = until
		}
		return wire.TypeRenew, err
	case session.Network:
		return wire.TypeNetwork, l.setNetwork(s, in.Text)
	case session.Leave:
		l.drop(now, s, wire.GoneLeft, session.Bye)
	}
	return 0, nil
}

var errNotHost = fail(CodeNotHost, "only the host may do that")

func (l *Loop) setReady(now time.Time, s *seat, ready bool) error {
	if s.role != RolePlayer {
		return fail(CodeNotMember, "spectators cannot be ready")
	}
	if l.phase != wire.PhaseWaiting && l.phase != wire.PhaseCountdown && l.phase != wire.PhaseResults {
		return fail(CodePhase, "the match is running")
	}
	if s.ready == ready {
		return nil
	}
	s.ready = ready
	l.sayMember(s)
	if l.bots && ready && l.allReady() {
		l.botsAt = now // nobody is waited for
		l.fill(now)
	}
	l.consider(now)
	return nil
}

func (l *Loop) set(s *seat, in session.Incoming) error {
	switch {
	case s.player != l.host:
		return errNotHost
	case l.phase != wire.PhaseWaiting:
		return fail(CodePhase, "settings change only while the lobby waits")
	case in.Index < 0 || in.Index >= len(l.settings):
		return fail(CodeSetting, "no such setting")
	}
	if d := l.schema.Settings[in.Index]; in.Value < d.Min || in.Value > d.Max {
		return fail(CodeSetting, "the setting is out of its range")
	}
	l.settings[in.Index] = in.Value
	l.changed = true
	return nil
}
