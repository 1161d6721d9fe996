package client

import "time"

// clockSamples are kept; the one with the least round trip decides.
const clockSamples = 64

// Clock estimates the server's clock from pings. Of the samples kept, the one
// with the least round trip is believed, for it had the least room for error
// (as in NTP's clock filter, RFC 5905 section 10). The zero value knows nothing.
// It is not safe for concurrent use.
type Clock struct {
	samples [clockSamples]sample
	n       int // samples ever added
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
