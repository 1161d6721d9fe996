package bot_test

import (
	"testing"

	"github.com/sandlot-server/sandlot/game/bot"
)

// board reads rows from the top down, as printed.
func board(rows ...string) (b [42]uint8) {
	for i, row := range rows {
		for c, disc := range row {
			switch disc {
			case 'x':
				b[(len(rows)-1-i)*7+c] = 1
			case 'o':
				b[(len(rows)-1-i)*7+c] = 2
			}
		}
	}
	return b
}

func TestFoursTakesAWin(t *testing.T) {
	for name, c := range map[string]struct {
		board [42]uint8
		want  int
	}{
		"row":      {board("oo.....", "xxx.oo."), 3},
		"column":   {board("x......", "x.o....", "x.oo..."), 0},
		"diagonal": {board("..xo...", ".xox...", "xooo..."), 3},
	} {
		for seed := range uint64(20) { // even one that only glances sees a win
			if got := bot.NewFours(seed).Choose(&c.board, 1); got != c.want {
				t.Errorf("%s, seed %d: chose %d, want %d", name, seed, got, c.want)
			}
		}
	}
}

func TestFoursMostlyBlocks(t *testing.T) {
	b := board("x......", "xoo....", "xoo..x.")
	blocked := 0
	for seed := range uint64(50) {
		if bot.NewFours(seed).Choose(&b, 2) == 0 {
			blocked++
		}
	}
	if blocked < 40 || blocked == 50 {
		t.Fatalf("%d of 50 players blocked: they should be good, and not perfect", blocked)
	}
}

func TestFoursPlaysLegalMovesToTheEnd(t *testing.T) {
	for seed := range uint64(4) {
		f, b := bot.NewFours(seed), [42]uint8{}
		for move := range 42 {
			column := f.Choose(&b, uint8(move%2+1))
			if column < 0 || column > 6 || b[35+column] != 0 {
				t.Fatalf("seed %d, move %d: column %d on %v", seed, move, column, b)
			}
			cell := column
			for b[cell] != 0 {
				cell += 7
			}
			b[cell] = uint8(move%2 + 1)
		}
		if column := f.Choose(&b, 1); column != -1 {
			t.Fatalf("on a full board it drops into %d", column)
		}
	}
}

// Easier players lose to better ones, and easiest ones more so.
func TestFoursEased(t *testing.T) {
	beaten := func(level int) (n int) {
		for seed := range uint64(16) {
			players := [2]*bot.Fours{bot.NewFours(seed), bot.NewFours(seed + 100)}
			players[1].Ease(level)
			if winner(players, int(seed%2)) == 0 {
				n++
			}
		}
		return n
	}
	if easier, easiest := beaten(1), beaten(2); easier < 10 || easiest < 13 {
		t.Errorf("of 16 games a player wins %d against an easier, %d against an easiest one", easier, easiest)
	}
}

// winner plays a game that the first-th player begins; -1 is a draw.
func winner(players [2]*bot.Fours, first int) int {
	var b [42]uint8
	for move := range 42 {
		who := (first + move) % 2
		cell := players[who].Choose(&b, uint8(who+1))
		for b[cell] != 0 {
			cell += 7
		}
		b[cell] = uint8(who + 1)
		if four(&b, cell) {
			return who
		}
	}
	return -1
}

// four says whether the disc in a cell is one of four in a row.
func four(b *[42]uint8, cell int) bool {
	for _, d := range [][2]int{{1, 0}, {0, 1}, {1, 1}, {1, -1}} {
		n := 1
		for _, sign := range []int{1, -1} {
			x, y := cell%7+sign*d[0], cell/7+sign*d[1]
			for x >= 0 && x < 7 && y >= 0 && y < 6 && b[y*7+x] == b[cell] {
				n++
				x, y = x+sign*d[0], y+sign*d[1]
			}
		}
		if n >= 4 {
			return true
		}
	}
	return false
}

func BenchmarkFours(b *testing.B) {
	for name, position := range map[string][42]uint8{
		"empty":  {},
		"middle": board("...o...", "..ox...", ".xoxo..", "xooxox."),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				for seed := range uint64(8) { // of all strengths
					bot.NewFours(seed).Choose(&position, 1)
				}
			}
		})
	}
}
