package wire_test

import "github.com/sandlot-server/sandlot/net/wire"

// step is one state message, its elements after the head written out by hand
// from PROTOCOL.md, so that the vectors do not come from the code they test.
type step struct {
	name   string
	head   wire.State
	values []any
}

func zz(v int64) int { return int(uint64(v)<<1 ^ uint64(v>>63)) }

// section is the head of a table's section.
func section(table, flags int) int { return flags + 16*table }

const (
	removed = 1
	dense   = 2
	sparse  = 4
	added   = 8

	ships  = 0
	boards = 1
	match  = 2
)

func stateSteps() []step {
	return []step{
		{"keyframe", wire.State{Keyframe: true, Tick: 100, Applied: 7, Margin: 1}, []any{
			section(ships, added), 4,
			zz(1 - 0), 1, 0b11111, zz(100), zz(-3), zz(64), "Größe", // alive flips
			0, 2, 0b01011, zz(5000), zz(70000), // id 2
			2, 3, 0b10000, "three", // id 5
			0, 0, 0, // id 6: nobody's, all zeros
			section(boards, added), 2,
			zz(3), 1, 0b11, 7, zz(1), zz(2), zz(3), zz(4), zz(5), zz(6), zz(-200), 1, 2, // all cells; wall 2
			4, 2, 0b01, 2, 1, zz(9), 4, zz(-9), // id 8: cells 1 and 6
			section(match, sparse), 0b01, 1, 0, zz(5400),
			0,
			ships, 0, 0b111, zz(17), zz(-250), zz(30),
			boards, 0, 0b11, 1, 3, zz(4), "keep",
		}},
		{"dense", wire.State{Tick: 1, Applied: 1, Margin: 1}, []any{
			section(ships, dense), 0b011, 2, 2, 0b100, 0, 0, // the third has another mask, the fourth none
			zz(1), zz(-1), zz(-64), zz(63), zz(200), // ids 1, 2, then the third's aim
			0,
			ships, 0, 0b01, zz(3),
		}},
		{"heartbeat", wire.State{Tick: 30, Margin: -30}, []any{0}},
		{"sparse", wire.State{Tick: 1, Applied: 2, Margin: 0}, []any{
			section(ships, sparse), 0b001, 2, 2 * 1, zz(200), 2*0 + 1, 0b01100, zz(-190), // id 2, then id 5 with a mask of its own
			section(boards, sparse), 0b10, 2, 2 * 0, 3, 2 * 0, 1, 0, // all walls of the first flip; wall 0 of the second
			0,
		}},
		{"removed", wire.State{Tick: 2, Applied: 2, Margin: 2}, []any{
			section(ships, removed), 2, 1, 1, // ids 2 and 6
			0,
			ships, 0, 0b100, zz(-1),
		}},
		{"added", wire.State{Tick: 300, Applied: 300, Margin: 8}, []any{
			section(ships, added), 2,
			zz(7 - 5), 1, 0b10001, zz(1), "seven",
			2, 2, 0b00100, zz(255), // id 10
			0,
			ships, 2, 0b011, zz(-32), zz(1),
		}},
		{"added between", wire.State{Tick: 1, Applied: 0, Margin: 0}, []any{
			section(ships, added), 2,
			zz(6 - 10), 0, 0b00100, zz(6), // came into sight again, before what is there
			1, 3, 0b00100, zz(8), // id 8
			0,
		}},
		{"everything", wire.State{Tick: 1, Applied: 1, Margin: 1}, []any{
			section(ships, removed|dense|sparse|added),
			2, 0, 3, // removed: ids 1 and 8
			0b00001, 1, 1, 0, zz(2), zz(3), zz(4), // dense: 5, (6), 7, 10
			0b01000, 1, 2 * 3, // sparse: 10 dies
			1, zz(11 - 10), 1, 0, // added: 11
			section(match, sparse), 0b11, 1, 0, zz(-5400 + 70000),
			0,
			ships, 2, 0b001, zz(5),
			ships, 4, 0b110, zz(300), zz(3),
			boards, 0, 0b11, 4, zz(1), zz(2), zz(3), zz(-4), "",
		}},
		{"keyframe of the next match", wire.State{Keyframe: true, Tick: 1, Applied: 0, Margin: 0}, []any{
			section(boards, added), 1, zz(1), 2, 0,
			0,
		}},
	}
}

// bytes encodes the message.
func (s step) bytes() []byte {
	w := wire.NewWriter(wire.AppendStateHead(nil, s.head.Keyframe, s.head.Tick, s.head.Applied, s.head.Margin, len(s.values)))
	for _, v := range s.values {
		switch v := v.(type) {
		case int:
			w.Int(int64(v))
		case string:
			w.Str(v)
		}
	}
	return w.Bytes()
}
