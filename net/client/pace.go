package client

import "time"

// The pace holds the inputs that wait at the server after a tick, the margin,
// at 1: enough that a late input is not missed, few enough that it is fresh.
const (
	wantedMargin = 1
	marginGain   = 0.05 // of a period, for each input too many or too few
	marginMost   = 0.1  // of a period, at most
	marginKept   = 0.75 // weight of the earlier margins in the mean
)

// Pace says when the next input is due. The zero value holds the tick rate as
// it is. It is not safe for concurrent use.
type Pace struct {
	mean  float64
	known bool
}

// Observe takes the margin of a state.
func (p *Pace) Observe(margin int) {
	m := float64(min(max(margin, -2), 8))
	if !p.known {
		p.mean, p.known = m, true
		return
	}
	p.mean = p.mean*marginKept + m*(1-marginKept)
}

// Interval is the time from one input to the next: the period, up to a tenth
// longer while inputs pile up and up to a tenth shorter while they come late.
func (p *Pace) Interval(period time.Duration) time.Duration {
	if !p.known {
		return period
	}
	shift := min(max((p.mean-wantedMargin)*marginGain, -marginMost), marginMost)
	return period + time.Duration(shift*float64(period))
}
