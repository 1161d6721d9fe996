package client

import "time"

// inFlight remembers when the newest 64 inputs were sent, until a state says
// that they were applied.
type inFlight struct {
	sent  [64]time.Duration
	first uint32 // oldest that is not yet applied
	last  uint32 // newest sent
}

func (f *inFlight) reset(last uint32) { f.first, f.last = last+1, last }

func (f *inFlight) send(seq uint32, now time.Duration) {
	f.sent[seq%uint32(len(f.sent))] = now
	if f.first == 0 || seq != f.last+1 { // numbers were skipped: nothing is known of those
		f.first = seq
	}
	f.last = seq
	if f.last-f.first >= uint32(len(f.sent)) {
		f.first = seq - uint32(len(f.sent)) + 1
	}
}

// applied adds to h the time since each input up to seq was sent, once each.
func (f *inFlight) applied(seq uint32, now time.Duration, h *Hist) {
	for ; f.first != 0 && f.first <= min(seq, f.last); f.first++ {
		h.Add(now - f.sent[f.first%uint32(len(f.sent))])
	}
}
