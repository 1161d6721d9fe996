package lobby

import (
	"time"

	"github.com/sandlot-server/sandlot/net/wire"
)

// Bounds of those who wait at the door. A knock counts as long as its player
// goes on asking.
const (
	maxKnocks = 32
	knockFor  = 30 * time.Second
	knockWait = 2 * time.Second // a player asks again so often
)

// knock is a player who asks to be let in.
type knock struct {
	number uint16
	who    Who
	until  time.Time
}

// approve says whether who may come in, and else lets the host know that who
// asks.
func (l *Loop) approve(now time.Time, who Who) error {
	if !l.approval || l.approved[who.ID] || who.ID == l.creator || l.count(person) == 0 {
		return nil
	}
	wait := &Error{Code: CodeApproval, Message: "the host has been asked to let you in", RetryAfter: knockWait}
	for i := range l.knocks {
		if k := &l.knocks[i]; k.who.ID == who.ID {
			k.until = now.Add(knockFor)
			return wait
		}
	}
	if len(l.knocks) >= maxKnocks {
		return &Error{Code: CodeApproval, Message: "too many wait at the door", RetryAfter: knockFor}
	}
	l.knockNumber++
	k := knock{max(l.knockNumber, 1), who, now.Add(knockFor)}
	l.knocks = append(l.knocks, k)
	l.sayKnock(k, true)
	return wait
}

// answerKnock lets somebody in, who then comes by asking again, or turns them
// away.
func (l *Loop) answerKnock(now time.Time, number uint16, in bool) error {
	for i, k := range l.knocks {
		if k.number != number {
			continue
		}
		if in {
			l.approved[k.who.ID] = true
		} else {
			l.bar(now, k.who.ID, kickFor)
		}
		l.knocks = append(l.knocks[:i], l.knocks[i+1:]...)
		l.sayKnock(k, false)
		return nil
	}
	return fail(CodeInvalid, "nobody knocks by that number")
}

// tire forgets those who no longer ask.
func (l *Loop) tire(now time.Time) {
	for i := 0; i < len(l.knocks); i++ {
		if k := l.knocks[i]; !now.Before(k.until) {
			l.knocks = append(l.knocks[:i], l.knocks[i+1:]...)
			l.sayKnock(k, false)
			i--
		}
	}
}

// sayKnock tells the host, if there is one here.
func (l *Loop) sayKnock(k knock, waiting bool) {
	h := l.seatAt(l.host)
	if h == nil || h.sess == nil {
		return
	}
	l.buf = wire.AppendKnock(l.buf[:0], wire.Knock{Number: k.number, Name: clean(k.who.Name, 24), Waiting: waiting})
	h.sess.Control(l.buf)
	l.dirty = true
}

// sayKnocks tells a new host, or one who came back, of all.
func (l *Loop) sayKnocks() {
	for _, k := range l.knocks {
		l.sayKnock(k, true)
	}
}
