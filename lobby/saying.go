package lobby

import (
	"crypto/rand"
	"time"

	"github.com/sandlot-server/sandlot/net/session"
)

const (
	sayingMost  = 64                     // messages of one relay on their way; a further one is refused
	sayingAgain = 300 * time.Millisecond // unheard for so long, all on their way are sent again
	sayingUp    = 3 * time.Second        // and unheard for so long, their senders are told
)

// saying is what members here said and the home has not yet been heard to have:
// numbered, so that the home takes each once and in order, whatever the bus loses
// or repeats. It is arithmetic.
type saying struct {
	from string // names this relay
	next uint64
	sent time.Time // when all on their way were sent last
	way  []said    // ascending
}

type said struct {
	n    uint64
	note note
	by   *session.Session
	at   time.Time
}

func newSaying() saying { return saying{from: rand.Text(), next: 1} }

// add numbers what s said; false if too much is on its way.
func (w *saying) add(now time.Time, n note, s *session.Session) bool {
	if len(w.way) >= sayingMost {
		return false
	}
	if len(w.way) == 0 {
		w.sent = now
	}
	n.From, n.N = w.from, w.next
	w.way = append(w.way, said{w.next, n, s, now})
	w.next++
	return true
}

// heard notes that the home has dealt with all up to n.
func (w *saying) heard(n uint64) {
	for len(w.way) > 0 && w.way[0].n <= n {
		w.way = w.way[1:]
	}
}

// lost returns what has been on its way for too long, and gives it up.
func (w *saying) lost(now time.Time) []said {
	n := 0
	for n < len(w.way) && now.Sub(w.way[n].at) >= sayingUp {
		n++
	}
	gone := w.way[:n:n]
	w.way = w.way[n:]
	return gone
}

// again returns what is to be sent again now.
func (w *saying) again(now time.Time) []said {
	if len(w.way) == 0 || now.Sub(w.sent) < sayingAgain {
		return nil
	}
	w.sent = now
	return w.way
}

// due is when lost or again will have something; zero is never.
func (w *saying) due() time.Time {
	if len(w.way) == 0 {
		return time.Time{}
	}
	again, up := w.sent.Add(sayingAgain), w.way[0].at.Add(sayingUp)
	if up.Before(again) {
		return up
	}
	return again
}

// oldest is the number of the oldest that is not given up.
func (w *saying) oldest() uint64 {
	if len(w.way) == 0 {
		return w.next
	}
	return w.way[0].n
}

// hearing is what the home knows of each relay: the newest number that it dealt
// with.
type hearing map[string]uint64

// takes says whether a message is the next of its relay, which still has on its
// way those from oldest. One that is not is known, or comes again in its order.
func (h hearing) takes(from string, n, oldest uint64) bool {
	if from == "" { // of an instance that does not number
		return true
	}
	if n != max(h[from]+1, oldest) {
		return false
	}
	if _, known := h[from]; !known && len(h) >= remotes {
		clear(h)
	}
	h[from] = n
	return true
}
