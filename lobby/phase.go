package lobby

import (
	"time"

	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// pulse is how often the last state is offered again while results are shown,
// to those who come then and those who were behind.
const pulse = 100 * time.Millisecond

// advance does what is due by now in every phase.
func (l *Loop) advance(now time.Time) {
	if l.closing {
		return
	}
	l.beacon(now)
	l.expire(now)
	l.tire(now)
	if l.rolls() {
		l.roll()
		return
	}
	switch l.phase {
	case wire.PhaseWaiting:
		l.fill(now)
		l.consider(now)
		l.gather(now)
	case wire.PhaseCountdown:
		if !l.canStart() {
			l.wait()
			break
		}
		if !now.Before(l.deadline) {
			l.begin(now)
		}
	case wire.PhaseRunning:
		l.tick(now)
	case wire.PhaseResults:
		if !now.Before(l.pulseAt) {
			l.pulseAt = now.Add(pulse)
			l.group.Send(l.watched, now)
		}
		if now.Before(l.deadline) {
			break
		}
		if l.matched != nil && l.matched.ranked {
			if l.endUnseen() {
				break
			}
			l.close()
			return
		}
		l.wait()
		if l.rolls() {
			l.roll()
			return
		}
		l.consider(now)
	}
	l.reap(now)
}

// expire gives up the seats whose players did not come back.
func (l *Loop) expire(now time.Time) {
	for i := 0; i < len(l.seats); i++ {
		s := l.seats[i]
		if s.bot == nil && s.sess == nil && !now.Before(s.until) {
			l.drop(now, s, wire.GoneExpired, session.Lost)
			i = -1 // others moved
		}
	}
}

// reap closes the lobby when it has been without people for a while.
func (l *Loop) reap(now time.Time) {
	switch {
	case l.count(anybody) > 0:
		l.emptyAt = time.Time{}
	case l.emptyAt.IsZero():
		l.emptyAt = now.Add(l.env.cfg.EmptyAfter)
	case !now.Before(l.emptyAt) && !l.endUnseen():
		l.log.Info("lobby reaped: nobody is left")
		l.close()
	}
}

// consider starts the countdown when nobody has to be asked: in a lobby of quick
// play, or when all are ready.
func (l *Loop) consider(now time.Time) {
	if l.phase != wire.PhaseWaiting || !l.canStart() || l.gathering(now) {
		return
	}
	if l.instant || l.allReady() {
		l.countdown(now)
	}
}

// canStart says whether enough players are here, one of them a person.
func (l *Loop) canStart() bool {
	return l.count(present) > 0 && l.count(playing) >= l.def.MinPlayers
}

func (l *Loop) allReady() bool {
	for _, s := range l.seats {
		if present(s) && !s.ready {
			return false
		}
	}
	return true
}

func (l *Loop) countdown(now time.Time) {
	long := l.env.cfg.Countdown
	if l.count(person) == 1 && l.botSeats > 0 {
		long = l.env.cfg.CountdownAlone
	}
	l.phase, l.deadline = wire.PhaseCountdown, now.Add(long)
	l.changed = true
}

// wait goes back to waiting; nobody is ready any more but bots.
func (l *Loop) wait() {
	l.phase, l.deadline = wire.PhaseWaiting, time.Time{}
	l.runner, l.watched = nil, nil
	l.changed = true
	l.sortOut()
	for _, s := range l.seats {
		s.in = false
		if s.bot == nil && s.ready {
			s.ready = false
			l.sayMember(s)
		}
	}
}

// start is the host's wish to begin.
func (l *Loop) start(now time.Time) error {
	if l.phase != wire.PhaseWaiting {
		return fail(CodePhase, "a match has begun already")
	}
	if l.bots { // no more waiting for people
		l.botsAt = now
		l.fill(now)
	}
	if !l.canStart() {
		return fail(CodePlayers, "there are not enough players")
	}
	l.countdown(now)
	return nil
}
