package lobby

import (
	"time"

	"golang.org/x/time/rate"

	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// talker is a chat-only member of a lobby: no seat, nothing to come back to.
type talker struct {
	*session.Session
	chat *rate.Limiter
}

// attach gives the seat of s's identity its connection. The newest wins.
func (l *Loop) attach(now time.Time, s *session.Session) {
	if _, over := s.Ended(); over {
		return
	}
	who := s.Identity()
	if who.Role == session.ChatOnly {
		l.talkers[s] = &talker{s, rate.NewLimiter(rate.Every(l.env.cfg.ChatEvery), l.env.cfg.ChatBurst)}
		l.simulate(s)
		l.env.logins.came(now, s)
		l.welcome(s, nil, now)
		return
	}
	to := l.seatAt(who.Player)
	if to == nil || to.who.ID != who.ID || l.closing {
		s.Close(session.Closed) // given up while the connection was made
		return
	}
	to.proveIf(to.sess)
	if who.Resumed && !to.tokens.good(who.Serial) {
		s.Close(session.Replaced) // its successor was proven while it was on its way
		return
	}
	if to.outrun(who) {
		s.Close(session.Replaced)
		return
	}
	to.from, to.tries = who.From, who.Attempt
	if old := to.sess; old != nil {
		l.groupOf(to).Remove(old)
		delete(l.bySession, old)
		old.Close(session.Replaced)
	}
	first := !to.met
	to.sess, to.until, to.met = s, time.Time{}, true
	to.who.Expires = who.Expires
	l.bySession[s] = to
	to.late = l.isLate(to)
	l.groupOf(to).Add(s)
	l.simulate(s)
	l.env.logins.came(now, s)
	l.welcome(s, to, now)
	l.sayMember(to)
	if first && l.botsAt.IsZero() {
		l.botsAt = now.Add(l.env.cfg.BotsAfter)
		if l.instant {
			l.botsAt = now
		}
	}
	if l.phase == wire.PhaseRunning && to.role == RolePlayer {
		l.enter(to)
		l.sortOut()
	}
	l.fill(now)
	l.chooseHost()
	if to.player == l.host {
		l.sayKnocks()
	}
}

// gone notes that a session has ended. The seat stays, for a while.
func (l *Loop) gone(now time.Time, s *session.Session) {
	l.env.logins.left(s)
	if _, ok := l.talkers[s]; ok {
		delete(l.talkers, s)
		return
	}
	to := l.bySession[s]
	if to == nil {
		return // replaced, kicked or left before
	}
	l.groupOf(to).Remove(s)
	delete(l.bySession, s)
	to.proveIf(s)
	to.sess, to.until = nil, now.Add(l.env.cfg.Hold)
	if l.runner != nil {
		l.runner.Idle(to.player)
	}
	l.sayMember(to)
	l.changed = true
}
