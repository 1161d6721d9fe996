package fours_test

import (
	"testing"

	"github.com/sandlot-server/sandlot/game/fours"
	"pgregory.net/rapid"
)

func TestDiscsStack(t *testing.T) {
	var b fours.Board
	for row := range fours.Rows {
		cell, ok := b.Landing(3)
		if !ok || cell != row*fours.Columns+3 {
			t.Fatalf("disc %d lands in cell %d, %v", row, cell, ok)
		}
		b[cell] = 1
	}
	if _, ok := b.Landing(3); ok {
		t.Fatal("a full column takes a seventh disc")
	}
	if b.Full() {
		t.Fatal("a board with one column is called full")
	}
}

func TestLinesInAllDirections(t *testing.T) {
	for name, line := range map[string][4]int8{
		"row":    {1, 2, 3, 4},
		"column": {6, 13, 20, 27},
		"rising": {0, 8, 16, 24},
		"fall":   {21, 15, 9, 3},
	} {
		var b fours.Board
		for _, c := range line {
			b[c] = 2
		}
		for _, c := range line {
			if _, ok := b.Line(int(c)); !ok {
				t.Errorf("%s: no line through cell %d of %v", name, c, line)
			}
		}
		b[line[2]] = 1
		if _, ok := b.Line(int(line[0])); ok {
			t.Errorf("%s: three and one are not four", name)
		}
	}
}

// Line never leaves the board, never bends round its edge, and what it finds is
// four discs of one player at one distance.
func TestLineIsFourInARow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b fours.Board
		for i := range b {
			b[i] = rapid.SampledFrom([]uint8{0, 1, 2, 2}).Draw(t, "disc")
		}
		cell := rapid.IntRange(0, fours.Cells-1).Draw(t, "cell")
		line, ok := b.Line(cell)
		if !ok {
			return
		}
		step := line[1] - line[0]
		for i, c := range line {
			if b[c] != b[cell] || b[c] == 0 {
				t.Fatalf("line %v: cell %d holds %d", line, c, b[c])
			}
			if i > 0 {
				across := c%fours.Columns - line[i-1]%fours.Columns
				if c-line[i-1] != step || across < -1 || across > 1 {
					t.Fatalf("line %v is not straight", line)
				}
			}
		}
	})
}
