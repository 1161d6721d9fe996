package cmd

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sandlot-server/sandlot/lobby/match"
	"github.com/sandlot-server/sandlot/net/client"
)

// ticketCount is what became of all bots' tickets. Safe for concurrent use.
type ticketCount struct {
	met, open, lost, expired, asks atomic.Int64

	mu      sync.Mutex
	waits   []float64                // ms
	spreads map[string]int           // by lobby
	sides   map[string]map[int][]int // points by lobby and team; where there are none each is one
	matches map[string]bool
}

func (t *ticketCount) matched(k *client.Ticket, waited time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.waits = append(t.waits, float64(waited.Microseconds())/1000)
	if t.spreads == nil {
		t.spreads, t.sides = map[string]int{}, map[string]map[int][]int{}
	}
	t.spreads[k.Lobby] = k.Spread
	sides := t.sides[k.Lobby]
	if sides == nil {
		sides = map[int][]int{}
		t.sides[k.Lobby] = sides
	}
	side := -len(sides) - 1
	if len(k.Seats) > 0 && k.Seats[0].Team > 0 {
		side = k.Seats[0].Team
	}
	sides[side] = append(sides[side], k.Rating)
}

// match counts a match once, whoever of those in it tells first.
func (t *ticketCount) match(count *atomic.Int64, lobby string, number uint32) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.matches == nil {
		t.matches = map[string]bool{}
	}
	if name := fmt.Sprint(lobby, "/", number); !t.matches[name] {
		t.matches[name] = true
		count.Add(1)
	}
}

// ticketReport is the part of the report that --queue adds.
type ticketReport struct {
	Matched   int   `json:"matched"`
	Lost      int64 `json:"lost"`
	Expired   int64 `json:"expired"`
	Open      int64 `json:"open"`
	Asks      int64 `json:"asks"`
	Wait      parts `json:"waitMs"`
	Spread    parts `json:"spreadPoints"`
	Favourite parts `json:"favourite"`
}

type parts struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
	Max float64 `json:"max"`
}

// partsOf sorts all.
func partsOf(all []float64) parts {
	if len(all) == 0 {
		return parts{}
	}
	slices.Sort(all)
	at := func(q float64) float64 { return all[int(q*float64(len(all)-1))] }
	return parts{at(0.5), at(0.95), at(1)}
}

// report is how many bots got into a match at all, and what the tickets say.
func (t *ticketCount) report() (met int, r *ticketReport) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r = &ticketReport{
		Matched: len(t.waits), Lost: t.lost.Load(), Expired: t.expired.Load(), Open: t.open.Load(), Asks: t.asks.Load(), Wait: partsOf(t.waits),
	}
	var spreads, favourites []float64
	for lobby, s := range t.spreads {
		spreads = append(spreads, float64(s))
		if chance, ok := favourite(t.sides[lobby]); ok {
			favourites = append(favourites, chance)
		}
	}
	r.Spread, r.Favourite = partsOf(spreads), partsOf(favourites)
	return int(t.met.Load()), r
}

// favourite is the chance that the strongest side of a match beats the weakest,
// as far as its players' points tell; false of less than two sides.
func favourite(sides map[int][]int) (chance float64, ok bool) {
	var strongest, weakest []match.Rating
	high, low := 0, 0
	for _, points := range sides {
		side, sum := make([]match.Rating, len(points)), 0
		for i, p := range points {
			side[i] = match.Certain(p)
			sum += p
		}
		if mean := sum / len(points); strongest == nil {
			strongest, weakest, high, low = side, side, mean, mean
		} else if mean > high {
			strongest, high = side, mean
		} else if mean <= low {
			weakest, low = side, mean
		}
	}
	if len(sides) < 2 {
		return 0, false
	}
	return match.Chance(strongest, weakest), true
}
