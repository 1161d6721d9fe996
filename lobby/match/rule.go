package match

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Rule is how the tickets of one mode are paired.
type Rule struct {
	Teams int // 0 or 1: everyone for itself
	Size  int // players a team; in all where there are no teams
	Min   int // the fewest people in all once FewAfter has gone by; 0: only full matches

	Gap       Curve         // how far apart a match's highest and lowest ticket may be, in points
	Ping      Curve         // how far away a region that is not the best one may be, in milliseconds
	Patience  time.Duration // from here on a ticket takes whoever is nearest
	FewAfter  time.Duration // from here on Min is enough
	BotsAfter time.Duration // from here on bots fill up; 0: never
}

// Curve is a bound that widens with waiting: From, and PerSecond more each
// second, up to Most.
type Curve struct{ From, PerSecond, Most int }

// At is the curve after waiting so long. It never falls.
func (c Curve) At(waited time.Duration) int {
	ms := min(max(waited.Milliseconds(), 0), math.MaxInt32)
	return int(min(int64(c.From)+int64(c.PerSecond)*ms/1000, int64(max(c.Most, c.From))))
}

// NewRule returns the rule that Sandlot has for teams of size: within 150
// points, 25 more each second, all after a minute; regions within 60 ms, 5 more
// each second; fewer people after 15 s, never bots.
func NewRule(teams, size int) Rule {
	return Rule{
		Teams: teams, Size: size,
		Gap:      Curve{From: 150, PerSecond: 25, Most: 1500},
		Ping:     Curve{From: 60, PerSecond: 5, Most: 250},
		Patience: time.Minute,
		FewAfter: 15 * time.Second,
	}
}

// Full is how many players a full match has.
func (r Rule) Full() int { return max(r.Teams, 1) * r.Size }

// The most that a Rule may ask for.
const (
	maxTeams  = 1000
	maxPeople = 1000
)

// Validate joins all faults of r in one error. Pair wants a rule without.
func (r Rule) Validate() error {
	var faults []error
	if r.Teams < 0 || r.Teams > maxTeams || r.Size < 1 || r.Size > maxPeople || r.Full() > maxPeople {
		faults = append(faults, fmt.Errorf("%d teams of %d: want at most %d players", r.Teams, r.Size, maxPeople))
	}
	if r.Min < 0 || r.Min > r.Full() {
		faults = append(faults, fmt.Errorf("a match of %d people: want 0 to %d", r.Min, r.Full()))
	}
	for _, c := range []Curve{r.Gap, r.Ping} {
		if c.From < 0 || c.PerSecond < 0 || max(c.From, c.PerSecond, c.Most) > math.MaxInt32 {
			faults = append(faults, fmt.Errorf("a curve from %d by %d must not fall", c.From, c.PerSecond))
		}
	}
	for _, d := range []time.Duration{r.Patience, r.FewAfter, r.BotsAfter} {
		if d < 0 {
			faults = append(faults, fmt.Errorf("a wait of %v is below 0", d))
		}
	}
	return errors.Join(faults...)
}
