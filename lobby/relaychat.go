package lobby

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

const (
	gapWait  = 2 * time.Second        // messages beyond a gap are held back so long for those missing
	askAgain = 300 * time.Millisecond // and these are asked for so often
)

// incoming sends what a member here says to the lobby's home, which numbers it.
func (r *relay) incoming(now time.Time, t *talker, in session.Incoming) {
	if in.Kind == session.Leave {
		r.unwatch(t)
		delete(r.talkers, t.Session)
		t.Close(session.Bye)
		return
	}
	err := error(fail(CodeNotMember, "who has no seat can only talk, in the lobby's channel"))
	about := wire.Type(0)
	if in.Kind == session.Renew {
		about = wire.TypeRenew
		_, err = r.env.renew(t.Session, in.Text)
	}
	if in.Kind == session.Chat && in.Channel == wire.ChatLobby {
		about = wire.TypeChat
		err = r.sayHome(now, t, in.Text)
	}
	if err == nil {
		return
	}
	r.refuse(t, about, err)
}

func (r *relay) refuse(t *talker, about wire.Type, err error) {
	e := wire.Error{Code: CodeInternal, Message: err.Error(), About: about}
	if own := new(Error); errors.As(err, &own) {
		e.Code = own.Code
	}
	t.Control(wire.AppendError(nil, &e))
	t.Flush()
}

// expel takes out those whom the host removed, and keeps them out.
func (r *relay) expel(now time.Time, n note) {
	if len(n.Barred) == 0 { // of a home that does not say for how long
		n.Barred = map[string]int64{n.Player: kickFor.Milliseconds()}
	}
	for id, left := range n.Barred {
		if len(r.kicked) >= remotes {
			clear(r.kicked)
		}
		r.kicked[id] = time.Time{}
		if left > 0 {
			r.kicked[id] = now.Add(time.Duration(left) * time.Millisecond)
		}
	}
	for s, t := range r.talkers {
		if keptOut(r.kicked, now, s.Identity().ID) {
			r.unwatch(t)
			delete(r.talkers, s)
			s.Close(session.Kicked)
		}
	}
}

func (r *relay) sayHome(now time.Time, t *talker, text string) error {
	if r.muted[t.Identity().ID] {
		r.env.metrics.Chat("muted")
		return fail(CodeMuted, "the host has muted you")
	}
	text, err := admitChat(r.env.metrics, now, t.chat, text)
	if err != nil {
		return err
	}
	who := t.Identity()
	n := note{Kind: noteSay, Player: who.ID, Name: who.Name, Text: text}
	if r.env.reach(sayChannel(r.id), chatChannel(r.id)) != nil || !r.saying.add(now, n, t.Session) {
		return errHomeAway()
	}
	r.send(r.saying.way[len(r.saying.way)-1:])
	return nil
}

func errHomeAway() *Error {
	return &Error{Code: CodeUnavailable, Message: "the lobby's home cannot be reached now: what you said was not heard"}
}

func (r *relay) send(all []said) {
	for _, s := range all {
		s.note.Oldest = r.saying.oldest()
		r.tellHome(s.note)
	}
}

// sayAgain sends again what the home was not heard to have, and tells those whose
// words are given up.
func (r *relay) sayAgain(now time.Time) {
	for _, s := range r.saying.lost(now) {
		if t := r.talkers[s.by]; t != nil {
			r.refuse(t, wire.TypeChat, errHomeAway())
		}
	}
	r.send(r.saying.again(now))
}

// fromHome handles a note of the lobby's home.
func (r *relay) fromHome(now time.Time, payload []byte) {
	var n note
	if err := json.Unmarshal(payload, &n); err != nil {
		r.log.Warn("a note over the bus cannot be read", "err", err)
		return
	}
	if n.From == r.saying.from {
		r.saying.heard(n.N)
	}
	switch n.Kind {
	case noteChat:
		if isChat(n.Chat) {
			r.order.offer(*n.Chat)
		}
	case noteHead:
		r.order.begins(n.Epoch, n.First)
		if r.order.behind(n.Epoch, n.Offset) && now.Sub(r.asked) >= askAgain {
			r.catchUp(now)
		}
	case noteMuted:
		if len(r.muted) >= remotes {
			clear(r.muted)
		}
		r.muted[n.Player] = true
	case noteVoice:
		delete(r.muted, n.Player)
	case noteBarred:
		r.expel(now, n)
	case noteClosed:
		r.over = true
	}
}

// isChat says whether c is a message as homes make them: a longer one must not end
// the sessions of those who are told, as too slow for it.
func isChat(c *wire.ChatOut) bool {
	return c != nil && c.Offset > 0 && len(c.Text) <= 4*maxSaid && len(c.Name) <= 255
}

// catchUp asks the Store and the home for what came after the newest message.
func (r *relay) catchUp(now time.Time) {
	if r.held.IsZero() {
		r.held = now.Add(gapWait)
	}
	r.asked = now
	select {
	case r.ask <- struct{}{}:
	default: // being asked
	}
	r.tellHome(note{Kind: noteSync, Epoch: r.order.epoch, Offset: r.order.newest})
}

// fetch reads the history whenever it is asked to.
func (r *relay) fetch(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.ask:
		}
		limited, cancel := context.WithTimeout(ctx, storeWait)
		entries, err := r.env.store.Newest(limited, chatHistory(r.id), chatKept)
		cancel()
		if err != nil {
			r.env.metrics.StoreError("chat")
		}
		var found []wire.ChatOut
		for _, e := range entries {
			var n note
			if json.Unmarshal(e, &n) == nil && isChat(n.Chat) {
				found = append(found, *n.Chat)
			}
		}
		r.put(item{do: func(time.Time) {
			for _, c := range found {
				r.order.offer(c)
			}
			// A short one may be of a Redis that was restarted: then the home's
			// answer is waited for.
			if len(found) >= chatKept {
				r.order.begins(found[0].Epoch, found[0].Offset)
			}
		}}, false)
	}
}

// deliver says what is in order to the members here; beyond a gap only when the
// wait for what is missing is over, and then clients see the jump.
func (r *relay) deliver(now time.Time) {
	force := !r.held.IsZero() && !now.Before(r.held)
	ready := r.order.take(force)
	for i := range ready {
		r.buf = wire.AppendChatOut(r.buf[:0], &ready[i])
		for t := range r.talkers {
			t.Event(r.buf)
		}
		r.env.metrics.Chat("remote")
		r.env.metrics.ChatLatency(max(0, now.Sub(time.UnixMilli(int64(ready[i].TimeMS)))))
	}
	if len(ready) > 0 {
		for t := range r.talkers {
			t.Flush()
		}
	}
	switch {
	case !r.order.waiting():
		r.held = time.Time{}
	case r.held.IsZero() || now.Sub(r.asked) >= askAgain:
		r.catchUp(now)
	}
}
