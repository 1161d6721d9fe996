package match_test

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/sandlot-server/sandlot/lobby/match"
)

// golden is one match of testdata/openskill.json: rated by npm's openskill 5.0.1
// (Plackett-Luce, tau 25/300, all else its defaults).
type golden struct {
	Teams, Rated [][][2]float64
	Ranks        []int
	Chance       *float64
}

func TestRateAgreesWithOpenSkill(t *testing.T) {
	data, err := os.ReadFile("testdata/openskill.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []golden
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	for n, g := range all {
		teams := ratings(g.Teams)
		got := match.Rate(teams, g.Ranks)
		for i, team := range ratings(g.Rated) {
			for j, want := range team {
				if !near(got[i][j].Mu, want.Mu) || !near(got[i][j].Sigma, want.Sigma) {
					t.Errorf("match %d, team %d, player %d: %+v, want %+v", n, i, j, got[i][j], want)
				}
			}
		}
		if g.Chance != nil && !near(match.Chance(teams[0], teams[1]), *g.Chance) {
			t.Errorf("match %d: chance %v, want %v", n, match.Chance(teams[0], teams[1]), *g.Chance)
		}
	}
	if len(all) < 50 {
		t.Errorf("only %d matches", len(all))
	}
}

func ratings(teams [][][2]float64) [][]match.Rating {
	out := make([][]match.Rating, len(teams))
	for i, t := range teams {
		for _, p := range t {
			out[i] = append(out[i], match.Rating{Mu: p[0], Sigma: p[1]})
		}
	}
	return out
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(b)) }

func TestPoints(t *testing.T) {
	if p := match.NewRating().Points(); p != 1500 {
		t.Errorf("a new player has %d", p)
	}
	better := match.Rating{Mu: 25 + 250.0/60, Sigma: 0.1}
	if c := match.Chance([]match.Rating{better}, []match.Rating{{Mu: 25, Sigma: 0.1}}); c < 0.73 || c > 0.78 {
		t.Errorf("250 points more win %.2f", c)
	}
}

// Whatever is played, ratings stay numbers; who wins does not lose by it, and
// equal teams that draw stay where they are.
func TestRateHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		player := rapid.Custom(func(t *rapid.T) match.Rating {
			return match.Rating{Mu: rapid.Float64Range(-2500, 2500).Draw(t, "mu"), Sigma: rapid.Float64Range(1e-6, 80).Draw(t, "sigma")}
		})
		teams := rapid.SliceOfN(rapid.SliceOfN(player, 0, 6), 1, 12).Draw(t, "teams")
		ranks := rapid.SliceOfN(rapid.IntRange(1, 5), len(teams), len(teams)).Draw(t, "ranks")
		after := match.Rate(teams, ranks)
		for i, team := range teams {
			for j, p := range team {
				got := after[i][j]
				if math.IsNaN(got.Mu) || math.IsInf(got.Mu, 0) || !(got.Sigma > 0) || got.Sigma > math.Hypot(p.Sigma, 0.1) {
					t.Fatalf("%+v became %+v", p, got)
				}
				alone := slices.Max(ranks) == ranks[i] && slices.Index(ranks, ranks[i]) == i
				best := ranks[i] == slices.Min(ranks) && !slices.Contains(append(slices.Clone(ranks[:i]), ranks[i+1:]...), ranks[i])
				if best && got.Mu < p.Mu-1e-9 || alone && len(teams) == 1 && got.Mu != p.Mu {
					t.Fatalf("first of %v with %+v became %+v", ranks, p, got)
				}
			}
		}
	})
}
