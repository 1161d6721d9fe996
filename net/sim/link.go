package sim

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// Link is what a network is like. The zero value is one without faults.
type Link struct {
	// Ping is the round trip, half of it in each direction, and Jitter how far
	// one may be off in either direction, evenly spread. Nothing overtakes.
	Ping, Jitter time.Duration
	// Loss is the share of packets that is lost, in each direction. One that is
	// lost comes a retransmission time later, and all behind it with it.
	Loss float64
	// Rate is in bytes a second, in each direction; 0 is unbounded.
	Rate int
	// Outage is how long nothing passes in either direction, about every
	// OutageEvery.
	Outage, OutageEvery time.Duration
	// Cut ends the connection after about so long, with an error on both sides.
	Cut time.Duration
	// Hang makes nothing pass any more after about so long, and tells nobody.
	Hang time.Duration
}

// "About" is from half to one and a half of the time given, evenly spread.

// Bounds of a link.
const (
	maxTime = time.Hour
	maxLoss = 0.5
	minRate = 64
	maxRate = 1 << 30
)

// minRTO is the least retransmission time beyond the round trip (Linux:
// TCP_RTO_MIN, 200 ms).
const minRTO = 200 * time.Millisecond

// rto is how long a first loss holds things up: the round trip and what a sender
// adds to it for its variation. Each further loss of the same packet doubles it
// (RFC 6298, section 5).
func (l Link) rto() time.Duration { return l.Ping + max(minRTO, 2*l.Jitter) }

// Perfect reports whether the link has no faults.
func (l Link) Perfect() bool { return l == Link{} }

// Breaks reports whether connections may well not survive the link.
func (l Link) Breaks() bool { return l.Cut > 0 || l.Hang > 0 || l.Outage > 0 || l.Rate > 0 }

// CutAfter is when a connection of that seed breaks, from its beginning; 0: never.
func (l Link) CutAfter(seed uint64) time.Duration {
	if l.Cut == 0 {
		return 0
	}
	return about(l.Cut, rand.New(rand.NewPCG(seed, streamCut)).Float64())
}

// Validate says what of the link is out of bounds.
func (l Link) Validate() error {
	for _, t := range []struct {
		name string
		d    time.Duration
	}{
		{"ping", l.Ping}, {"jitter", l.Jitter}, {"outage", l.Outage}, {"time between outages", l.OutageEvery},
		{"cut", l.Cut}, {"hang", l.Hang},
	} {
		if t.d < 0 || t.d > maxTime {
			return fmt.Errorf("%s of %v: from 0 to %v", t.name, t.d, maxTime)
		}
	}
	switch {
	case l.Jitter > l.Ping:
		return fmt.Errorf("jitter of %v is more than the ping of %v", l.Jitter, l.Ping)
	case !(l.Loss >= 0 && l.Loss <= maxLoss):
		return fmt.Errorf("loss of %v%%: from 0%% to %v%%", l.Loss*100, maxLoss*100)
	case l.Rate != 0 && (l.Rate < minRate || l.Rate > maxRate):
		return fmt.Errorf("rate of %d B/s: from %d B/s to %d MB/s", l.Rate, minRate, maxRate>>20)
	case (l.Outage > 0) != (l.OutageEvery > 0):
		return fmt.Errorf("an outage of %v every %v: both or none", l.Outage, l.OutageEvery)
	case l.OutageEvery > 0 && l.OutageEvery < 2*l.Outage:
		return fmt.Errorf("an outage of %v every %v: at most half of the time", l.Outage, l.OutageEvery)
	}
	return nil
}

// String is the text that Parse reads.
func (l Link) String() string {
	var parts []string
	add := func(format string, values ...any) { parts = append(parts, fmt.Sprintf(format, values...)) }
	switch {
	case l.Jitter > 0:
		add("%v±%v", l.Ping, l.Jitter)
	case l.Ping > 0 || l.Perfect():
		add("%v", l.Ping)
	}
	if l.Loss > 0 {
		add("%s%%", strconv.FormatFloat(l.Loss*100, 'f', -1, 64))
	}
	if l.Rate > 0 {
		add("%s", rateText(l.Rate))
	}
	if l.Outage > 0 {
		add("outage=%v/%v", l.Outage, l.OutageEvery)
	}
	if l.Cut > 0 {
		add("cut=%v", l.Cut)
	}
	if l.Hang > 0 {
		add("hang=%v", l.Hang)
	}
	return strings.Join(parts, ",")
}

func rateText(r int) string {
	for _, u := range rateUnits {
		if r%u.size == 0 {
			return strconv.Itoa(r/u.size) + u.name
		}
	}
	return strconv.Itoa(r) + "B/s"
}

// MarshalText implements encoding.TextMarshaler.
func (l Link) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler by Parse.
func (l *Link) UnmarshalText(text []byte) (err error) {
	*l, err = Parse(string(text))
	return err
}
