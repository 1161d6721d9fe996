package lobby

import (
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// listen has those who only talk here told how the lobby and its members are, as
// spectators are, where this instance has the same build of the game. Until the home
// has answered, and where it has not, they know of the lobby what its lease says.
func (r *relay) listen() {
	if r.show.def == nil || r.show.frames != nil {
		return
	}
	r.follow()
	r.sayWatching()
}

// talking is how many only talk here.
func (r *relay) talking() (n int) {
	for s := range r.talkers {
		if r.show.viewers[s] == nil {
			n++
		}
	}
	return n
}

// isTalk says whether who only talks is told a message that spectators are: all are but
// those of the match itself.
func (r *relay) isTalk(message []byte) bool {
	m := &r.show.msg
	if wire.DecodeServer(message, r.schema, m) != nil { // the gallery has read it
		return false
	}
	return m.Type != wire.TypeState && m.Type != wire.TypeEvent && m.Type != wire.TypeMatch
}

// tellTalkers says to those who only talk what spectators are told.
func (r *relay) tellTalkers(message []byte) {
	if len(r.talkers) == len(r.show.viewers) || !r.isTalk(message) {
		return
	}
	for s, t := range r.talkers {
		if r.show.viewers[s] == nil {
			t.Event(message)
		}
	}
}

// standing says to one who only talks how the lobby and its members are.
func (r *relay) standing(s *session.Session) {
	r.show.gallery.Standing(func(message []byte) {
		if r.isTalk(message) && r.show.msg.Type != wire.TypeResult {
			s.Tell(message)
		}
	})
}

func (r *relay) flushTalkers() {
	for s, t := range r.talkers {
		if r.show.viewers[s] == nil {
			t.Flush()
		}
	}
}
