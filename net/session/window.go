package session

import "time"

// maxWindow is how many states may be unacked at once: a second at 128 Hz.
const maxWindow = 128

// window remembers the states that were sent and not yet acked, oldest first.
// Times are microseconds since the session began, modulo 2^32: differences
// are right up to 71 minutes, and an unacked state ends the session long
// before.
type window struct {
	ring []sent // length a power of two, at most maxWindow
	head int
	n    int
}

type sent struct{ tick, at uint32 }

func micros(d time.Duration) uint32 { return uint32(d / time.Microsecond) }

// push notes a state sent; false when there is no room.
func (w *window) push(tick uint32, now time.Duration) bool {
	if w.n == len(w.ring) && !w.grow() {
		return false
	}
	w.ring[(w.head+w.n)&(len(w.ring)-1)] = sent{tick, micros(now)}
	w.n++
	return true
}

// full says that push has no room.
func (w *window) full() bool { return w.n == maxWindow }

func (w *window) grow() bool {
	if len(w.ring) >= maxWindow {
		return false
	}
	bigger := make([]sent, max(8, 2*len(w.ring)))
	for i := range w.n {
		bigger[i] = w.ring[(w.head+i)&(len(w.ring)-1)]
	}
	w.ring, w.head = bigger, 0
	return true
}

// ack drops the states up to tick and gives the time since that of tick was
// sent. A tick that was not sent, or was acked before, changes nothing.
func (w *window) ack(tick uint32, now time.Duration) (trip time.Duration, ok bool) {
	for i := range w.n {
		s := w.ring[(w.head+i)&(len(w.ring)-1)]
		if s.tick > tick {
			return 0, false
		}
		if s.tick == tick {
			w.head = (w.head + i + 1) & (len(w.ring) - 1)
			w.n -= i + 1
			return time.Duration(micros(now)-s.at) * time.Microsecond, true
		}
	}
	return 0, false
}

// oldest is the age of the oldest unacked state, 0 if there is none.
func (w *window) oldest(now time.Duration) time.Duration {
	if w.n == 0 {
		return 0
	}
	return time.Duration(micros(now)-w.ring[w.head].at) * time.Microsecond
}

// clear forgets all.
func (w *window) clear() { w.head, w.n = 0, 0 }
