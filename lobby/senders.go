package lobby

import (
	"time"

	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// Who only talks has no seat and no number: the host names such a member by
// something that it said.

// senderOf is the player who said the chat message with that offset, "" if it is
// no longer kept.
func (l *Loop) senderOf(offset int64) string {
	at := offset - int64(l.chat.offset) + int64(len(l.chat.senders)) - 1
	if at < 0 || at >= int64(len(l.chat.senders)) {
		return ""
	}
	return l.chat.senders[at]
}

// manageSender does what the host s wants of whoever said a message.
func (l *Loop) manageSender(now time.Time, s *seat, what wire.Action, offset int64) error {
	id := l.senderOf(offset)
	switch {
	case id == "":
		return fail(CodeInvalid, "no such message, or one that is too old")
	case id == s.who.ID:
		return fail(CodeInvalid, "that message is your own")
	}
	switch what {
	case wire.ActMuteSender:
		l.muteID(id, true)
	case wire.ActUnmuteSender:
		l.muteID(id, false)
	case wire.ActKickSender:
		l.expel(now, id, kickFor)
	case wire.ActBanSender:
		l.expel(now, id, 0)
	}
	return nil
}

// muteID takes somebody's voice, or gives it back, here and elsewhere.
func (l *Loop) muteID(id string, on bool) {
	kind := noteVoice
	if on {
		l.muted[id] = true
		kind = noteMuted
	} else {
		delete(l.muted, id)
	}
	if s := l.seatOf(id); s != nil {
		l.sayMember(s)
	}
	l.tellAway(kind, id)
}

// expel takes somebody out for so long, 0 for good, with a seat or without, here
// and elsewhere.
func (l *Loop) expel(now time.Time, id string, out time.Duration) {
	l.bar(now, id, out)
	if s := l.seatOf(id); s != nil {
		l.drop(now, s, wire.GoneKicked, session.Kicked)
	}
	for s := range l.talkers {
		if s.Identity().ID == id {
			delete(l.talkers, s)
			s.Close(session.Kicked)
		}
	}
	l.tellBarred(now, id)
}

// tellBarred has instances where this lobby has members let these players in no
// more, of whom those whose time is over are left out.
func (l *Loop) tellBarred(now time.Time, ids ...string) {
	n := note{Kind: noteBarred, Barred: map[string]int64{}}
	for _, id := range ids {
		if !l.barred(now, id) || len(n.Barred) == remotes {
			continue
		}
		n.Player = id
		if until := l.kicked[id]; until.IsZero() {
			n.Barred[id] = 0
		} else {
			n.Barred[id] = max(1, until.Sub(now).Milliseconds())
		}
	}
	if len(n.Barred) > 0 {
		l.env.out.publish(chatChannel(l.id), n.encode(), "")
	}
}

// tellAway has instances where this lobby has members know of a player.
func (l *Loop) tellAway(kind, id string) {
	l.env.out.publish(chatChannel(l.id), note{Kind: kind, Player: id}.encode(), "")
}
