package match

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// hopeless is tickets of parties that leave places which nobody can take.
func hopeless(n, size int, now time.Time, waited time.Duration) []Ticket {
	all := make([]Ticket, n)
	for i := range all {
		players := make([]int, size)
		for j := range players {
			players[j] = 1500 + i%700
		}
		all[i] = Ticket{ID: fmt.Sprint(i), Since: now.Add(-waited - time.Duration(i)*time.Microsecond), Players: players}
	}
	return all
}

// However hopeless what waits is, one call does no more than so much.
func TestHopelessPartiesCostNoMoreThanTheBound(t *testing.T) {
	now := time.Unix(1e9, 0)
	rapid.Check(t, func(r *rapid.T) {
		size := rapid.IntRange(3, 12).Draw(r, "size")
		count := rapid.IntRange(2, 10).Draw(r, "teams")
		party := rapid.IntRange(size/2+1, size-1).Draw(r, "party")
		all := hopeless(rapid.IntRange(20, 500).Draw(r, "tickets"), party, now, time.Duration(rapid.IntRange(0, 90).Draw(r, "waited"))*time.Second)
		left, long := 1<<rapid.IntRange(8, 16).Draw(r, "looks"), 1<<12
		p := &pairing{rule: NewRule(count, size), tickets: all, left: left, long: long}
		p.pair(now)
		if len(p.plan.Matches) > 0 {
			r.Fatalf("%d matches", len(p.plan.Matches))
		}
		// Linear in the tickets until the bound is met, but for those past their
		// patience; the packing of one of them may be under way then.
		each := looks + looksAPlace*p.full + count*count
		most := min(left, each*len(all)) + each
		if now.Sub(all[len(all)-1].Since) >= p.rule.Patience {
			most = left + long + each
		}
		if spent := left - p.left; spent > most {
			r.Fatalf("%d looks at %d tickets, want at most %d", spent, len(all), most)
		}
		if p.long < -1 {
			r.Fatalf("%d long looks too many", -p.long)
		}
	})
}

// Tickets that fit are matched, though far more that do not came before.
func TestNobodyStarvesBehindTheHopeless(t *testing.T) {
	now := time.Unix(1e9, 0)
	all := hopeless(2_000, 3, now, 10*time.Second)
	for i := range 20 { // far from all others in rating, and younger
		all = append(all, Ticket{ID: fmt.Sprint("late", i), Since: now.Add(-time.Second), Players: []int{4000 + i}})
	}
	for calls := 1; ; calls++ {
		p := &pairing{rule: NewRule(2, 5), tickets: all, left: 1 << 14, long: 1 << 10}
		p.pair(now)
		if len(p.plan.Matches) > 0 {
			t.Logf("matched in call %d", calls)
			return
		}
		if calls == 500 {
			t.Fatal("they are never matched")
		}
		now = now.Add(250 * time.Millisecond)
	}
}
