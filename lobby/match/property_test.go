package match_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sandlot-server/sandlot/lobby/match"
)

var regions = []string{"ap", "eu", "us"}

// drawRule draws any rule of a few players.
func drawRule(t *rapid.T) match.Rule {
	r := match.NewRule(rapid.SampledFrom([]int{0, 2, 3}).Draw(t, "teams"), rapid.IntRange(1, 5).Draw(t, "size"))
	r.Min = rapid.IntRange(0, r.Full()).Draw(t, "min")
	r.BotsAfter = time.Duration(rapid.IntRange(0, 40).Draw(t, "bots after")) * time.Second
	return r
}

func drawTicket(t *rapid.T, n int) match.Ticket {
	k := match.Ticket{
		ID:      fmt.Sprintf("t%03d", n),
		Since:   noon.Add(-time.Duration(rapid.IntRange(-1, 90).Draw(t, "waited")) * time.Second),
		Key:     rapid.SampledFrom([]string{"", "", "", "x"}).Draw(t, "key"),
		Players: rapid.SliceOfN(rapid.IntRange(1000, 2000), 1, 4).Draw(t, "players"),
	}
	for _, region := range regions {
		if rapid.Bool().Draw(t, region) {
			k.Latencies = append(k.Latencies, match.Latency{Region: region, MS: rapid.IntRange(1, 400).Draw(t, "ms")})
		}
	}
	return k
}

func drawRoom(t *rapid.T, r match.Rule, n int) match.Room {
	teams := max(r.Teams, 1)
	return match.Room{
		ID: fmt.Sprintf("r%d", n), Since: noon.Add(-time.Duration(rapid.IntRange(0, 9).Draw(t, "age")) * time.Second),
		Region: rapid.SampledFrom(regions).Draw(t, "home"), Points: rapid.IntRange(1000, 2000).Draw(t, "points"),
		Free: rapid.SliceOfN(rapid.IntRange(0, 2), teams, teams).Draw(t, "free"),
	}
}

// Whatever waits, a plan keeps the rule: nobody twice, parties whole, teams of
// their size, one key, a region that everyone takes, nobody in a match that is
// wider than it accepts.
func TestPlansKeepTheRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rule := drawRule(t)
		var tickets []match.Ticket
		for n := range rapid.IntRange(0, 60).Draw(t, "tickets") {
			tickets = append(tickets, drawTicket(t, n))
		}
		var rooms []match.Room
		for n := range rapid.IntRange(0, 3).Draw(t, "rooms") {
			rooms = append(rooms, drawRoom(t, rule, n))
		}
		plan := match.Pair(noon, rule, tickets, rooms)
		used := map[int]bool{}
		checkFills(t, tickets, slices.Clone(rooms), plan, used)
		for _, m := range plan.Matches {
			checkMatch(t, rule, tickets, m, used)
		}

		shuffled := rapid.Permutation(tickets).Draw(t, "shuffled")
		turned := slices.Clone(rooms)
		slices.Reverse(turned)
		if a, b := named(tickets, rooms, plan), named(shuffled, turned, match.Pair(noon, rule, shuffled, turned)); !reflect.DeepEqual(a, b) {
			t.Fatalf("another order, another plan:\n%v\n%v", a, b)
		}
	})
}

// named is a plan by ids.
func named(tickets []match.Ticket, rooms []match.Room, p match.Plan) (out []string) {
	for _, f := range p.Fills {
		out = append(out, fmt.Sprint(tickets[f.Ticket].ID, rooms[f.Room].ID, f.Team))
	}
	p.Fills = nil
	return append(out, say(tickets, p))
}

func checkFills(t *rapid.T, tickets []match.Ticket, rooms []match.Room, plan match.Plan, used map[int]bool) {
	for _, f := range plan.Fills {
		k, room := tickets[f.Ticket], &rooms[f.Room]
		room.Free = slices.Clone(room.Free)
		room.Free[f.Team] -= len(k.Players)
		if used[f.Ticket] || room.Free[f.Team] < 0 || k.Key != room.Key {
			t.Fatalf("%+v does not fit into %+v", k, room)
		}
		used[f.Ticket] = true
	}
}

func checkMatch(t *rapid.T, rule match.Rule, tickets []match.Ticket, m match.Match, used map[int]bool) {
	var all []match.Ticket
	largest, people := 0, 0
	for _, team := range m.Teams {
		n := 0
		for _, i := range team {
			if used[i] {
				t.Fatalf("%s is matched twice", tickets[i].ID)
			}
			used[i] = true
			n += len(tickets[i].Players)
			all = append(all, tickets[i])
		}
		largest, people = max(largest, n), people+n
	}
	teams := max(rule.Teams, 1)
	switch {
	case len(m.Teams) != teams || largest > rule.Size:
		t.Fatalf("teams %v", m.Teams)
	case m.Bots == 0 && people != largest*teams, m.Bots > 0 && people+m.Bots != rule.Full():
		t.Fatalf("%d people and %d bots in %v", people, m.Bots, m.Teams)
	}
	eldest := slices.MinFunc(all, func(a, b match.Ticket) int { return a.Since.Compare(b.Since) })
	waited := noon.Sub(eldest.Since)
	if people < rule.Full() && m.Bots == 0 && (waited < rule.FewAfter || people < rule.Min) || m.Bots > 0 && (rule.BotsAfter == 0 || waited < rule.BotsAfter) {
		t.Fatalf("%d people and %d bots after %v", people, m.Bots, waited)
	}
	low, high := points(all[0]), points(all[0])
	for _, k := range all {
		low, high = min(low, points(k)), max(high, points(k))
		if k.Key != all[0].Key || !takes(rule, k, m.Region) {
			t.Fatalf("%+v does not want %+v", k, m)
		}
	}
	for _, k := range all {
		if waited < rule.Patience && high-low > rule.Gap.At(noon.Sub(k.Since)) {
			t.Fatalf("%+v is in a match %d wide", k, high-low)
		}
	}
}

func points(k match.Ticket) (sum int) {
	for _, p := range k.Players {
		sum += p
	}
	return sum / len(k.Players)
}

func takes(rule match.Rule, k match.Ticket, region string) bool {
	if len(k.Latencies) == 0 {
		return true
	}
	best := slices.MinFunc(k.Latencies, func(a, b match.Latency) int { return a.MS - b.MS }).MS
	return slices.ContainsFunc(k.Latencies, func(l match.Latency) bool {
		return l.Region == region && (l.MS == best || l.MS <= rule.Ping.At(noon.Sub(k.Since)))
	})
}

// The oldest ticket, past its patience, is in a match whenever enough single
// players that could play with it wait, whatever their ratings are.
func TestOldestIsNeverPassedOver(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rule := drawRule(t)
		old := drawTicket(t, 0)
		old.Since = noon.Add(-rule.Patience - time.Hour)
		old.Players = old.Players[:min(len(old.Players), rule.Size)]
		tickets := []match.Ticket{old}
		for n := range rapid.IntRange(0, 40).Draw(t, "others") {
			tickets = append(tickets, drawTicket(t, n+1))
		}
		for n := range rule.Full() {
			k := drawTicket(t, 1000+n)
			k.Key, k.Latencies, k.Players = old.Key, old.Latencies, k.Players[:1]
			tickets = append(tickets, k)
		}
		for _, m := range match.Pair(noon, rule, tickets, nil).Matches {
			for _, team := range m.Teams {
				if slices.Contains(team, 0) {
					return
				}
			}
		}
		t.Fatal("the oldest is left")
	})
}

// Nothing that waits is left when time goes on: what could ever be matched is,
// once its patience is over.
func TestNothingStarves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rule := match.NewRule(rapid.SampledFrom([]int{0, 2}).Draw(t, "teams"), rapid.IntRange(1, 4).Draw(t, "size"))
		var tickets []match.Ticket
		for n := range rapid.IntRange(0, 40).Draw(t, "tickets") {
			k := drawTicket(t, n)
			k.Key, k.Players, k.Latencies = "", k.Players[:1], nil
			tickets = append(tickets, k)
		}
		for now := noon; now.Before(noon.Add(2 * time.Minute)); now = now.Add(10 * time.Second) {
			plan := match.Pair(now, rule, tickets, nil)
			gone := map[int]bool{}
			for _, m := range plan.Matches {
				for _, team := range m.Teams {
					for _, i := range team {
						gone[i] = true
					}
				}
			}
			var rest []match.Ticket
			for i, k := range tickets {
				if !gone[i] {
					rest = append(rest, k)
				}
			}
			tickets = rest
		}
		if len(tickets) >= rule.Full() {
			t.Fatalf("%d of a match of %d are left", len(tickets), rule.Full())
		}
	})
}
