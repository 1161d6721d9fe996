package lobby

import (
	"time"

	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// RestartAfter is how long clients of an instance that stops are told to wait at
// least: a load balancer notices within that time.
const RestartAfter = 2 * time.Second

// Drain says whether this instance is about to stop. Others are told, and place no
// new lobbies here, nor are any made here. What runs goes on; lobbies in which
// nothing runs close with 1001 at once, the others after their match.
func (d *Directory) Drain(on bool) {
	if d.draining.Swap(on) == on {
		return
	}
	d.env.nudge()
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, l := range d.lobbies {
		l.put(item{do: func(time.Time) {}}, false) // wakes it
	}
}

// Playing is how many lobbies here have people in a match, before or after one.
func (d *Directory) Playing() (n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, l := range d.lobbies {
		if i := l.info.Load(); i.Info.Players > 0 && i.Info.Phase != wire.PhaseClosed.String() {
			n++
		}
	}
	return n
}

// rolls says whether the lobby ends now because its instance is about to stop.
// Players who were matched and are on their way get their match.
func (l *Loop) rolls() bool {
	return l.env.draining() && l.phase == wire.PhaseWaiting && (l.matched == nil || l.number > 0)
}

// roll ends the lobby; its members are to come back elsewhere.
func (l *Loop) roll() {
	l.log.Info("lobby ends: this instance is about to stop")
	l.closing = true
	l.phase, l.deadline = wire.PhaseClosed, time.Time{}
	l.restart()
	l.publishInfo()
}

// restart tells everyone that the server stops.
func (l *Loop) restart() {
	after := session.After(RestartAfter)
	l.everySession(func(s *session.Session) { s.CloseWith(session.Restart, after) })
}
