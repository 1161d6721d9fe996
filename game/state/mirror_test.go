package state_test

import (
	"errors"
	"math"
	"testing"

	"github.com/sandlot-server/sandlot/game/state"
)

// tape makes a message of ints and strings.
func tape(elements ...any) *state.Tape {
	t := &state.Tape{}
	for _, e := range elements {
		switch e := e.(type) {
		case int:
			t.Int(int64(e))
		case string:
			t.Str(e)
		}
	}
	return t
}

// small has what the protocol's forms need, and no more.
type small struct {
	Rows  state.Table[smallRow]
	Clock uint16 `sync:""`
}

type smallRow struct {
	A    int16   `sync:""`
	On   bool    `sync:""`
	S    string  `sync:""`
	List [4]int8 `sync:""`
	Bits [3]bool `sync:""`
	Mine int8    `sync:"owner"`
}

// keyframe has rows 2 (of player 1), 3 and 7 (of nobody).
func keyframe() []any {
	return []any{8, 3, 2 * 2, 1, 1, 2 * 5, 0, 0, 3, 2 * 6, 3, 0, 4, "hi", 16 + 2, 1, 0, 2 * 9, 0}
}

// TestApplyByHand holds the mirror to PROTOCOL.md, element by element.
func TestApplyByHand(t *testing.T) {
	m := state.NewMirror(compile[small](t).Tables())
	apply := func(keyframe bool, elements ...any) {
		t.Helper()
		if err := m.Apply(tape(elements...).Source(), keyframe); err != nil {
			t.Fatalf("apply %v: %v", elements, err)
		}
	}
	rows, match := m.Table("rows"), m.Table("match")
	want := func(ids []state.ID, a []int64) {
		t.Helper()
		if rows.Len() != len(ids) {
			t.Fatalf("%d rows, want %v", rows.Len(), ids)
		}
		for pos := range ids {
			if rows.ID(pos) != ids[pos] || rows.Int(pos, 0) != a[pos] {
				t.Fatalf("row %d is %d with %d, want %d with %d", pos, rows.ID(pos), rows.Int(pos, 0), ids[pos], a[pos])
			}
		}
	}
	if match.Len() != 1 || match.ID(0) != 1 || m.Table("none") != nil || rows.Name() != "rows" {
		t.Fatal("the one row is not always there")
	}
	apply(true, keyframe()...)
	want([]state.ID{2, 3, 7}, []int64{5, 6, 0})
	if match.Int(0, 0) != 9 || rows.Owner(0) != 1 || !rows.Bool(1, 1) || rows.Str(2, 2) != "hi" {
		t.Fatal("keyframe: values")
	}
	apply(false, 0) // a heartbeat
	// Dense: all change a, but the middle one nothing and the last one on, too.
	apply(false, 2, 1, 2, 1, 0, 0, 3, 2*10, 2*1, 0)
	want([]state.ID{2, 3, 7}, []int64{15, 6, 1})
	// Sparse: the last row's array, in two elements, by its own mask.
	apply(false, 4, 1, 1, 2*2+1, 8, 2, 1, 2*3, 1, 1, 0)
	if rows.Elem(2, 3, 1) != 3 || rows.Elem(2, 3, 3) != -1 || rows.Elem(2, 3, 0) != 0 || rows.Elems(3) != 4 {
		t.Fatal("array")
	}
	// All elements of the array, and all booleans: no gaps.
	apply(false, 4, 24, 1, 2*2, 4, 2, 2, 2, 2, 3, 0)
	if rows.Elem(2, 3, 1) != 4 || rows.Elem(2, 3, 3) != 0 || rows.Elem(2, 4, 0) != 1 || rows.Elem(2, 4, 2) != 1 {
		t.Fatal("whole arrays")
	}
	// The first goes; 4 and 5 come between 3 and 7, by a first id below the last.
	apply(false, 9, 1, 0, 2, 5, 0, 1, 2*40, 0, 9, 0, 0)
	want([]state.ID{3, 4, 5, 7}, []int64{6, 40, 0, 1})
	// The owner section, of the row at 2.
	apply(false, 0, 0, 2, 1, 2*7)
	if index, owner, ok := rows.Field("mine"); !owner || !ok || rows.Int(2, index) != 7 || rows.Int(1, index) != 0 {
		t.Fatal("owner section")
	}
	if rows.Find(5) != 2 || rows.Find(6) != -1 || rows.Str(3, 2) != "hi" {
		t.Fatal("rows moved wrongly")
	}
}

func TestApplyRefuses(t *testing.T) {
	const big = math.MaxInt64
	layout := compile[small](t)
	for name, elements := range map[string][]any{
		"nothing":              {},
		"a string as head":     {"x"},
		"no parts":             {16},
		"negative head":        {-16 + 1},
		"unknown table":        {2*16 + 2, 1, 0, 0},
		"huge head":            {big},
		"a table twice":        {2, 1, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0},
		"tables out of order":  {16 + 2, 1, 0, 2, 2, 1, 0, 0, 0, 0, 0},
		"one row removed":      {16 + 1, 1, 0, 0},
		"one row added":        {16 + 8, 1, 2, 0, 0, 0},
		"too many removed":     {1, 4, 0, 0, 0, 0, 0},
		"removed past the end": {1, 2, 1, 2, 0},
		"negative count":       {1, -1, 0},
		"mask too wide":        {2, 32, 0, 0},
		"mask negative":        {2, -1, 0, 0},
		"exceptions past end":  {2, 1, 2, 2, 0, 0, 0, 0, 0},
		"sparse past the end":  {4, 1, 1, 6, 2, 0},
		"too many sparse":      {4, 1, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0},
		"negative difference":  {4, 1, 1, 0, -2, 0},
		"string for a number":  {4, 1, 1, 0, "5", 0},
		"number for a string":  {4, 4, 1, 0, 5, 0},
		"element past the end": {4, 8, 1, 0, 2, 3, 0, 0, 0, 0},
		"too many elements":    {4, 8, 1, 0, 5, 0, 0, 0, 0, 0, 0},
		"row id 0":             {1 + 8, 3, 0, 0, 0, 1, 0, 0, 0, 0},
		"row id below 0":       {8, 1, 2*8 - 1, 0, 0, 0},
		"row id above 32 bits": {8, 1, 2 << 32, 0, 0, 0},
		"row there already":    {8, 1, 1, 0, 0, 1, 0},
		"row there, merged":    {8, 1, 2*4 - 1, 0, 0, 0},
		"owner above 16 bits":  {8, 1, 0, 1 << 16, 0, 0},
		"65,537 rows":          {8, 65537, 2, 0, 0},
		"value above 2^53":     {4, 1, 1, 0, 1<<54 + 2, 0},
		"owner: table":         {0, 2, 0, 1, 2},
		"owner: position":      {0, 0, 3, 1, 2},
		"owner: mask":          {0, 0, 0, 2, 2},
		"owner: cut short":     {0, 0, 0, 1},
		"owner: of match":      {0, 1, 0, 1, 2},
	} {
		m := state.NewMirror(layout.Tables())
		if err := m.Apply(tape(keyframe()...).Source(), true); err != nil {
			t.Fatal(err)
		}
		err := m.Apply(tape(elements...).Source(), false)
		if err == nil {
			t.Errorf("%s: applied", name)
			continue
		}
		if m.Table("rows").Len() != 0 || m.Table("match").Int(0, 0) != 0 {
			t.Errorf("%s: the mirror is not empty after an error", name)
		}
		if err := m.Apply(tape(0).Source(), false); !errors.Is(err, state.ErrKeyframe) {
			t.Errorf("%s: a delta after an error: %v", name, err)
		}
		if err := m.Apply(tape(keyframe()...).Source(), true); err != nil || m.Table("rows").Len() != 3 {
			t.Errorf("%s: the next keyframe: %v", name, err)
		}
	}
}

// TestApplyClaims sees that claimed counts allocate nothing.
func TestApplyClaims(t *testing.T) {
	m := state.NewMirror(compile[small](t).Tables())
	src := tape(8, 65536)
	if n := allocated(100, func() { _ = m.Apply(src.Source(), true) }); n > 4096 {
		t.Fatalf("%d bytes for a claim of 65,536 rows", n)
	}
}

// TestMirrorMemory sees that rows of wide arrays, which cost three elements
// each, are bounded by what they take.
func TestMirrorMemory(t *testing.T) {
	wide := []state.TableSchema{{Name: "wide"}}
	for range 31 {
		wide[0].Fields = append(wide[0].Fields, state.Field{Name: "f", Len: 1024, Step: 1})
	}
	src := tape(8, 65536)
	for range 65536 {
		src.Int(0)
		src.Int(0)
		src.Int(0)
	}
	m := state.NewMirror(wide)
	if err := m.Apply(src.Source(), true); !errors.Is(err, state.ErrMessage) {
		t.Fatalf("got %v", err)
	}
}
