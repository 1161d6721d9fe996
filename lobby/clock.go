package lobby

import "time"

// maxCatchUp is how many ticks a Loop runs at once to make up for a delay.
const maxCatchUp = 4

// clock says when ticks are due: tick n at epoch + n periods, computed from n
// each time, so that nothing adds up. It is arithmetic; the time comes from its
// caller.
type clock struct {
	rate  int64 // ticks a second
	epoch time.Time
	next  int64 // the tick that is due next, counted from 0 at epoch
}

// startClock makes a clock whose first tick is due within a period from now. Part,
// from 0 up to 1, spreads lobbies over the period: all count it from the same
// moments, so how they lie to each other does not depend on when they begin.
func startClock(now time.Time, rate int, part float64) clock {
	period := int64(time.Second) / int64(rate)
	wait := (int64(part*float64(period)) - now.UnixNano()%period + period) % period
	return clock{rate: int64(rate), epoch: now.Add(time.Duration(wait))}
}

// deadline is when the next tick is due.
func (c *clock) deadline() time.Time { return c.epoch.Add(c.after(c.next)) }

// after is how long after the epoch tick n is due.
func (c *clock) after(n int64) time.Duration {
	whole, rest := n/c.rate, n%c.rate
	return time.Duration(whole)*time.Second + time.Duration(rest*int64(time.Second)/c.rate)
}

// take says how many ticks to run now, at most maxCatchUp, and by how many game
// time slipped because more were due: the epoch moves later by as much, so the
// match is slow but goes on.
func (c *clock) take(now time.Time) (run, slip int64) {
	since := now.Sub(c.deadline())
	if since < 0 {
		return 0, 0
	}
	due := int64(since/time.Second)*c.rate + int64(since%time.Second)*c.rate/int64(time.Second) + 1
	if slip = due - maxCatchUp; slip > 0 {
		c.epoch = c.epoch.Add(c.after(slip))
		due = maxCatchUp
	}
	c.next += due
	return due, max(slip, 0)
}

// stagger is the part of a period by which the n-th lobby is later than the
// first: the golden ratio's multiples, so that any number of lobbies is spread
// evenly (Knuth, TAOCP 3, section 6.4).
func stagger(n uint64) float64 {
	return float64(n*0x9E3779B97F4A7C15>>11) / (1 << 53)
}
