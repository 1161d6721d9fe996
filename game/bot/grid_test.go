package bot_test

import (
	"testing"

	"github.com/sandlot-server/sandlot/game/bot"
)

// A room of 40 by 30 with a wall across it that leaves a gate at the bottom.
var gate = []bot.Rect{{X: 19, Y: 0, W: 2, H: 24}}

func TestWayGoesThroughTheGate(t *testing.T) {
	g := bot.NewGrid(40, 30, 1, gate)
	path := g.Way(5, 5, 35, 5, make([][2]float64, 0, 100))
	if len(path) == 0 {
		t.Fatal("no way")
	}
	x, y, lowest := 5.0, 5.0, 0.0
	for _, p := range path {
		if dx, dy := p[0]-x, p[1]-y; dx*dx+dy*dy > 9 {
			t.Fatalf("the way jumps from (%v, %v) to %v", x, y, p)
		}
		x, y = p[0], p[1]
		if x > 18 && x < 22 && y < 25 {
			t.Fatalf("the way leads through the wall at %v", p)
		}
		lowest = max(lowest, y)
	}
	if lowest < 25 || x < 33 || y > 7 {
		t.Fatalf("the way ends at (%v, %v) and went down to %v", x, y, lowest)
	}
}

func TestNoWayIntoAClosedRoom(t *testing.T) {
	g := bot.NewGrid(40, 30, 1, []bot.Rect{{X: 19, Y: 0, W: 2, H: 30}})
	if path := g.Way(5, 5, 35, 5, make([][2]float64, 0, 100)); len(path) != 0 {
		t.Fatalf("a way through a closed wall: %v", path)
	}
}

func TestHugeWorldsGetLargerCells(t *testing.T) {
	g := bot.NewGrid(1e6, 1e6, 1, nil)
	if x, y, ok := g.Free(17); !ok || x <= 0 || y <= 0 {
		t.Fatalf("free place (%v, %v), %v", x, y, ok)
	}
}
