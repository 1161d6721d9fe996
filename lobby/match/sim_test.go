package match_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/lobby/match"
)

// What a simulated evening is: so many tickets, arriving by chance over half an
// hour with a rush in the middle, from three regions of unequal size; a quarter
// are parties; skill is normal. Matches are of two teams of four.
const (
	simTickets = 10_000
	simMinutes = 30
	simEvery   = 250 * time.Millisecond
)

func evening(seed uint64, n int) []match.Ticket {
	chance := rand.New(rand.NewPCG(seed, 7))
	all := make([]match.Ticket, n)
	for i := range all {
		at := chance.Float64()
		if chance.IntN(2) == 0 { // the rush
			at = min(max(0.5+chance.NormFloat64()*0.12, 0), 1)
		}
		skill := 1500 + chance.NormFloat64()*250
		players := []int{int(skill)}
		if chance.IntN(4) == 0 {
			for range 1 + chance.IntN(3) {
				players = append(players, int(skill+chance.NormFloat64()*80))
			}
		}
		all[i] = match.Ticket{
			ID: fmt.Sprintf("t%06d", i), Since: noon.Add(time.Duration(at * simMinutes * float64(time.Minute))),
			Players: players, Latencies: home(chance),
		}
	}
	slices.SortFunc(all, func(a, b match.Ticket) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// home is where somebody plays: half in the first region, the others beyond.
func home(chance *rand.Rand) []match.Latency {
	at := chance.IntN(4) / 2 * (1 + chance.IntN(2))
	out := make([]match.Latency, len(regions))
	for i, r := range regions {
		out[i] = match.Latency{Region: r, MS: 15 + chance.IntN(40) + 85*abs(i-at)}
	}
	return out
}

func abs(n int) int { return max(n, -n) }

// table is what comes of an evening under one way of pairing.
type table struct {
	matches, left   int
	p50, p95, worst time.Duration // of waiting
	spread, widest  int           // highest less lowest ticket of a match: median, 95 %
	unfair          float64       // how far from even the better team's chance is, mean
	ping            int           // 95 %, of the match's region
}

func (s table) String() string {
	return fmt.Sprintf("matches %d, left %d, wait p50 %v p95 %v max %v, spread p50 %d p95 %d, better team wins %.1f %%, ping p95 %d ms",
		s.matches, s.left, s.p50.Round(10*time.Millisecond), s.p95.Round(10*time.Millisecond), s.worst.Round(10*time.Millisecond), s.spread, s.widest, 50+100*s.unfair, s.ping)
}

type pairer func(time.Time, match.Rule, []match.Ticket, []match.Room) match.Plan

// simulate lets tickets arrive and pairs those that wait each interval.
func simulate(all []match.Ticket, rule match.Rule, pair pairer) table {
	var waiting []match.Ticket
	var waits []time.Duration
	var spreads, pings []int
	var unfair float64
	next := 0
	for now := noon; now.Before(noon.Add((simMinutes + 3) * time.Minute)); now = now.Add(simEvery) {
		for next < len(all) && !all[next].Since.After(now) {
			waiting = append(waiting, all[next])
			next++
		}
		plan := pair(now, rule, waiting, nil)
		if len(plan.Matches) == 0 {
			continue
		}
		gone := map[int]bool{}
		for _, m := range plan.Matches {
			low, high := math.MaxInt, math.MinInt
			for _, team := range m.Teams {
				for _, i := range team {
					gone[i] = true
					k := waiting[i]
					waits = append(waits, now.Sub(k.Since))
					low, high = min(low, points(k)), max(high, points(k))
					for _, l := range k.Latencies {
						if l.Region == m.Region {
							pings = append(pings, l.MS)
						}
					}
				}
			}
			spreads = append(spreads, high-low)
			unfair += math.Abs(match.Chance(team(waiting, m.Teams[0]), team(waiting, m.Teams[1])) - 0.5)
		}
		rest := waiting[:0]
		for i, k := range waiting {
			if !gone[i] {
				rest = append(rest, k)
			}
		}
		waiting = rest
	}
	slices.Sort(waits)
	slices.Sort(spreads)
	slices.Sort(pings)
	return table{
		matches: len(spreads), left: len(waiting), p50: part(waits, 0.5), p95: part(waits, 0.95), worst: part(waits, 1),
		spread: part(spreads, 0.5), widest: part(spreads, 0.95), unfair: unfair / float64(max(len(spreads), 1)), ping: part(pings, 0.95),
	}
}

func part[T any](sorted []T, q float64) (none T) {
	if len(sorted) == 0 {
		return none
	}
	return sorted[int(q*float64(len(sorted)-1))]
}

// team is tickets as certain ratings.
func team(waiting []match.Ticket, tickets []int) (out []match.Rating) {
	for _, i := range tickets {
		for _, p := range waiting[i].Players {
			out = append(out, match.Certain(p))
		}
	}
	return out
}

// firstCome is what pairing is measured against: whoever comes next, in the
// region that the first of them likes best, each party to the emptier team.
func firstCome(_ time.Time, rule match.Rule, tickets []match.Ticket, _ []match.Room) (plan match.Plan) {
	teams, free := [][]int{nil, nil}, []int{rule.Size, rule.Size}
	region := ""
	for i, k := range tickets {
		at := 0
		if free[1] > free[0] {
			at = 1
		}
		if free[at] < len(k.Players) {
			continue // waits for the next match
		}
		if free[0]+free[1] == rule.Full() && len(k.Latencies) > 0 {
			region = slices.MinFunc(k.Latencies, func(a, b match.Latency) int { return a.MS - b.MS }).Region
		}
		free[at] -= len(k.Players)
		teams[at] = append(teams[at], i)
		if free[0]+free[1] == 0 {
			plan.Matches = append(plan.Matches, match.Match{Region: region, Teams: teams})
			teams, free = [][]int{nil, nil}, []int{rule.Size, rule.Size}
		}
	}
	return plan
}

// An evening is paired fairly: nobody is left, and matches are closer and nearer
// than first come, first served makes of the same arrivals.
func TestEvening(t *testing.T) {
	all := evening(1, simTickets)
	rule := match.NewRule(2, 4)
	ours, theirs := simulate(all, rule, match.Pair), simulate(all, rule, firstCome)
	t.Logf("%d tickets in %d minutes\n  paired:     %v\n  first come: %v", simTickets, simMinutes, ours, theirs)
	if again := simulate(all, rule, match.Pair); again != ours {
		t.Errorf("the same evening came out as %v", again)
	}
	if ours.left > 2*rule.Full() {
		t.Errorf("%d tickets are left", ours.left)
	}
	if 2*ours.spread > theirs.spread || ours.unfair > theirs.unfair/2 || ours.ping > theirs.ping {
		t.Errorf("no better than first come")
	}
	if ours.worst > rule.Patience+3*time.Minute {
		t.Errorf("somebody waited %v", ours.worst)
	}
}

// BenchmarkEvening reports what TestEvening logs.
func BenchmarkEvening(b *testing.B) {
	all := evening(1, simTickets)
	rule := match.NewRule(2, 4)
	for _, way := range []struct {
		name string
		pair pairer
	}{{"paired", match.Pair}, {"firstcome", firstCome}} {
		b.Run(way.name, func(b *testing.B) {
			var s table
			for b.Loop() {
				s = simulate(all, rule, way.pair)
			}
			b.ReportMetric(s.p50.Seconds(), "wait-p50-s")
			b.ReportMetric(s.p95.Seconds(), "wait-p95-s")
			b.ReportMetric(float64(s.spread), "spread-p50")
			b.ReportMetric(float64(s.widest), "spread-p95")
			b.ReportMetric(100*s.unfair, "unfair-%")
			b.ReportMetric(float64(s.ping), "ping-p95-ms")
		})
	}
}

// BenchmarkPair pairs tickets that all wait already, in one call. The interval
// that it must keep within is 250 ms, with 100,000 tickets on one core. The
// hopeless are parties that fit with nobody, the worst there is.
func BenchmarkPair(b *testing.B) {
	for _, bench := range []struct {
		name    string
		rule    match.Rule
		n       int
		parties []int // sizes, in turn; nil: as of an evening
	}{
		{"fours/1000", match.NewRule(2, 4), 1_000, nil},
		{"fours/100000", match.NewRule(2, 4), 100_000, nil},
		{"duels/100000", match.NewRule(0, 2), 100_000, nil},
		{"crowd/100000", match.NewRule(0, 64), 100_000, nil},
		{"hopeless/2x5/100000", match.NewRule(2, 5), 100_000, []int{3}},
		{"hopeless/3x4/100000", match.NewRule(3, 4), 100_000, []int{3}},
		{"hopeless/2x500/10000", match.NewRule(2, 500), 10_000, []int{334}},
		{"hopeless/50x20/20000", match.NewRule(50, 20), 20_000, []int{11}},
		{"hopeless/50x20/mixed/20000", match.NewRule(50, 20), 20_000, []int{11, 12, 13, 14, 15, 16}},
		{"hopeless/300x3/100000", match.NewRule(300, 3), 100_000, []int{2}},
		{"pairs/500x2/100000", match.NewRule(500, 2), 100_000, []int{2}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			all := evening(3, bench.n)
			for i := range all {
				if bench.parties != nil {
					all[i].Players = slices.Repeat([]int{1500 + i%500}, bench.parties[i%len(bench.parties)])
				}
			}
			rand.New(rand.NewPCG(1, 1)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			now := noon.Add((simMinutes + 2) * time.Minute)
			b.ReportAllocs()
			for b.Loop() {
				match.Pair(now, bench.rule, all, nil)
			}
		})
	}
}
