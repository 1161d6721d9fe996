package arena_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/sandlot-server/sandlot/game/arena"
	"pgregory.net/rapid"
)

var open = &arena.Map{Width: 64 * arena.Unit, Height: 40 * arena.Unit}

func middle() *arena.Ship { return &arena.Ship{X: open.Width / 2, Y: open.Height / 2} }

func TestSineIsRounded(t *testing.T) {
	for a := range 256 {
		want := int32(math.Round(math.Sin(float64(a)*math.Pi/128) * 16384))
		if got := arena.Sin(uint8(a)); got != want {
			t.Errorf("Sin(%d) is %d, want %d", a, got, want)
		}
		if got, want := arena.Cos(uint8(a)), arena.Sin(uint8(a+64)); got != want {
			t.Errorf("Cos(%d) is %d, want %d", a, got, want)
		}
	}
}

func TestShipReachesTopSpeedAndGlidesToRest(t *testing.T) {
	s := middle()
	for range 30 {
		arena.Move(s, &arena.Input{MoveX: 127}, open)
	}
	if s.VX != arena.TopSpeed || s.VY != 0 {
		t.Fatalf("after a second of full stick the ship does (%d, %d), want (%d, 0)", s.VX, s.VY, arena.TopSpeed)
	}
	for range 60 {
		arena.Move(s, &arena.Input{}, open)
	}
	if s.VX != 0 {
		t.Fatalf("two seconds after letting go the ship still does %d", s.VX)
	}
}

func TestDiagonalIsNotFaster(t *testing.T) {
	s := middle()
	for range 40 {
		arena.Move(s, &arena.Input{MoveX: 127, MoveY: -127}, open)
	}
	if v := math.Hypot(float64(s.VX), float64(s.VY)); v > arena.TopSpeed {
		t.Fatalf("a diagonal stick gives speed %.1f, above %d", v, arena.TopSpeed)
	}
}

func TestDashNeedsRest(t *testing.T) {
	s := middle()
	arena.Move(s, &arena.Input{Aim: 64, Dash: true}, open)
	if s.VX != 0 || s.VY != arena.DashSpeed {
		t.Fatalf("a dash with no stick goes (%d, %d), want along the aim", s.VX, s.VY)
	}
	for range arena.DashWait - 1 {
		arena.Move(s, &arena.Input{MoveX: 127, Dash: true}, open)
		if s.VX > arena.TopSpeed {
			t.Fatalf("it dashed again with %d ticks to wait", s.Dash)
		}
	}
	arena.Move(s, &arena.Input{MoveX: 127, Dash: true}, open)
	if s.VX != arena.DashSpeed {
		t.Fatalf("after %d ticks it does not dash again", arena.DashWait)
	}
}

func TestShipSlidesAlongAWall(t *testing.T) {
	m := *open
	m.Walls = []arena.Wall{{X: 30 * arena.Unit, Y: 0, W: 2 * arena.Unit, H: open.Height}}
	s := &arena.Ship{X: 29 * arena.Unit, Y: 20 * arena.Unit}
	from := s.Y
	for range 30 {
		arena.Move(s, &arena.Input{MoveX: 127, MoveY: 127}, &m)
	}
	if want := int32(30*arena.Unit - arena.Radius); s.X != want {
		t.Errorf("against the wall X is %d, want %d", s.X, want)
	}
	if s.Y-from < 15*arena.TopSpeed {
		t.Errorf("it slid only %d in a second", s.Y-from)
	}
}

// Whatever the input, a ship stays on the map, out of walls, and within its
// speed; a wall's corner that turns its way adds a tenth at most.
func TestShipNeverOutrunsItsSpeed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := arena.Maps[rapid.IntRange(0, len(arena.Maps)-1).Draw(t, "map")]
		at := m.Spawns[rapid.IntRange(0, len(m.Spawns)-1).Draw(t, "spawn")]
		chance := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		s := &arena.Ship{X: at.X, Y: at.Y}
		var in arena.Input
		for tick := range 400 {
			if chance.IntN(12) == 0 {
				in = arena.Input{MoveX: int8(chance.IntN(255) - 127), MoveY: int8(chance.IntN(255) - 127), Aim: uint8(chance.IntN(256))}
			}
			in.Dash = chance.IntN(20) == 0
			was := *s
			arena.Move(s, &in, m)
			if v := math.Hypot(float64(s.VX), float64(s.VY)); v > arena.DashSpeed {
				t.Fatalf("tick %d: speed %.1f", tick, v)
			}
			if d := math.Hypot(float64(s.X-was.X), float64(s.Y-was.Y)); d > 1.1*arena.DashSpeed {
				t.Fatalf("tick %d: moved %.1f from %+v to %+v", tick, d, was, *s)
			}
			if m.Solid(s.X, s.Y) {
				t.Fatalf("tick %d: in a wall at (%d, %d)", tick, s.X, s.Y)
			}
		}
	})
}
