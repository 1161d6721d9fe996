package arena_test

import (
	"fmt"
	"testing"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/arena"
	"github.com/sandlot-server/sandlot/game/gametest"
)

// bots is a match between n bots, each with a client of its own.
type bots struct {
	*gametest.Match
	players []game.Player
	brains  []game.Brain
}

func withBots(t testing.TB, n int, seed uint64, opts ...gametest.Option) *bots {
	t.Helper()
	b := &bots{Match: gametest.New(t, arena.New, append(opts, gametest.Seed(seed))...)}
	for i := range n {
		b.players = append(b.players, b.Join(fmt.Sprintf("bot %d", i)))
		b.brains = append(b.brains, arena.NewBrain(seed*100+uint64(i)))
	}
	b.Step(1)
	return b
}

// play lets the bots play a tick and says whether the match goes on.
func (b *bots) play() bool {
	if _, over := b.Result(); over {
		return false
	}
	for i, p := range b.players {
		var in arena.Input
		b.brains[i].Think(&game.View{Tick: b.Tick(), Me: p, Mirror: b.Mirror(p)}, &in)
		b.Input(p, in)
	}
	b.Step(1)
	return true
}

// A round among bots is a round: it ends by itself, with shots that hit, kills,
// deaths and pickups, and nobody stands about.
func TestBotsPlayARound(t *testing.T) {
	for _, c := range []struct{ bots, arena int }{{2, 1}, {4, 2}, {8, 3}, {16, 1}} {
		t.Run(fmt.Sprintf("%d on map %d", c.bots, c.arena), func(t *testing.T) {
			b := withBots(t, c.bots, 7, gametest.Setting("seconds", 90), gametest.Setting("map", int64(c.arena)))
			rules := b.Game().(*arena.Arena)
			var hits, kills, picked, fired int
			far := map[game.Player]int32{}
			was := map[game.ID]arena.Ship{}
			var newest game.ID
			for b.play() {
				for id, s := range rules.Shots.All() {
					if id > newest && s.Born == b.Tick() {
						newest = id
						fired++
					}
				}
				for id, s := range rules.Ships.All() {
					if w, ok := was[id]; ok {
						far[rules.Ships.Owner(id)] += max(s.X-w.X, w.X-s.X) + max(s.Y-w.Y, w.Y-s.Y)
					}
					was[id] = *s
				}
				for i, p := range b.players {
					for _, e := range b.Heard(p) {
						switch e := e.(type) {
						case *arena.Hit:
							if e.Shooter == p {
								hits++
							}
						case *arena.Killed:
							if i == 0 {
								kills++
							}
						case *arena.Picked:
							if i == 0 {
								picked++
							}
						}
					}
				}
			}
			r, over := b.Result()
			t.Logf("%d ticks: %d shots, %d hits, %d kills, %d pickups, result %v", b.Tick(), fired, hits, kills, picked, r.Places)
			if !over || len(r.Places) != c.bots {
				t.Fatalf("result %+v, over: %v", r, over)
			}
			if kills < c.bots || picked < c.bots || hits < 4*kills {
				t.Errorf("%d hits, %d kills, %d pickups: a dull round", hits, kills, picked)
			}
			for p, d := range far {
				if speed := d / int32(b.Tick()); speed < arena.TopSpeed/3 {
					t.Errorf("player %d did %d a tick on average: it stands about", p, speed)
				}
			}
		})
	}
}

// Bots of an easier level are worse: half as they are and half eased, the former
// have most of the score.
func TestBotsEased(t *testing.T) {
	score := func(level int) (better, eased int64) {
		for seed := range uint64(2) {
			b := withBots(t, 8, 20+seed, gametest.Setting("seconds", 90))
			for i, brain := range b.brains {
				if i%2 == 1 {
					brain.(game.Leveled).SetLevel(level)
				}
			}
			for b.play() {
			}
			r, _ := b.Result()
			for _, p := range r.Places {
				if (int(p.Player)-int(b.players[0]))%2 == 0 {
					better += p.Score
				} else {
					eased += p.Score
				}
			}
		}
		return better, eased
	}
	for level := 1; level <= 2; level++ {
		better, eased := score(level)
		t.Logf("level %d: %d to %d", level, better, eased)
		if better <= eased {
			t.Errorf("eased to level %d they score %d to the others' %d", level, eased, better)
		}
	}
}
