package lobby

import (
	"time"

	"golang.org/x/time/rate"

	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// chatKept is how many messages a lobby keeps for those who come later.
const chatKept = 100

// chatLog numbers what is said: offsets rise by one within an epoch. Each team
// has an epoch of its own, so that others see no gaps.
type chatLog struct {
	epoch    uint64 // of the lobby; a team's is higher by its number
	offset   uint64 // of the newest message
	teams    []uint64
	teamLast [][]wire.ChatOut // by team, as last
	last     []wire.ChatOut   // oldest first, at most chatKept
	senders  []string         // of last: the players' ids
}

// remotes bounds how many talkers elsewhere have a rate of their own; above it
// all start anew.
const remotes = 512

// chatFrom says what a member with a seat wrote.
func (l *Loop) chatFrom(now time.Time, s *seat, channel int, text string) error {
	if l.muted[s.who.ID] {
		l.env.metrics.Chat("muted")
		return fail(CodeMuted, "the host has muted you")
	}
	text, err := l.admitChat(now, s.chat, text)
	if err == nil {
		text, err = l.moderate(Said{Player: s.who.ID, Name: s.who.Name, Team: channel == wire.ChatTeam, Text: text})
	}
	if err != nil {
		return err
	}
	if channel == wire.ChatTeam {
		return l.sayTeam(now, s, text)
	}
	l.speak(now, s.who.ID, wire.ChatOut{Player: s.player, Name: s.who.Name, Text: text})
	return nil
}

// fromTalker handles what a chat-only member sent: chat, or its farewell.
func (l *Loop) fromTalker(now time.Time, t *talker, in session.Incoming) {
	switch in.Kind {
	case session.Chat:
		if l.muted[t.Identity().ID] {
			l.env.metrics.Chat("muted")
			l.refuse(t.Session, wire.TypeChat, fail(CodeMuted, "the host has muted you"))
			return
		}
		text, err := l.admitChat(now, t.chat, in.Text)
		if err == nil && in.Channel != wire.ChatLobby {
			err = fail(CodeNotMember, "you are in no team")
		}
		if err == nil {
			text, err = l.moderate(Said{Player: t.Identity().ID, Name: t.Identity().Name, Text: text})
		}
		if err != nil {
			l.refuse(t.Session, wire.TypeChat, err)
			return
		}
		l.speak(now, t.Identity().ID, wire.ChatOut{Name: t.Identity().Name, Text: text})
	case session.Renew:
		if _, err := l.env.renew(t.Session, in.Text); err != nil {
			l.refuse(t.Session, wire.TypeRenew, err)
		}
	case session.Leave:
		delete(l.talkers, t.Session)
		t.Close(session.Bye)
	default:
		l.refuse(t.Session, 0, fail(CodeNotMember, "chat-only members can only talk"))
	}
}

// admitChat cleans text and keeps its sender to the rate.
func (l *Loop) admitChat(now time.Time, limit *rate.Limiter, text string) (string, error) {
	return admitChat(l.env.metrics, now, limit, text)
}

func admitChat(m Metrics, now time.Time, limit *rate.Limiter, text string) (string, error) {
	text = clean(text, maxSaid)
	if text == "" {
		m.Chat("empty")
		return "", fail(CodeInvalid, "there is nothing to show in that message")
	}
	if !limit.AllowN(now, 1) {
		m.Chat("limited")
		return "", fail(CodeChatRate, "you are talking too fast")
	}
	return text, nil
}

// speak numbers a message of a player, says it here and publishes it.
func (l *Loop) speak(now time.Time, id string, c wire.ChatOut) {
	l.chat.offset++
	c.Epoch, c.Offset, c.TimeMS = l.chat.epoch, l.chat.offset, uint64(now.UnixMilli())
	l.chat.last, l.chat.senders = kept(l.chat.last, c), kept(l.chat.senders, id)
	l.buf = wire.AppendChatOut(l.buf[:0], &c)
	l.tellNews()
	l.sayHere(l.buf, true) // elsewhere it has a channel of its own
	l.publishChat(now, c)
	l.env.metrics.Chat("local")
}

// kept adds to the newest messages; the oldest makes room.
func kept[T any](last []T, c T) []T {
	if len(last) == chatKept {
		last = append(last[:0], last[1:]...)
	}
	return append(last, c)
}

// sayTeam says it to those of the same team only; it is not published.
func (l *Loop) sayTeam(now time.Time, from *seat, text string) error {
	if from.team == 0 {
		return fail(CodeNotMember, "you are in no team")
	}
	l.chat.teams[from.team]++
	c := wire.ChatOut{
		Epoch: l.chat.epoch + uint64(from.team), Offset: l.chat.teams[from.team], Player: from.player,
		Name: from.who.Name, Channel: wire.ChatTeam, TimeMS: uint64(now.UnixMilli()), Text: text,
	}
	l.chat.teamLast[from.team] = kept(l.chat.teamLast[from.team], c)
	l.buf = wire.AppendChatOut(l.buf[:0], &c)
	for _, s := range l.seats {
		if s.team == from.team {
			l.sayTo(s, l.buf)
		}
	}
	l.env.metrics.Chat("local")
	return nil
}
