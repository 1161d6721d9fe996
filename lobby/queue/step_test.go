package queue

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/bus/bustest"
	"github.com/sandlot-server/sandlot/lobby/bus/redisbus"
)

type nothing struct{}

func (*nothing) Step(*game.Tick) {}

// anywhere opens every match at once.
type anywhere struct{ opened int }

func (a *anywhere) OpenMatch(context.Context, lobby.MatchOptions) (string, error) {
	a.opened++
	return "here", nil
}
func (a *anywhere) FillMatch(context.Context, string, int, []lobby.Placed) error { return nil }
func (a *anywhere) Regions() []string                                            { return nil }
func (a *anywhere) Rooms() []lobby.Room                                          { return nil }
func (a *anywhere) Join(context.Context, lobby.Who, string, lobby.Role) (lobby.Joined, error) {
	return lobby.Joined{}, nil
}

// BenchmarkStep is one whole interval of the matcher: reading 100,000 tickets
// from the book, pairing them, and writing down what became of them. Waiting is
// what it costs when nobody can be paired, each interval.
func BenchmarkStep(b *testing.B) {
	for _, bench := range []struct {
		name   string
		spread float64 // of ratings
		size   int
	}{{"matched", 250, 8}, {"waiting", 1e5, 8}} {
		b.Run(bench.name, func(b *testing.B) {
			d, err := game.Define("g", func() game.Game { return new(nothing) }, game.Players(1, 8),
				game.Modes(game.Mode{Name: "m", Size: bench.size, Ranked: true}))
			if err != nil {
				b.Fatal(err)
			}
			now := time.Now()
			for b.Loop() {
				b.StopTimer()
				q, err := New(Defaults(), Deps{Host: new(anywhere), Games: func(string) (*game.Definition, bool) { return d, true }})
				if err != nil {
					b.Fatal(err)
				}
				chance := rand.New(rand.NewPCG(1, 2))
				for i := range 100_000 {
					id := fmt.Sprint(i)
					points := int(1500 + bench.spread*chance.NormFloat64())
					r := &Record{
						ID: id, Version: 1, State: Queued, Game: "g", Mode: "m", Since: now.Add(-time.Duration(i) * 10 * time.Microsecond), Until: now.Add(time.Hour),
						Players: []Player{{Who: lobby.Who{ID: id}, Points: points}},
					}
					r.wait = r.waits()
					if _, err := q.book.Add(b.Context(), r); err != nil {
						b.Fatal(err)
					}
				}
				b.StartTimer()
				q.step(b.Context(), now)
			}
		})
	}
}

// BenchmarkShared is one interval of the matcher with a queue in a real Redis:
// 2,000 tickets that came since the last one are read, paired in twos and written
// down. Alone is the same in memory, in the same run.
func BenchmarkShared(b *testing.B) {
	d, err := game.Define("g", func() game.Game { return new(nothing) }, game.Players(1, 8), game.Modes(game.Mode{Name: "m", Size: 2, Ranked: true}))
	if err != nil {
		b.Fatal(err)
	}
	const tickets = 2000
	for _, name := range []string{"alone", "shared"} {
		b.Run(name, func(b *testing.B) {
			deps := Deps{Host: new(anywhere), Games: func(string) (*game.Definition, bool) { return d, true }}
			if name == "shared" {
				r, err := redisbus.New(redisbus.Config{URL: bustest.StartRedis(b).URL}, nil)
				if err != nil {
					b.Fatal(err)
				}
				ctx, cancel := context.WithCancel(context.Background())
				var run sync.WaitGroup
				run.Go(func() { _ = r.Run(ctx) })
				b.Cleanup(func() { cancel(); run.Wait() })
				deps.Records, deps.Bus = r, r
			}
			q, err := New(Defaults(), deps)
			if err != nil {
				b.Fatal(err)
			}
			n := 0
			for b.Loop() {
				b.StopTimer()
				if s, ok := q.book.(*shared); ok {
					s.lead(b.Context())
				}
				for range tickets {
					n++
					id := fmt.Sprint(n)
					r := &Record{
						ID: id, Version: 1, State: Queued, Game: "g", Mode: "m", Since: time.Now(), Until: time.Now().Add(time.Minute),
						Players: []Player{{Who: lobby.Who{ID: id}, Points: 1500}},
					}
					if _, err := q.book.Add(b.Context(), r); err != nil {
						b.Fatal(err)
					}
				}
				if s, ok := q.book.(*shared); ok {
					s.lead(b.Context())
				}
				b.StartTimer()
				if left := q.step(b.Context(), time.Now()); left != 0 {
					b.Fatalf("%d tickets are left", left)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/tickets, "µs/ticket")
		})
	}
}
