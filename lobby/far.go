package lobby

import (
	"slices"
	"time"

	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/lobby/feed"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// feedChannel carries a lobby's frames to the instances where it is watched.
func feedChannel(id string) string { return "lobby:" + id + ":feed" }

// newCarrier is nil for an instance alone.
func newCarrier(b bus.Bus, m Metrics) *feed.Carrier {
	if b == nil {
		return nil
	}
	return feed.NewCarrier(b, m.FramesDropped, func(error) { m.StoreError("frame") })
}

// maxWatching is how many instances may watch one lobby; further ones are not
// counted, but hear what the others do.
const maxWatching = 256

// far is the home's side of spectators and of those who only talk on other instances.
// What it costs does not depend on how many there are: one frame a round of the Loop's
// work; while nobody watches only of what is said of lobby and members, without states,
// and none at all while nobody is there.
type far struct {
	sender   *feed.Sender // nil: nobody has watched yet
	outlet   *feed.Outlet
	watching map[string]watching // by instance
	viewers  int                 // on all of them
	buf      []byte
}

// watching is an instance that has some of them. It says so again and
// again; one that dies is forgotten after a lease.
type watching struct {
	until   time.Time
	viewers int
}

// watchedBy notes that another instance has spectators and members who only talk, none
// of both to say that the last one left. Each such word is answered, if by an empty frame: from silence they
// know that this instance is gone.
func (l *Loop) watchedBy(now time.Time, instance string, viewers, talkers int) {
	if l.env.carrier == nil || instance == "" || len(instance) > 64 {
		return
	}
	f := &l.far
	if f.sender == nil {
		f.sender = feed.NewSender(l.schema, feed.Print(l.def), uint64(now.UnixMicro()))
		f.outlet = l.env.carrier.Outlet(feedChannel(l.id))
		f.watching = map[string]watching{}
	}
	was, known := f.watching[instance]
	viewers = max(viewers, 0)
	switch {
	case viewers == 0 && talkers <= 0:
		delete(f.watching, instance)
	case known || len(f.watching) < maxWatching:
		f.watching[instance] = watching{now.Add(l.env.cfg.Lease), min(viewers, 1<<20)}
	}
	if was.viewers == 0 && viewers > 0 || !known && talkers > 0 {
		f.sender.Ask()
	}
	before := f.viewers
	if l.countViewers(now); before == 0 && f.viewers > 0 {
		f.sender.Restart() // what led here went to nobody
	}
	if len(f.watching) == 0 {
		f.sender.Forget()
	} else if f.sender.Idle(now) >= l.env.cfg.Beat/4 {
		l.sendFrame(now, true)
	}
}

// countViewers forgets the instances that have not said for a lease that they
// have spectators, and publishes how many there are when that has changed.
func (l *Loop) countViewers(now time.Time) {
	before := l.far.viewers
	l.far.viewers = 0
	for name, w := range l.far.watching {
		if !now.Before(w.until) {
			delete(l.far.watching, name)
			continue
		}
		l.far.viewers += w.viewers
	}
	if l.far.viewers != before {
		l.publishInfo()
	}
}

// tellFar puts a message into the next frame.
func (l *Loop) tellFar(message []byte) {
	if len(l.far.watching) > 0 {
		l.far.sender.Say(message)
	}
}

// sendFrame publishes what is new for spectators elsewhere; with beat in any case.
func (l *Loop) sendFrame(now time.Time, beat bool) {
	f := &l.far
	if len(f.watching) == 0 {
		return
	}
	if l.countViewers(now); len(f.watching) == 0 {
		f.sender.Forget()
		return
	}
	var did bool
	var match session.Match
	if f.viewers > 0 {
		match = l.farMatch()
	}
	if f.buf, did = f.sender.Append(f.buf[:0], match, (*farWhole)(l), now, beat); did {
		f.outlet.Put(f.buf)
		l.env.metrics.Frame(l.def.Name, len(f.buf))
	}
}

// farMatch is what spectators elsewhere see of the match, nil for nothing.
func (l *Loop) farMatch() session.Match {
	if g := l.late.gallery; g != nil {
		if !g.Playing() {
			return nil
		}
		return g
	}
	if l.watched == nil {
		return nil
	}
	return l.watched
}

// farWhole is what a whole frame tells.
type farWhole Loop

var _ feed.Whole = (*farWhole)(nil)

// Standing implements feed.Whole.
func (w *farWhole) Standing(say func(message []byte)) {
	l := (*Loop)(w)
	if l.late.gallery != nil {
		l.late.gallery.Standing(say)
		return
	}
	l.standing(say)
}

// standing says what holds of the lobby now, as a spectator sees it.
func (l *Loop) standing(say func(message []byte)) {
	say(l.lobbyMessage())
	for some := range slices.Chunk(l.seats, membersAtOnce) {
		say(l.memberMessage(some))
	}
	if l.runner != nil {
		say(l.matchMessage())
	}
	if l.phase == wire.PhaseResults {
		say(l.resultMessage())
	}
}

// Barred implements feed.Whole.
func (w *farWhole) Barred() []string {
	l := (*Loop)(w)
	now := time.Now()
	ids := make([]string, 0, len(l.kicked))
	for id, until := range l.kicked {
		if until.IsZero() || now.Before(until) {
			ids = append(ids, id)
		}
	}
	return ids
}

// nextShow is when show has something to do outside of a match, beside what
// happens; zero: it has not.
func (l *Loop) nextShow() (at time.Time) {
	earlier := func(t time.Time, is bool) {
		if is && (at.IsZero() || t.Before(at)) {
			at = t
		}
	}
	if len(l.far.watching) > 0 {
		earlier(l.far.sender.Asked())
	}
	if g := l.late.gallery; g != nil {
		earlier(l.late.line.Due())
		earlier(l.late.pulseAt, g.Playing() && g.Group.Len() > 0)
	}
	return at
}

// tellViewers tells spectators who are not served from the match itself what all
// in the lobby are told.
func (l *Loop) tellViewers(message []byte) {
	if l.late.gallery != nil {
		l.tellLate(message)
		return
	}
	l.tellFar(message)
}

// restartShow tells that a match begins, whose states have no base before it.
func (l *Loop) restartShow(match []byte) {
	if l.late.gallery != nil {
		l.late.encoder.Restart()
	} else if l.far.sender != nil {
		l.far.sender.Restart()
	}
	l.tellViewers(match)
}

// show gives spectators who are not served from the match itself what they are
// due: here later than the players, elsewhere by one frame. It ends each round of
// the Loop's work.
func (l *Loop) show(now time.Time) {
	if l.late.gallery != nil {
		l.showLate(now)
	}
	l.sendFrame(now, false)
}

// isLate reports whether a seat sees everything later than players do: a
// spectator's, and one of a player who has no place in the match that is on.
func (l *Loop) isLate(s *seat) bool {
	if l.late.gallery == nil || s.bot != nil {
		return false
	}
	return s.role == RoleSpectator || l.watched != nil && !s.in
}

// groupOf is the group that a seat's session belongs to.
func (l *Loop) groupOf(s *seat) *session.Group {
	if s.late {
		return l.late.gallery.Group
	}
	return l.group
}

// everySession calls f for all members' sessions.
func (l *Loop) everySession(f func(*session.Session)) {
	l.group.All(f)
	if l.late.gallery != nil {
		l.late.gallery.Group.All(f)
	}
	for t := range l.talkers {
		f(t)
	}
}
