package session_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/arena"
	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/session"
)

// BenchmarkLobbies is a tick of one lobby of eight in arena where lobbies have
// their turns one after another, as on a server: the more there are, the less of
// one's memory is left in a cache since its last tick.
func BenchmarkLobbies(b *testing.B) {
	for _, n := range []int{1, 25, 100, 400} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			d, err := game.Define("arena", arena.New, arena.Options()...)
			if err != nil {
				b.Fatal(err)
			}
			m := &metrics{}
			cfg := session.Config{Metrics: m}.Filled()
			var stages []*stage
			for range n {
				s := stageWith(b, d, 8, func(tick, client int, fields []state.Value) {
					turn := float64(tick)/30 + float64(client)
					fields[0].Int, fields[1].Int = int64(127*math.Cos(turn)), int64(127*math.Sin(turn))
					fields[2].Int = int64(uint8(tick*2 + client*32))
				}, m, cfg)
				stages = append(stages, s)
				for range 40 {
					s.say()
					s.tick()
				}
			}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				s := stages[i]
				if i++; i == n {
					i = 0
				}
				if _, over := s.runner.Result(); over {
					s.start(b, s.runner.Definition())
				}
				s.say()
				s.tick()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/8, "ns/client")
		})
	}
}
