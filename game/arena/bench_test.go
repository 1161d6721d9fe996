package arena_test

import (
	"fmt"
	"testing"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/arena"
	"github.com/sandlot-server/sandlot/game/gametest"
	"github.com/sandlot-server/sandlot/game/state"
)

// weave makes n players circle, each its own way, and fire if told to.
func weave(t testing.TB, n int, fire bool) *match {
	m := start(t, 1, arena.Settings{Seconds: 900, Map: 2})
	for range n {
		m.join("someone")
	}
	for p := game.Player(1); int(p) <= n; p++ {
		m.hold(p, arena.Input{MoveX: int8(127 - int(p)*13), MoveY: int8(int(p)*11 - 100), Aim: uint8(p * 37), Fire: fire})
	}
	run[arena.Hit](m, 90, nil)
	return m
}

// Only events and their values are allocated, and without shots there are none.
func TestStepAllocatesNothing(t *testing.T) {
	m := weave(t, 16, false)
	run[arena.Hit](m, 60, nil)
	if n := testing.AllocsPerRun(100, m.Step); n != 0 {
		t.Fatalf("a step of 16 moving ships allocates %v times", n)
	}
}

func BenchmarkStep(b *testing.B) {
	for _, n := range []int{8, 16} {
		for name, fire := range map[string]bool{"move": false, "fire": true} {
			b.Run(fmt.Sprintf("%s-%d", name, n), func(b *testing.B) {
				m := weave(b, n, fire)
				b.ReportAllocs()
				for b.Loop() {
					if m.Step(); m.Tick() > 26000 {
						b.StopTimer()
						m = weave(b, n, fire)
						b.StartTimer()
					}
				}
			})
		}
	}
}

// BenchmarkThink is eight bots thinking for one tick.
func BenchmarkThink(b *testing.B) {
	fresh := func() *bots {
		return withBots(b, 8, 3, gametest.Setting("seconds", 900), gametest.Setting("kills", 0), gametest.Setting("map", 1))
	}
	play := fresh()
	var in [8]arena.Input
	var view game.View
	b.ReportAllocs()
	for b.Loop() {
		for i, p := range play.players {
			in[i] = arena.Input{}
			view = game.View{Tick: play.Tick(), Me: p, Mirror: play.Mirror(p)}
			play.brains[i].Think(&view, &in[i])
		}
		b.StopTimer()
		for i, p := range play.players {
			play.Input(p, in[i])
		}
		if play.Step(1); play.Tick() > 26000 {
			play = fresh()
		}
		b.StartTimer()
	}
}

// counter counts the bytes of a state message as MessagePack writes it.
type counter struct{ bytes int }

func (c *counter) Str(s string) { c.bytes += 2 + len(s) }

func (c *counter) Int(v int64) {
	switch {
	case v >= -32 && v < 128:
		c.bytes++
	case v >= -128 && v < 256:
		c.bytes += 2
	case v >= -32768 && v < 65536:
		c.bytes += 3
	default:
		c.bytes += 5
	}
}

// Eight players in an ordinary fight cost few bytes: about three a moving ship.
func TestBytesOfAFrame(t *testing.T) {
	b := withBots(t, 8, 5, gametest.Setting("seconds", 900), gametest.Setting("kills", 0), gametest.Setting("map", 1))
	for range 60 {
		b.play()
	}
	r := b.Runner()
	d := state.NewDiffer(arenaTables(t))
	var body, owner counter
	const ticks = 600
	ships := 0
	for range ticks {
		was := r.Tick()
		b.play()
		now := r.Ring().Newest()
		d.Body(&body, r.Ring().At(was), now, nil, nil)
		d.Owner(&owner, r.Ring().At(was), now, nil, nil, 1)
		ships += b.Game().(*arena.Arena).Ships.Len()
	}
	t.Logf("a fight of 8: %.1f bytes of body a tick for %.1f ships, shots included, %.1f of owner section",
		float64(body.bytes)/ticks, float64(ships)/ticks, float64(owner.bytes)/ticks)
	if got := body.bytes / ticks; got > 60 {
		t.Errorf("%d bytes of body a tick", got)
	}

	// Ships alone, nothing but moving and turning.
	m := weave(t, 8, false)
	body, owner = counter{}, counter{}
	turn := uint8(0)
	for range ticks / 10 {
		was := m.Tick()
		turn += 3
		for p, in := range m.held {
			in.Aim = turn + uint8(p)*20
			in.MoveX, in.MoveY = int8(arena.Cos(turn+uint8(p)*31)/130), int8(arena.Sin(turn+uint8(p)*31)/130)
			m.hold(p, in)
		}
		run[arena.Hit](m, 1, nil)
		now := m.Ring().Newest()
		d.Body(&body, m.Ring().At(was), now, nil, nil)
		d.Owner(&owner, m.Ring().At(was), now, nil, nil, 1)
	}
	t.Logf("8 ships moving: %.1f bytes of body a tick, %.1f of owner section",
		float64(body.bytes)/(ticks/10), float64(owner.bytes)/(ticks/10))
	if got := body.bytes / (ticks / 10); got > 32 {
		t.Errorf("%d bytes of body a tick for 8 moving ships", got)
	}
}

func arenaTables(t testing.TB) []state.TableSchema {
	d, ok := game.Lookup(arena.Name)
	if !ok {
		t.Fatal("arena is not registered")
	}
	return d.Schema().Tables
}
