package match_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sandlot-server/sandlot/lobby/match"
)

var placing = time.Unix(1_700_000_000, 0)

func instances() *rapid.Generator[[]match.Instance] {
	one := rapid.Custom(func(t *rapid.T) match.Instance {
		until := time.Time{}
		if s := rapid.IntRange(-3, 8).Draw(t, "left"); s > -3 {
			until = placing.Add(time.Duration(s) * time.Second)
		}
		return match.Instance{
			Name: rapid.StringMatching("[a-e]{1,2}").Draw(t, "name"), Region: rapid.SampledFrom([]string{"", "eu", "us"}).Draw(t, "region"),
			Takes: rapid.Bool().Draw(t, "takes"), Load: rapid.Float64Range(0, 1).Draw(t, "load"),
			Lobbies: rapid.IntRange(0, 5).Draw(t, "lobbies"), Until: until,
		}
	})
	return rapid.SliceOfNDistinct(one, 0, 6, func(i match.Instance) string { return i.Name })
}

// Whom Place names takes the lobby, its word still counts, nobody in the wanted
// region was passed over, and nobody as good had less to do. The order in which
// instances are named does not matter.
func TestPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := instances().Draw(t, "instances")
		region := rapid.SampledFrom([]string{"", "eu", "us", "mars"}).Draw(t, "region")
		got := match.Place(placing, region, all)
		fit := func(i match.Instance) bool { return i.Takes && (i.Until.IsZero() || placing.Before(i.Until)) }
		if got < 0 {
			if slices.ContainsFunc(all, fit) {
				t.Fatal("one that takes it was passed over")
			}
			return
		}
		best := all[got]
		if !fit(best) {
			t.Fatalf("%+v does not take it", best)
		}
		for _, o := range all {
			if !fit(o) {
				continue
			}
			if region != "" && o.Region == region && best.Region != region {
				t.Fatalf("%+v is in the region, and %+v is not", o, best)
			}
			if region != "" && o.Region != best.Region {
				continue
			}
			if int(o.Load*10) < int(best.Load*10) || int(o.Load*10) == int(best.Load*10) && o.Lobbies < best.Lobbies {
				t.Fatalf("%+v has less to do than %+v", o, best)
			}
		}
		turned := slices.Clone(all)
		slices.Reverse(turned)
		if again := match.Place(placing, region, turned); turned[again].Name != best.Name {
			t.Fatalf("in another order it is %s, not %s", turned[again].Name, best.Name)
		}
	})
}

// Many at once do not all go to one instance, though its load is not yet told.
func TestPlaceSpreads(t *testing.T) {
	all := []match.Instance{{Name: "a", Takes: true, Load: 0.12}, {Name: "b", Takes: true, Load: 0.18}, {Name: "c", Takes: true, Load: 0.4}}
	for range 100 {
		all[match.Place(placing, "", all)].Lobbies++
	}
	if all[0].Lobbies != 50 || all[1].Lobbies != 50 || all[2].Lobbies != 0 {
		t.Errorf("placed %d, %d, %d", all[0].Lobbies, all[1].Lobbies, all[2].Lobbies)
	}
}
