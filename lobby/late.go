package lobby

import (
	"time"

	"github.com/sandlot-server/sandlot/lobby/feed"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// late is what spectators of a lobby with a delay are served from, here and
// elsewhere. States, events and what is said of lobby, members and match wait in
// a Line, encoded and as spectators see them; when their time has come they go to
// those who only talk and to a Gallery, which these spectators are members of and
// frames are made from. No newer state than the Gallery's is within reach of a late
// session.
//
// Nobody gets into a match on its way, also where the game takes players late: that
// would be the way around all this.
//
// Chat is not late: every player has read it, so it tells none of them anything.
// What lists and answers over HTTP say of the lobby is not late either: its phase,
// who is in it; they show no row. Between matches nothing waits, but behind what does.
type late struct {
	delay   time.Duration // of what happens from now on
	gallery *feed.Gallery // nil: there never was a delay
	line    feed.Line
	encoder *feed.Encoder
	pulseAt time.Time // when the newest state is offered again
	buf     []byte
	msg     wire.ServerMessage
}

// setDelay has spectators see everything later by d. What waits already keeps its
// time. A lobby that has had a delay goes on serving spectators from its Gallery.
func (l *Loop) setDelay(d time.Duration) {
	l.late.delay = d
	if d == 0 || l.late.gallery != nil {
		return
	}
	g := feed.NewGallery(l.schema, &l.env.session, l.def.Budget)
	l.late.gallery, l.late.encoder = g, feed.NewEncoder(l.schema)
	var standing [][]byte
	l.standing(func(message []byte) { standing = append(standing, append([]byte(nil), message...)) })
	if _, err := g.Begin(standing, func([]byte) {}); err != nil { // our own messages
		l.log.Error("the delayed view cannot begin", "err", err)
	}
	l.sortOut()
}

// sortOut brings each session to the group that it belongs to now. Who comes back
// from being late is told at once what waits for the others, but no states.
func (l *Loop) sortOut() {
	if l.late.gallery == nil {
		return
	}
	for _, s := range l.seats {
		late := l.isLate(s)
		if late == s.late {
			continue
		}
		if s.late {
			l.late.line.Each(func(message []byte) {
				if l.kindOf(message) != wire.TypeState {
					l.lateTo(s, message)
				}
			})
		}
		if s.sess == nil {
			s.late = late
			continue
		}
		l.groupOf(s).Remove(s.sess)
		s.late = late
		l.groupOf(s).Add(s.sess)
		s.sess.NewMatch() // its states were of another ring
	}
}

// kindOf reads the type of a message of our own, and leaves it decoded in late.msg.
func (l *Loop) kindOf(message []byte) wire.Type {
	if err := wire.DecodeServer(message, l.schema, &l.late.msg); err != nil {
		l.log.Error("a message of our own cannot be read", "err", err)
		return 0
	}
	return l.late.msg.Type
}

// tellLate has a message wait. While a match runs it waits as long as states do;
// else only for what came before it.
func (l *Loop) tellLate(message []byte) {
	due := time.Now()
	if l.phase == wire.PhaseRunning {
		due = due.Add(l.late.delay)
	}
	if !l.late.line.Put(message, due) {
		l.env.metrics.LateLost(l.def.Name)
	}
}

// recordLate has the newest state wait, as spectators see it.
func (l *Loop) recordLate(now time.Time) {
	t := &l.late
	if l.watched == nil {
		return
	}
	if t.line.Crowded() {
		t.encoder.Need(l.watched)
		l.env.metrics.LateSkipped(l.def.Name)
		return
	}
	var did bool
	if t.buf, did = t.encoder.Append(t.buf[:0], l.watched, false, now); did && !t.line.Put(t.buf, now.Add(t.delay)) {
		t.encoder.Restart()
		l.env.metrics.LateLost(l.def.Name)
	}
}

// showLate takes in what has just happened and gives out what is due.
func (l *Loop) showLate(now time.Time) {
	t := &l.late
	l.recordLate(now)
	moved := false
	for message, ok := t.line.Take(now); ok; message, ok = t.line.Take(now) {
		moved = true
		l.giveLate(message)
	}
	if moved || l.dirty || t.gallery.Playing() && !now.Before(t.pulseAt) {
		t.pulseAt = now.Add(pulse)
		t.gallery.Send(now)
		l.dirty = false
	}
	if moved {
		for t := range l.talkers {
			t.Flush()
		}
	}
}

// endUnseen reports whether somebody watches late and is yet to see the end of the
// last match: the lobby does not close before.
func (l *Loop) endUnseen() bool {
	g := l.late.gallery
	if g == nil || l.phase == wire.PhaseRunning || g.Group.Len() == 0 && l.far.viewers == 0 {
		return false
	}
	_, waits := l.late.line.Due()
	return waits
}

// giveLate gives out one message whose time has come.
func (l *Loop) giveLate(message []byte) {
	t := &l.late
	was := t.gallery.Tick()
	kind, err := t.gallery.Hear(message)
	if err != nil { // a state that was made here: the next one is a keyframe
		l.log.Error("the delayed view is broken and begins anew", "tick", was, "err", err)
		t.encoder.Restart()
		return
	}
	if kind == wire.TypeState {
		return // the gallery sends it
	}
	if kind == wire.TypeMatch && l.far.sender != nil {
		l.far.sender.Restart()
	}
	l.tellFar(message)
	for _, s := range l.seats {
		if s.late {
			l.lateTo(s, message)
		}
	}
	if kind == wire.TypeEvent || kind == wire.TypeMatch {
		return // for who sees the match
	}
	for t := range l.talkers {
		t.Event(message)
	}
}

// lateTo gives a seat a message whose time has come. How its own player is, it
// was told when it happened.
func (l *Loop) lateTo(s *seat, message []byte) {
	kind := l.kindOf(message)
	if kind == wire.TypeMember && len(l.late.msg.Members) == 1 && l.late.msg.Members[0].Player == s.player {
		return
	}
	l.sayTo(s, message)
	if kind == wire.TypeMatch && s.sess != nil {
		s.sess.NewMatch()
	}
}

// lateAfresh says to a late session all that spectators know by now.
func (l *Loop) lateAfresh(s *session.Session, own *seat) {
	l.late.gallery.Standing(s.Tell)
	s.Tell(l.memberMessage([]*seat{own}))
}

// lateTalker says to a session that only talks how spectators know the lobby and
// its members by now.
func (l *Loop) lateTalker(s *session.Session) {
	l.late.gallery.Standing(func(message []byte) {
		if kind := l.kindOf(message); kind == wire.TypeLobby || kind == wire.TypeMember {
			s.Tell(message)
		}
	})
}

// takesLate says whether players get into a match that runs, where they see all at
// once. With a delay they do not: whoever is to see the match later would only have to
// sit down.
func (l *Loop) takesLate() bool { return l.def.LateJoin && l.late.delay == 0 }

// delaySeconds is the delay as it is told.
func (l *Loop) delaySeconds() int { return int(l.late.delay / time.Second) }
