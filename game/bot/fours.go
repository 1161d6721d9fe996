package bot

import (
	"math/bits"
	"math/rand/v2"
)

// MaxNodes bounds the positions that Fours looks at for one move, which is a few
// milliseconds. Past it, it judges what it has.
const MaxNodes = 60_000

// Fours chooses moves in four in a row on 7 columns of 6. It looks a few moves
// ahead, likes some moves better than others for no reason, and now and then
// overlooks what a glance would not have shown.
type Fours struct {
	rand  *rand.Rand
	depth int     // moves it looks ahead: 4 to 7
	slips float64 // how often it only glances
	nodes int
}

// NewFours returns a player whose strength and chance come from a seed.
func NewFours(seed uint64) *Fours {
	f := &Fours{rand: rand.New(rand.NewPCG(seed, 0x666f757273))}
	f.depth = 4 + f.rand.IntN(4)
	f.slips = 0.02 + 0.13*f.rand.Float64()
	return f
}

// Ease makes the player worse: at 0 it stays as it is, at 1 it looks less far and
// overlooks more, at 2 it is for somebody's very first match. It is called once,
// before Choose.
func (f *Fours) Ease(level int) {
	level = min(max(level, 0), 2)
	f.depth = min(f.depth, [...]int{f.depth, 3, 1}[level])
	f.slips += [...]float64{0, 0.2, 1}[level]
}

// won is the worth of a win; sooner is better by one a move.
const won = 10_000

// Choose picks a column, 0..6, for player who (1 or 2). Cell c of the board is
// column c%7 of row c/7, row 0 at the bottom, holding 0, 1 or 2. It returns -1
// when the board is full.
func (f *Fours) Choose(board *[42]uint8, who uint8) int {
	pos := read(board, who)
	depth := f.depth
	if f.rand.Float64() < f.slips {
		depth = 1 // sees wins and nothing of the answer
	}
	f.nodes = 0
	best, column := -1<<30, -1
	for _, c := range order {
		next, ok := pos.drop(c)
		if !ok {
			continue
		}
		worth := f.rand.IntN(9) // taste
		switch {
		case next.wins():
			return c
		default:
			worth -= f.search(next, depth-1, -won*2, won*2)
		}
		if worth > best {
			best, column = worth, c
		}
	}
	return column
}

// Think is how many tenths of a second a person would take over this move: the
// fuller the board, the longer.
func (f *Fours) Think(discs int) int {
	return 6 + f.rand.IntN(8) + f.rand.IntN(1+discs/3)
}

// order is the columns from the middle outward: good moves first.
var order = [7]int{3, 2, 4, 1, 5, 0, 6}

// position is a board as bits, 7 a column, the lowest at the bottom, the seventh
// always clear: those of who moves, and all.
type position struct{ mine, all uint64 }

func read(board *[42]uint8, who uint8) (p position) {
	for i, v := range board {
		bit := uint64(1) << (i%7*7 + i/7)
		if v != 0 {
			p.all |= bit
		}
		if v == who {
			p.mine |= bit
		}
	}
	return p
}

// drop plays a column; the other one moves then.
func (p position) drop(column int) (position, bool) {
	bit := (p.all + 1<<(column*7)) & (0x7f << (column * 7))
	if bit&(0x40<<(column*7)) != 0 {
		return p, false
	}
	return position{mine: p.all &^ p.mine, all: p.all | bit}, true
}

// wins says whether the one who just moved has four in a row.
func (p position) wins() bool {
	b := p.all &^ p.mine
	for _, d := range [4]int{1, 7, 6, 8} {
		if m := b & (b >> d); m&(m>>(2*d)) != 0 {
			return true
		}
	}
	return false
}

// search is the worth of a position to who moves in it: alpha-beta.
func (f *Fours) search(p position, depth, alpha, beta int) int {
	f.nodes++
	if depth <= 0 || f.nodes > MaxNodes {
		return p.worth()
	}
	moved := false
	for _, c := range order {
		next, ok := p.drop(c)
		if !ok {
			continue
		}
		moved = true
		v := won - (42 - depth)
		if !next.wins() {
			v = -f.search(next, depth-1, -beta, -alpha)
		}
		if alpha = max(alpha, v); alpha >= beta {
			break
		}
	}
	if !moved {
		return 0
	}
	return alpha
}

// lines are the 69 places of four in a row.
var lines = func() (all []uint64) {
	for column := range 7 {
		for row := range 6 {
			for _, d := range [4][2]int{{1, 0}, {0, 1}, {1, 1}, {1, -1}} {
				if c, r := column+3*d[0], row+3*d[1]; c > 6 || r < 0 || r > 5 {
					continue
				}
				var line uint64
				for i := range 4 {
					line |= 1 << ((column+i*d[0])*7 + row + i*d[1])
				}
				all = append(all, line)
			}
		}
	}
	return all
}()

// worth judges a position for who moves in it, by the lines that only one of the
// two can still complete.
func (p position) worth() (sum int) {
	other := p.all &^ p.mine
	for _, line := range lines {
		mine, theirs := bits.OnesCount64(line&p.mine), bits.OnesCount64(line&other)
		switch {
		case theirs == 0:
			sum += mine * mine
		case mine == 0:
			sum -= theirs * theirs
		}
	}
	return sum
}
