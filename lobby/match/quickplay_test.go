package match_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/lobby/match"
)

func TestChoose(t *testing.T) {
	old, young := time.Unix(1, 0), time.Unix(2, 0)
	running := match.Lobby{ID: "r", Phase: match.Running, People: 3, Max: 8, Late: true, Created: young}
	for name, test := range map[string]struct {
		lobbies []match.Lobby
		want    int
	}{
		"none":                    {nil, -1},
		"running takes late":      {[]match.Lobby{running}, 0},
		"running takes none":      {[]match.Lobby{{Phase: match.Running, People: 3, Max: 8}}, -1},
		"full":                    {[]match.Lobby{{Phase: match.Countdown, People: 8, Max: 8}}, -1},
		"waiting for its host":    {[]match.Lobby{{Phase: match.Waiting, People: 3, Max: 8}}, -1},
		"about to start":          {[]match.Lobby{{Phase: match.Waiting, People: 1, Max: 8, Instant: true}}, 0},
		"nobody came yet":         {[]match.Lobby{{Phase: match.Waiting, Max: 8, Instant: true}}, -1},
		"showing results":         {[]match.Lobby{{Phase: match.Other, People: 3, Max: 8, Late: true}}, -1},
		"company before nearness": {[]match.Lobby{{Phase: match.Countdown, People: 1, Max: 8, Near: true}, running}, 1},
		"nearness before age": {[]match.Lobby{
			{Phase: match.Countdown, People: 3, Max: 8, Created: old}, {Phase: match.Countdown, People: 3, Max: 8, Created: young, Near: true},
		}, 1},
		"age": {[]match.Lobby{running, {ID: "x", Phase: match.Countdown, People: 3, Max: 8, Created: old}}, 1},
	} {
		if got := match.Choose(test.lobbies); got != test.want {
			t.Errorf("%s: %d, want %d", name, got, test.want)
		}
	}
}

// The choice does not hang on the order in which the lobbies are given.
func TestChooseIsOrderless(t *testing.T) {
	var lobbies []match.Lobby
	for i := range 40 {
		lobbies = append(lobbies, match.Lobby{
			ID: string(rune('A' + i)), Phase: match.Phase(i % 4), People: i % 5, Max: 4 + i%3, Late: i%2 == 0,
			Instant: i%3 == 0, Near: i%7 < 3, Created: time.Unix(int64(i%6), 0),
		})
	}
	want := lobbies[match.Choose(lobbies)].ID
	r := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		r.Shuffle(len(lobbies), func(i, j int) { lobbies[i], lobbies[j] = lobbies[j], lobbies[i] })
		if got := lobbies[match.Choose(lobbies)].ID; got != want {
			t.Fatalf("%s in one order, %s in another", want, got)
		}
	}
}
