package session_test

import (
	"testing"

	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// A client that acks needs no more of the log than what is on its way; what it
// has not acked is kept, whatever comes after.
func TestReplayForgetsWhatIsAcked(t *testing.T) {
	r := newRoom(t, 1)
	c := r.clients[0]
	log := session.NewReplay(0)
	c.s.Open(wire.AppendWelcome(nil, &wire.Welcome{Schema: schema}), log, log.Count())
	c.read()
	for range 100 {
		r.move()
		r.g.Event(said(1))
		r.tick()
		c.read()
		c.ack(r.now)
	}
	kept := func() uint32 { return keptOf(log) }
	if n := kept(); n == 0 || n > 3 {
		t.Errorf("%d of %d messages are kept for a client that acked all but the newest", n, log.Count())
	}
	for range 5 { // it does not ack these
		r.move()
		r.g.Event(said(2))
		r.tick()
	}
	if n := kept(); n < 5 {
		t.Errorf("%d messages are kept for a client that acked none of 5", n)
	}
}

// What was said before another ring's states began is forgotten as soon as one of
// those is acked.
func TestReplayForgetsWhatWasSaidBeforeARestart(t *testing.T) {
	r := newRoom(t, 1)
	c := r.clients[0]
	log := session.NewReplay(0)
	c.s.Open(wire.AppendWelcome(nil, &wire.Welcome{Schema: schema}), log, log.Count())
	for range 20 {
		r.g.Event(said(1))
	}
	r.move()
	r.tick() // marks them; the mark is void with what follows
	c.s.NewMatch()
	for range 3 {
		r.move()
		r.tick()
		c.read()
		c.ack(r.now)
	}
	if n := keptOf(log); n != 0 {
		t.Errorf("%d messages are kept for a client that has them", n)
	}
}

// keptOf is how many messages a log keeps.
func keptOf(log *session.Replay) (n uint32) {
	for n < log.Count() {
		if _, whole := log.From(log.Count() - n - 1); !whole {
			break
		}
		n++
	}
	return n
}
