package match_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/lobby/match"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// waiting is a ticket that waited so long, of players with those points.
func waiting(id string, seconds int, points ...int) match.Ticket {
	return match.Ticket{ID: id, Since: noon.Add(-time.Duration(seconds) * time.Second), Players: points}
}

// say writes a plan with the ids of its tickets.
func say(tickets []match.Ticket, p match.Plan) string {
	out := ""
	for _, f := range p.Fills {
		out += fmt.Sprintf("%s>%d.%d ", tickets[f.Ticket].ID, f.Room, f.Team)
	}
	for _, m := range p.Matches {
		out += m.Region + "["
		for i, team := range m.Teams {
			if i > 0 {
				out += "|"
			}
			for j, t := range team {
				if j > 0 {
					out += " "
				}
				out += tickets[t].ID
			}
		}
		if m.Bots > 0 {
			out += fmt.Sprintf("+%d", m.Bots)
		}
		out += "] "
	}
	if out == "" {
		return "-"
	}
	return out[:len(out)-1]
}

func near2(region string, ms int, more ...any) (out []match.Latency) {
	out = []match.Latency{{Region: region, MS: ms}}
	for i := 0; i+1 < len(more); i += 2 {
		out = append(out, match.Latency{Region: more[i].(string), MS: more[i+1].(int)})
	}
	return out
}

func TestPair(t *testing.T) {
	duel, twos, few := match.NewRule(0, 2), match.NewRule(2, 2), match.NewRule(0, 4)
	few.Min = 2
	botted := few
	botted.Min, botted.BotsAfter = 0, 20*time.Second
	fewTeams := match.NewRule(2, 3)
	fewTeams.Min = 2
	with := func(t match.Ticket, key string, l ...match.Latency) match.Ticket {
		t.Key, t.Latencies = key, l
		return t
	}
	tests := []struct {
		what    string
		rule    match.Rule
		tickets []match.Ticket
		want    string
	}{
		{"nobody", duel, nil, "-"},
		{"alone", duel, []match.Ticket{waiting("a", 99, 1500)}, "-"},
		{"nearest, not first", duel, []match.Ticket{waiting("a", 3, 1500), waiting("b", 2, 1600), waiting("c", 1, 1520)}, "[a c]"},
		{"too far yet", duel, []match.Ticket{waiting("a", 1, 1500), waiting("b", 1, 1700)}, "-"},
		{"near enough after a while", duel, []match.Ticket{waiting("a", 2, 1500), waiting("b", 2, 1700)}, "[a b]"},
		{"one's patience is not the other's", duel, []match.Ticket{waiting("a", 59, 1500), waiting("b", 0, 1700)}, "-"},
		{"past patience its own word counts", duel, []match.Ticket{waiting("a", 60, 1500), waiting("b", 0, 2700)}, "[a b]"},
		{"attributes", duel, []match.Ticket{with(waiting("a", 99, 1500), "x"), with(waiting("b", 99, 1500), "y"), with(waiting("c", 9, 1500), "x")}, "[a c]"},
		{"best region of the oldest", duel, []match.Ticket{
			with(waiting("a", 9, 1500), "", near2("eu", 20, "us", 90)...), with(waiting("b", 8, 1500), "", near2("us", 20, "eu", 95)...)}, "eu[a b]"},
		{"other region", duel, []match.Ticket{
			with(waiting("a", 9, 1500), "", near2("eu", 20, "us", 90)...), with(waiting("b", 0, 1500), "", near2("us", 20, "eu", 95)...)}, "us[a b]"},
		{"regions too far", duel, []match.Ticket{
			with(waiting("a", 99, 1500), "", near2("eu", 20, "us", 900)...), with(waiting("b", 99, 1500), "", near2("us", 20, "eu", 900)...)}, "-"},
		{"anywhere", duel, []match.Ticket{waiting("a", 0, 1500), with(waiting("b", 0, 1500), "", near2("us", 400, "eu", 90)...)}, "eu[a b]"},
		{"best teams", twos, []match.Ticket{waiting("a", 4, 1500), waiting("b", 3, 1510), waiting("c", 2, 1520), waiting("d", 1, 1530)}, "[a d|b c]"},
		{"party in one team", twos, []match.Ticket{waiting("a", 4, 1500), waiting("b", 3, 1500, 1520), waiting("c", 2, 1520)}, "[b|a c]"},
		{"party too large", twos, []match.Ticket{waiting("a", 99, 1500), waiting("b", 99, 1500, 1520, 1500)}, "-"},
		{"parties do not fit", match.NewRule(2, 3), []match.Ticket{waiting("a", 3, 1500, 1500), waiting("b", 2, 1500, 1500), waiting("c", 1, 1500, 1500)}, "-"},
		{"fewer, not yet", few, []match.Ticket{waiting("a", 14, 1500), waiting("b", 1, 1500)}, "-"},
		{"fewer", few, []match.Ticket{waiting("a", 15, 1500), waiting("b", 1, 1500), waiting("c", 1, 1501)}, "[a b c]"},
		{"fewer in equal teams", fewTeams, []match.Ticket{waiting("a", 15, 1500), waiting("b", 1, 1500), waiting("c", 1, 1501)}, "[a|b]"},
		{"bots", botted, []match.Ticket{waiting("a", 20, 1500), waiting("b", 1, 1500)}, "[a b+2]"},
		{"bots alone", botted, []match.Ticket{waiting("a", 20, 1500)}, "[a+3]"},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			if err := test.rule.Validate(); err != nil {
				t.Fatal(err)
			}
			if got := say(test.tickets, match.Pair(noon, test.rule, test.tickets, nil)); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			back := slices.Clone(test.tickets)
			slices.Reverse(back)
			if got := say(back, match.Pair(noon, test.rule, back, nil)); got != test.want {
				t.Errorf("backwards %s, want %s", got, test.want)
			}
		})
	}
}

func TestPairFillsRoomsFirst(t *testing.T) {
	rule := match.NewRule(2, 2)
	tickets := []match.Ticket{
		waiting("a", 9, 1500), waiting("b", 8, 1500, 1500), waiting("c", 7, 1500), waiting("d", 6, 2400), waiting("e", 70, 2400),
	}
	rooms := []match.Room{
		{ID: "young", Since: noon, Points: 1500, Free: []int{2, 2}},
		{ID: "old", Since: noon.Add(-time.Minute), Points: 1490, Free: []int{0, 1}},
		{ID: "other", Since: noon.Add(-time.Minute), Key: "other", Points: 1490, Free: []int{9}},
		{ID: "full", Since: noon.Add(-time.Minute), Points: 1490, Free: nil},
	}
	want := "a>1.1 b>0.0 c>0.1 e>0.1"
	if got := say(tickets, match.Pair(noon, rule, tickets, rooms)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestCurve(t *testing.T) {
	c := match.Curve{From: 100, PerSecond: 20, Most: 300}
	for _, test := range []struct {
		waited time.Duration
		want   int
	}{{-time.Hour, 100}, {0, 100}, {500 * time.Millisecond, 110}, {5 * time.Second, 200}, {10 * time.Second, 300}, {200 * 365 * 24 * time.Hour, 300}} {
		if got := c.At(test.waited); got != test.want {
			t.Errorf("after %v: %d, want %d", test.waited, got, test.want)
		}
	}
	if got := (match.Curve{From: 5, Most: 1}).At(time.Hour); got != 5 {
		t.Errorf("a curve fell to %d", got)
	}
}

func TestRuleValidate(t *testing.T) {
	bad := []match.Rule{
		{}, {Size: 1001}, {Teams: 40, Size: 40}, {Size: 4, Min: 5}, {Size: 2, Gap: match.Curve{From: -1}},
		{Size: 2, Ping: match.Curve{PerSecond: -1}}, {Size: 2, Patience: -1}, {Size: 2, BotsAfter: -1},
	}
	for _, r := range bad {
		if r.Validate() == nil {
			t.Errorf("%+v is allowed", r)
		}
	}
}

func TestAttributes(t *testing.T) {
	a := match.Attributes(map[string]string{"map": "lake", "crossplay": "yes"})
	if b := match.Attributes(map[string]string{"crossplay": "yes", "map": "lake"}); a != b || a == "" {
		t.Errorf("%q and %q", a, b)
	}
	if match.Attributes(nil) != "" {
		t.Error("no attributes have a key")
	}
	if match.Attributes(map[string]string{"a": `b";"c"="d`}) == match.Attributes(map[string]string{"a": "b", "c": "d"}) {
		t.Error("quotes blur attributes")
	}
}
