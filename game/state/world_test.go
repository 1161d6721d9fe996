package state_test

import (
	"reflect"
	"testing"

	"github.com/sandlot-server/sandlot/game/state"
)

// world has a field of every form.
type world struct {
	Ships   state.Table[ship] `sync:"max=12"`
	Marks   state.Table[mark] // rows that are nothing but there
	Boards  state.Table[board]
	EndsAt  uint32  `sync:""`
	Motto   string  `sync:"max=8"`
	Lamps   [5]bool `sync:""`
	Wind    int16   `sync:"step=10,lerp"`
	Depths  [3]int8 `sync:""`
	Options options `sandlot:"settings"`
	Log     []entry
	Grid    [4]uint8
	Pi      float64
	cache   map[int]int `sandlot:"scratch"`
}

type options struct {
	Rounds int
	Hard   bool
}

type entry struct {
	At    int64
	Words []string
}

type ship struct {
	body
	Aim   uint8     `sync:"lerp=angle"`
	HP    uint8     `sync:""`
	Armed bool      `sync:""`
	Name  string    `sync:"max=6"`
	Cargo [3]int16  `sync:"step=4,predict"`
	Ammo  uint8     `sync:"owner"`
	Codes [4]uint32 `sync:"owner"`
	Note  string    `sync:"owner"`
	Ready bool      `sync:"predict"`
	Heat  int32
}

// body is embedded: its fields are the row's own.
type body struct {
	X, Y   int32 `sync:"step=64,lerp,predict"`
	VX, VY int32 `sync:"predict"`
}

type mark struct{}

type board struct {
	Cells [42]uint8 `sync:""`
	Flags [3]bool   `sync:""`
	Turn  uint16    `sync:"predict,lerp"`
}

func compile[T any](t testing.TB) *state.Layout {
	l, err := state.Compile(reflect.TypeFor[T]())
	if err != nil {
		t.Fatalf("compile: %v", err)
	}
	return l
}

// seen is what a client should hold of a row: names to values, public and, for
// its owner, private. It is worked out from the game itself, the plain way.
type seen map[string]any

// quantised rounds to the nearest step, halves up.
func quantised(v, step int64) int64 {
	v += step / 2
	r := ((v % step) + step) % step
	return v - r
}

func (s *ship) seen(mine bool) seen {
	exactOr := func(v int32, step int64) int64 {
		if mine {
			return int64(v)
		}
		return quantised(int64(v), step)
	}
	m := seen{
		"x": exactOr(s.X, 64), "y": exactOr(s.Y, 64),
		"aim": int64(s.Aim), "hp": int64(s.HP), "armed": s.Armed, "name": s.Name,
		"cargo0": exactOr(int32(s.Cargo[0]), 4), "cargo1": exactOr(int32(s.Cargo[1]), 4), "cargo2": exactOr(int32(s.Cargo[2]), 4),
		"vx": int64(0), "vy": int64(0), "ammo": int64(0), "note": "", "ready": false,
		"codes0": int64(0), "codes3": int64(0),
	}
	if mine {
		m["vx"], m["vy"], m["ammo"], m["note"], m["ready"] = int64(s.VX), int64(s.VY), int64(s.Ammo), s.Note, s.Ready
		m["codes0"], m["codes3"] = int64(s.Codes[0]), int64(s.Codes[3])
	}
	return m
}

func (b *board) seen() seen {
	m := seen{"turn": int64(b.Turn)}
	for i, c := range b.Cells {
		m[key("cells", i)] = int64(c)
	}
	for i, f := range b.Flags {
		m[key("flags", i)] = f
	}
	return m
}

func key(name string, i int) string { return name + string(rune('0'+i)) }

// held reads the same from a mirror.
func held(r *state.Rows, pos int, want seen) seen {
	got := seen{}
	for name, v := range want {
		field, elem := name, 0
		index, _, ok := r.Field(field)
		if !ok {
			elem = int(name[len(name)-1] - '0')
			index, _, ok = r.Field(name[:len(name)-1])
		}
		if !ok {
			continue
		}
		switch v.(type) {
		case string:
			got[name] = r.Str(pos, index)
		case bool:
			got[name] = r.Elem(pos, index, elem) != 0
		default:
			got[name] = r.Elem(pos, index, elem)
		}
	}
	return got
}
