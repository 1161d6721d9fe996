package client

import "time"

const (
	clockSamples = 64                     // kept; the one with the least round trip decides
	slewShare    = 20                     // the clock shown goes at most a twentieth faster or slower
	slewMost     = 250 * time.Millisecond // what is further off is jumped
)

// Clock estimates the server's clock from pings. Of the samples kept, the one
// with the least round trip is believed, for it had the least room for error
// (as in NTP's clock filter, RFC 5905 section 10). The zero value knows nothing.
// It is not safe for concurrent use.
type Clock struct {
	samples [clockSamples]sample
	n       int           // samples ever added
	shown   time.Duration // offset that Now has got to
	at      time.Duration // own time of the last Now
	showing bool
}

type sample struct{ rtt, offset time.Duration }

// Add adds one: sent and back on the own clock, received and answered on the
// server's. All are since an epoch of the clock's own.
func (c *Clock) Add(sent, received, answered, back time.Duration) {
	rtt := (back - sent) - (answered - received)
	c.samples[c.n%clockSamples] = sample{
		rtt:    max(rtt, 0),
		offset: (received + answered - sent - back) / 2,
	}
	c.n++
}

// Best returns the least round trip and the offset of its sample: server time is
// own time plus offset. It is false before the first sample.
func (c *Clock) Best() (rtt, offset time.Duration, ok bool) {
	if c.n == 0 {
		return 0, 0, false
	}
	best := c.samples[0]
	for _, s := range c.samples[:min(c.n, clockSamples)] {
		if s.rtt < best.rtt {
			best = s
		}
	}
	return best.rtt, best.offset, true
}

// Now returns the server's time at own time, which must not go back. It moves
// towards the best estimate by at most a twentieth of the time that passes, so
// that it neither leaps nor goes back when a better sample comes; only what is
// off by more than 250 ms is made good at once. It is false before the first
// sample.
func (c *Clock) Now(own time.Duration) (server time.Duration, ok bool) {
	_, offset, ok := c.Best()
	if !ok {
		return 0, false
	}
	off := offset - c.shown
	if !c.showing || off > slewMost || off < -slewMost {
		c.shown, c.showing = offset, true
	} else {
		most := max(own-c.at, 0) / slewShare
		c.shown += min(max(off, -most), most)
	}
	c.at = own
	return own + c.shown, true
}
