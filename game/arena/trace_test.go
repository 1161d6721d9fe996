package arena_test

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/sandlot-server/sandlot/game/arena"
)

// The trace of Move that the browser's port of it is held against, by
// assets/web/test/move.test.ts: 10,000 steps of random input on every map. A
// line "map N width height x y w h …" lays out a map with its walls, "ship x y"
// puts a resting ship down, and each further line is a step: the input's moveX,
// moveY, aim, dash, then the ship's x, y, vx, vy, aim, dash after it.
const (
	trace      = "testdata/move.trace"
	traceSteps = 10_000
	traceLife  = 250 // steps until the ship is put down elsewhere
)

func TestMoveTrace(t *testing.T) {
	got := traceMove()
	if f := flag.Lookup("gametest.update"); f != nil && f.Value.String() == "true" {
		if err := os.WriteFile(trace, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(trace)
	if err != nil {
		t.Fatalf("%v (run the test with -gametest.update to write it)", err)
	}
	if bytes.Equal(got, want) {
		return
	}
	now, before := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(now), len(before)) {
		if now[i] != before[i] {
			t.Fatalf("%s:%d: the ship moves otherwise: %q, recorded was %q. If that is meant, run with -gametest.update and mend the browser's port", trace, i+1, now[i], before[i])
		}
	}
	t.Fatalf("%s has %d lines, want %d", trace, len(before), len(now))
}

func traceMove() []byte {
	var out bytes.Buffer
	chance := rand.New(rand.NewPCG(2026, 7))
	var m *arena.Map
	var s arena.Ship
	var in arena.Input
	for step := range traceSteps {
		if step%(traceLife*4) == 0 {
			m = arena.Maps[step/(traceLife*4)%len(arena.Maps)]
			fmt.Fprintf(&out, "map %s %d %d", m.Name, m.Width, m.Height)
			for _, w := range m.Walls {
				fmt.Fprintf(&out, " %d %d %d %d", w.X, w.Y, w.W, w.H)
			}
			out.WriteByte('\n')
		}
		if step%traceLife == 0 {
			at := m.Spawns[chance.IntN(len(m.Spawns))]
			s = arena.Ship{X: at.X, Y: at.Y}
			fmt.Fprintf(&out, "ship %d %d\n", s.X, s.Y)
		}
		steer(chance, &in)
		arena.Move(&s, &in, m)
		fmt.Fprintf(&out, "%d %d %d %d %d %d %d %d %d %d\n", in.MoveX, in.MoveY, in.Aim, bit(in.Dash), s.X, s.Y, s.VX, s.VY, s.Aim, s.Dash)
	}
	return out.Bytes()
}

// steer changes hands as players do: now and then, all the way or a little,
// at times not at all.
func steer(chance *rand.Rand, in *arena.Input) {
	in.Dash = chance.IntN(15) == 0
	if chance.IntN(3) == 0 {
		in.Aim = uint8(chance.IntN(256))
	}
	if chance.IntN(10) != 0 {
		return
	}
	switch chance.IntN(4) {
	case 0:
		in.MoveX, in.MoveY = 0, 0
	case 1:
		in.MoveX, in.MoveY = int8(127*(chance.IntN(3)-1)), int8(127*(chance.IntN(3)-1))
	default:
		in.MoveX, in.MoveY = int8(chance.IntN(255)-127), int8(chance.IntN(255)-127)
	}
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
