package lobby

import (
	"bytes"
	"slices"
	"time"

	"github.com/sandlot-server/sandlot/net/wire"
)

const (
	// crowd is the number of seats above which news of members wait for others,
	// newsWait so long at most: a lobby that fills up would else send each member
	// a message, and a packet, for each that comes.
	crowd    = 32
	newsWait = 100 * time.Millisecond

	// membersAtOnce bounds the members of one message: 30 KB, with the longest names.
	membersAtOnce = 256
)

// sayMember has everyone told how s is: with all else that this round of work
// changes, or in a crowd within newsWait, but before anything else is said.
func (l *Loop) sayMember(s *seat) {
	if !s.news {
		s.news = true
		l.news = append(l.news, s)
	}
}

// newsDue says whether news of members are to be told now, and else notes when.
func (l *Loop) newsDue(now time.Time) bool {
	switch {
	case len(l.news) == 0:
		return false
	case len(l.seats) <= crowd:
		return true
	case l.newsAt.IsZero():
		l.newsAt = now.Add(newsWait)
	}
	return !now.Before(l.newsAt)
}

// tellNews tells everyone how the members are of whom there are news.
func (l *Loop) tellNews() {
	if len(l.news) == 0 {
		return
	}
	changed := slices.DeleteFunc(l.news, func(s *seat) bool { return !s.news }) // left meanwhile
	l.news, l.newsAt = l.news[:0], time.Time{}
	for some := range slices.Chunk(changed, membersAtOnce) {
		for _, s := range some {
			s.news = false
		}
		l.sayNow(l.memberMessage(some))
		for i, s := range some {
			if s.late { // how it is itself it hears at once
				l.sayTo(s, l.memberMessage(some[i:i+1]))
			}
		}
	}
	clear(changed)
}

// memberMessage is valid until the next one is made.
func (l *Loop) memberMessage(list []*seat) []byte {
	l.members = l.members[:0]
	for _, s := range list {
		l.members = append(l.members, l.member(s))
	}
	l.newsBuf = wire.AppendMembers(l.newsBuf[:0], l.members...)
	return l.newsBuf
}

// sayLobby tells everyone how the lobby is, if that is not what they were told.
func (l *Loop) sayLobby() {
	message := l.lobbyMessage()
	if bytes.Equal(message, l.told) {
		return
	}
	l.told = append(l.told[:0], message...)
	l.say(l.told)
}
