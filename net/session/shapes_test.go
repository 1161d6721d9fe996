package session_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/arena"
	"github.com/sandlot-server/sandlot/game/state"
)

// shapes are the matches that one core has to carry, everyone moving all the
// time.
var shapes = []struct {
	name          string
	rate, players int
	side, reach   int32
	options       []game.Option
}{
	{"8 all in sight", 20, 8, 1 << 16, 0, nil},
	{"100 all in sight at 60 Hz", 60, 100, 1 << 18, 0, nil},
	{"100 with 25 in sight", 20, 100, 100000, 30000, nil},
	{"200 all in sight", 20, 200, 1 << 18, 0, nil},
	{"300 with 60 in sight", 20, 300, 100000, 27000, nil},
	{"1000 with 25 in sight", 20, 1000, 1 << 20, 96000, nil},
	{"300 all in sight within 400 bytes", 20, 300, 100000, 0, []game.Option{game.Budget(400)}},
	{"300 with 60 in sight within 1400 bytes", 20, 300, 100000, 27000, []game.Option{game.Budget(1400)}},
}

// BenchmarkTick measures whole ticks: inputs decoded, the game's step, what
// everyone sees, and each client's message made, without a socket. Metrics: the
// median and the 99th percentile of a tick's processor time apart from decoding,
// bytes of a state with its WebSocket header, and rows in sight.
func BenchmarkTick(b *testing.B) {
	for _, shape := range shapes {
		b.Run(shape.name, func(b *testing.B) {
			s := newStage(b, shape.rate, shape.players, shape.side, shape.reach, shape.options...)
			measure(b, s)
		})
	}
}

// BenchmarkArena is the same for the bundled game, eight ships that fly and turn
// and do not shoot.
func BenchmarkArena(b *testing.B) {
	d, err := game.Define("arena", arena.New, arena.Options()...)
	if err != nil {
		b.Fatal(err)
	}
	measure(b, stageOf(b, d, 8, func(tick, client int, fields []state.Value) {
		turn := float64(tick)/30 + float64(client)
		fields[0].Int, fields[1].Int = int64(127*math.Cos(turn)), int64(127*math.Sin(turn))
		fields[2].Int = int64(uint8(tick*2 + client*32))
	}))
}

func measure(b *testing.B, s *stage) {
	rate := int(time.Second / s.period)
	for range 5 * rate {
		s.say()
		s.tick()
	}
	before := s.sent()
	times := make([]time.Duration, 0, 1<<16)
	b.ReportAllocs()
	ticks, rows, looks := 0, 0.0, 0.0
	for b.Loop() {
		if _, over := s.runner.Result(); over {
			s.start(b, s.runner.Definition())
		}
		s.say()
		began := cpuTime()
		s.tick()
		if len(times) < cap(times) {
			times = append(times, cpuTime()-began)
		}
		if ticks++; ticks%64 == 1 {
			rows, looks = rows+s.seen(), looks+1
		}
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(float64(s.sent()-before)/float64(ticks*len(s.seats)), "B/state")
	b.ReportMetric(rows/looks, "rows")
}

// sent is the bytes written to everyone.
func (s *stage) sent() (n int) {
	for _, c := range s.conns {
		n += c.bytes
	}
	return n
}

// seen is the mean number of rows in sight.
func (s *stage) seen() float64 {
	n, snap := 0, s.runner.Ring().Newest()
	for i := range s.seats {
		view := s.runner.View(s.seats[i].Identity().Player)
		for pos := range snap.Len(0) {
			if view.Has(0, pos) {
				n++
			}
		}
	}
	return float64(n) / float64(len(s.seats))
}
