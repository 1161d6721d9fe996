package sim

import (
	"math/rand/v2"
	"time"
)

const (
	packet     = 1448 // bytes of a packet's payload: 1500 without the headers of IPv4 and TCP
	maxRetries = 6    // losses of one packet
)

// Lane decides when what enters one direction of a link leaves it. It reads no
// clock and starts nothing: equal seeds and equal calls give equal times. One
// goroutine at a time may use it.
type Lane struct {
	link   Link
	chance *rand.Rand
	outage outages
	free   time.Time // when the packet before has been put on the wire
	last   time.Time // when it leaves: nothing overtakes
}

// NewLane makes the lane of one direction, Up or Down, of a link that begins at
// start. Both lanes of a connection take the same seed.
func NewLane(l Link, seed, stream uint64, start time.Time) *Lane {
	return &Lane{link: l, chance: rand.New(rand.NewPCG(seed, stream)), outage: newOutages(l, seed, start)}
}

// Due says when what enters now, n bytes, leaves, packet by packet: at is the
// last one's time. Never is true if that is not going to happen.
func (l *Lane) Due(now time.Time, n int) (at time.Time, never bool) {
	for {
		at, never = l.due(now, min(n, packet))
		if n -= packet; n <= 0 || never {
			return at, never
		}
	}
}

// due is Due for one packet.
func (l *Lane) due(now time.Time, n int) (at time.Time, never bool) {
	at = later(now, l.free)
	if l.link.Rate > 0 {
		at = at.Add(time.Duration(n) * time.Second / time.Duration(l.link.Rate))
	}
	l.free = at
	at = at.Add(l.link.Ping / 2)
	if j := l.link.Jitter / 2; j > 0 {
		at = at.Add(time.Duration((2*l.chance.Float64() - 1) * float64(j)))
	}
	if l.link.Loss > 0 {
		stall := l.link.rto()
		for range maxRetries {
			if l.chance.Float64() >= l.link.Loss {
				break
			}
			at = at.Add(stall)
			stall *= 2
		}
	}
	at, never = l.outage.pass(later(at, l.last))
	l.last = at
	return at, never
}

// outages are the times in which a link passes nothing. Both lanes of a link
// have the same, from the same seed.
type outages struct {
	link   Link
	chance *rand.Rand
	from   time.Time // the next one, or the one that is on
	hang   time.Time // zero: none
}

func newOutages(l Link, seed uint64, start time.Time) outages {
	o := outages{link: l, chance: rand.New(rand.NewPCG(seed, streamOutages)), from: start}
	if l.Hang > 0 {
		o.hang = start.Add(about(l.Hang, o.chance.Float64()))
	}
	if l.Outage > 0 {
		o.from = start.Add(about(l.OutageEvery, o.chance.Float64()))
	}
	return o
}

// pass says when what would leave at that time does. Times do not go back.
func (o *outages) pass(at time.Time) (then time.Time, never bool) {
	for o.link.Outage > 0 && !at.Before(o.from) {
		end := o.from.Add(o.link.Outage)
		if at.Before(end) {
			at = end
		}
		o.from = end.Add(about(o.link.OutageEvery-o.link.Outage, o.chance.Float64()))
	}
	return at, !o.hang.IsZero() && !at.Before(o.hang)
}

// about is from half to one and a half of d, with chance in [0, 1).
func about(d time.Duration, chance float64) time.Duration {
	return time.Duration((0.5 + chance) * float64(d))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
