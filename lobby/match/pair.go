package match

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"strings"
	"time"
)

// Plan is what Pair decided. Tickets and rooms are named by their indexes in its
// arguments; no ticket is there twice.
type Plan struct {
	Fills   []Fill  // into running lobbies
	Matches []Match // new ones, the one of the oldest ticket first
}

// Fill puts a ticket into a room.
type Fill struct {
	Ticket, Room int
	Team         int // from 0; 0 where there are no teams
}

// Match is a new one.
type Match struct {
	Region string  // "" if it may be anywhere
	Teams  [][]int // tickets a team, older ones first; one team where there are none
	Bots   int     // so many fill it up
}

// How much one call does.
const (
	maxTickets  = 1 << 20
	maxRegions  = 64
	looks       = 64      // a ticket looks at so many others,
	looksAPlace = 8       // and at so many more for each place
	allLooks    = 5 << 19 // of all tickets together
	longLooks   = 1 << 19 // of those past their patience, beyond that
	packsALook  = 32      // teams that are looked at while packing cost as much as one ticket
)

const wide = math.MaxInt32 // a width that holds everything

// Pair puts waiting tickets into rooms and new matches at now. It reads no clock
// and takes no lock; the same tickets and rooms give the same plan, in whatever
// order they come (then with other indexes). The rule must be valid.
func Pair(now time.Time, r Rule, tickets []Ticket, rooms []Room) Plan {
	p := &pairing{rule: r, tickets: tickets, rooms: rooms, left: allLooks, long: longLooks}
	p.pair(now)
	return p.plan
}

func (p *pairing) pair(now time.Time) {
	p.rule.Teams = max(p.rule.Teams, 1)
	p.full = p.rule.Full()
	p.sortByAge(now)
	p.nameRegions()
	p.admit(now)
	p.link()
	p.fillRooms()
	p.seeds(now)
}

// seeds lets tickets look for their matches, the oldest first. If those are so
// many and so hard to place that looks run short, the last quarter is for some of
// the others, in each call from another one on: so they cannot starve behind
// tickets that nothing fits.
func (p *pairing) seeds(now time.Time) {
	next, fair := 0, p.left/4
	for ; next < len(p.entries) && p.left > fair; next++ {
		p.start(int32(next))
	}
	rest := len(p.entries) - next
	if rest == 0 {
		return
	}
	first := int(uint64(now.UnixMilli()) * 0x9e3779b97f4a7c15 >> 32 % uint64(rest))
	for i := 0; i < rest && p.left > 0; i++ {
		p.start(int32(next + (first+i)%rest))
	}
	for seed := next; seed < len(p.entries) && p.entries[seed].patient && p.long > 0; seed++ {
		p.start(int32(seed))
	}
}

// pairing is one call of Pair.
type pairing struct {
	rule    Rule
	full    int
	tickets []Ticket
	rooms   []Room
	plan    Plan

	ages    []age   // the tickets, oldest first
	entries []entry // the same, oldest first: an entry's index is its age
	regions []string
	region  map[string]int // the index of one
	keys    map[string]int32
	lists   lists

	left, long int // looks that are left
	found      []int32
	teams      teams
	best       []Latency // of the seed
}

// entry is a ticket as the search sees it.
type entry struct {
	ticket  int32
	size    int32
	points  int32 // the mean
	width   int32 // how far apart its match may be
	key     int32
	first   int32  // where its slots are named
	in      uint64 // regions that are good enough
	waited  time.Duration
	patient bool // past its patience
	taken   bool
}

type age struct {
	since  int64
	ticket int32
}

func (p *pairing) sortByAge(now time.Time) {
	p.ages = make([]age, len(p.tickets))
	for i := range p.tickets {
		p.ages[i] = age{p.tickets[i].Since.Sub(now).Nanoseconds(), int32(i)}
	}
	slices.SortFunc(p.ages, func(a, b age) int {
		if a.since != b.since {
			return cmp.Compare(a.since, b.since)
		}
		return strings.Compare(p.tickets[a.ticket].ID, p.tickets[b.ticket].ID)
	})
	if len(p.ages) > maxTickets {
		p.ages = p.ages[:maxTickets]
	}
}

// nameRegions numbers the regions that tickets or rooms name, by name.
func (p *pairing) nameRegions() {
	p.region = map[string]int{}
	for i := range p.tickets {
		for _, l := range p.tickets[i].Latencies {
			if _, known := p.region[l.Region]; !known {
				p.region[l.Region] = 0
				p.regions = append(p.regions, l.Region)
			}
		}
	}
	for i := range p.rooms {
		if r := p.rooms[i].Region; len(p.regions) > 0 || r != "" {
			if _, known := p.region[r]; !known {
				p.region[r] = 0
				p.regions = append(p.regions, r)
			}
		}
	}
	if len(p.regions) == 0 {
		p.regions, p.region[""] = []string{""}, 0
	}
	slices.Sort(p.regions)
	p.regions = p.regions[:min(len(p.regions), maxRegions)]
	clear(p.region)
	for i, r := range p.regions {
		p.region[r] = i
	}
}

// admit makes the entries.
func (p *pairing) admit(now time.Time) {
	p.entries = make([]entry, 0, len(p.ages))
	p.keys = map[string]int32{}
	for _, a := range p.ages {
		t := &p.tickets[a.ticket]
		if len(t.Players) == 0 || len(t.Players) > p.rule.Size {
			continue // could never play
		}
		key, known := p.keys[t.Key]
		if !known {
			key = int32(len(p.keys))
			p.keys[t.Key] = key
		}
		e := entry{ticket: a.ticket, size: int32(len(t.Players)), key: key, waited: max(now.Sub(t.Since), 0)}
		sum := 0
		for _, points := range t.Players {
			sum += points
		}
		e.points = int32(min(max(sum/len(t.Players), -maxPoints), maxPoints))
		e.width = int32(p.rule.Gap.At(e.waited))
		if e.patient = e.waited >= p.rule.Patience; e.patient {
			e.width = wide
		}
		e.in = p.reach(t, p.rule.Ping.At(e.waited))
		p.entries = append(p.entries, e)
	}
}

// maxPoints is the furthest from 0 that points count.
const maxPoints = 1<<19 - 1

// reach says which regions are within bound of t, its best ones among them.
func (p *pairing) reach(t *Ticket, bound int) (in uint64) {
	least := math.MaxInt
	for _, l := range t.Latencies {
		if _, known := p.region[l.Region]; known {
			least = min(least, l.MS)
		}
	}
	for _, l := range t.Latencies {
		if i, known := p.region[l.Region]; known && l.MS <= max(bound, least) {
			in |= 1 << i
		}
	}
	if in == 0 {
		return 1<<len(p.regions) - 1
	}
	return in
}

// start looks for the match of one ticket: full in any of its regions, then what
// it has waited for long enough, in the region with most people.
func (p *pairing) start(seed int32) {
	s := &p.entries[seed]
	if s.taken {
		return
	}
	people, where := 0, -1
	for region := range p.inOrder(s) {
		n := p.gather(seed, region)
		if n == p.full {
			p.make(region, p.rule.Size)
			return
		}
		if n > people {
			people, where = n, region
		}
	}
	few := p.rule.Min > 0 && s.waited >= p.rule.FewAfter && people >= p.rule.Min
	bots := p.rule.BotsAfter > 0 && s.waited >= p.rule.BotsAfter
	if where < 0 || !few && !bots {
		return
	}
	p.gather(seed, where)
	if bots {
		p.make(where, p.rule.Size)
		return
	}
	if size := p.shrink(); size > 0 {
		p.make(where, size)
	}
}

// inOrder goes through the regions that are good enough for an entry, the best
// first.
func (p *pairing) inOrder(e *entry) func(func(int) bool) {
	return func(yield func(int) bool) {
		t := &p.tickets[e.ticket]
		if len(t.Latencies) < 2 || bits.OnesCount64(e.in) == 1 {
			for in := e.in; in != 0; in &= in - 1 {
				if !yield(bits.TrailingZeros64(in)) {
					return
				}
			}
			return
		}
		p.best = append(p.best[:0], t.Latencies...)
		slices.SortFunc(p.best, func(a, b Latency) int {
			return cmp.Or(cmp.Compare(a.MS, b.MS), strings.Compare(a.Region, b.Region))
		})
		done := uint64(0)
		for _, l := range p.best {
			i, known := p.region[l.Region]
			if !known || e.in&^done&(1<<i) == 0 {
				continue
			}
			done |= 1 << i
			if !yield(i) {
				return
			}
		}
		for in := e.in &^ done; in != 0; in &= in - 1 {
			if !yield(bits.TrailingZeros64(in)) {
				return
			}
		}
	}
}
