package state_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/sandlot-server/sandlot/game/state"
)

type order struct {
	Turn   int8  `range:"-1..1"`
	Fire   bool  `press:""`
	Keys   uint8 `range:"0..7" press:""`
	Aim    uint8
	Path   [3]int16 `range:"0..100"`
	Flags  [2]bool
	Say    string `max:"5"`
	Amount uint64 `range:"0..1000"`
	Far    int32
}

func message[T any](t testing.TB, name string) *state.MessageLayout {
	m, err := state.CompileMessage(name, reflect.TypeFor[T]())
	if err != nil {
		t.Fatalf("compile: %v", err)
	}
	return m
}

func TestMessage(t *testing.T) {
	m := message[order](t, "order")
	shape := m.Message()
	want := []state.MessageField{
		{"turn", state.Int, 0, -1, 1, 0}, {"fire", state.Bool, 0, 0, 1, state.Press}, {"keys", state.Int, 0, 0, 7, state.Press},
		{"aim", state.Int, 0, 0, 255, 0}, {"path", state.Int, 3, 0, 100, 0}, {"flags", state.Bool, 2, 0, 1, 0}, {"say", state.String, 0, 0, 5, 0},
		{"amount", state.Int, 0, 0, 1000, 0}, {"far", state.Int, 0, -1 << 31, 1<<31 - 1, 0},
	}
	if !reflect.DeepEqual(shape.Fields, want) || shape.Name != "order" || shape.Len() != 12 {
		t.Fatalf("got %v", shape)
	}
	in := order{-1, true, 5, 200, [3]int16{1, 2, 100}, [2]bool{false, true}, "héy", 999, -7}
	values := m.Store(nil, in)
	if !slices.Equal(values, m.Store(nil, &in)) {
		t.Fatal("by value and by pointer differ")
	}
	if err := shape.Check(values); err != nil {
		t.Fatalf("check: %v", err)
	}
	var out order
	m.Load(values, &out)
	if out != in {
		t.Fatalf("got %+v, want %+v", out, in)
	}
	if n := testing.AllocsPerRun(100, func() { m.Load(values, &out); values = m.Store(values[:0], &in) }); n != 0 {
		t.Fatalf("%v allocations", n)
	}
}

func TestMessageStoreClamps(t *testing.T) {
	m := message[order](t, "order")
	shape := m.Message()
	values := m.Store(nil, order{Turn: 100, Keys: 255, Path: [3]int16{-5, 500, 0}, Say: "abcdé!", Amount: 1 << 63})
	if err := shape.Check(values); err != nil {
		t.Fatalf("what a game sends is out of range: %v", err)
	}
	var out order
	m.Load(values, &out)
	if out.Turn != 1 || out.Path != [3]int16{0, 100, 0} || out.Say != "abcd" || out.Amount != 1000 {
		t.Fatalf("got %+v", out)
	}
	if v := m.Store(nil, order{Say: "a\xff"}); v[9].Str != "a\uFFFD" {
		t.Fatalf("invalid UTF-8 became %q", v[9].Str)
	}
}

func TestMessageCheck(t *testing.T) {
	m := message[order](t, "order")
	shape := m.Message()
	for name, spoil := range map[string]func(v []state.Value) []state.Value{
		"turn: 2 is not from -1 to 1": func(v []state.Value) []state.Value { v[0].Int = 2; return v },
		"fire: -1":                    func(v []state.Value) []state.Value { v[1].Int = -1; return v },
		"path: 101":                   func(v []state.Value) []state.Value { v[6].Int = 101; return v },
		"say: 6 bytes":                func(v []state.Value) []state.Value { v[9].Str = "abcdef"; return v },
		"say: not UTF-8":              func(v []state.Value) []state.Value { v[9].Str = "\xff"; return v },
		"11 values where 12":          func(v []state.Value) []state.Value { return v[1:] },
	} {
		if err := shape.Check(spoil(m.Store(nil, order{}))); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("got %v, want %s", err, name)
		}
	}
}

func TestMessageRefusals(t *testing.T) {
	type bad struct {
		A  float64
		B  int64
		C  int8   `range:"0..300"`
		D  int8   `range:"5"`
		E  bool   `range:"0..1"`
		F  string `max:"0"`
		G  int8   `max:"3"`
		H  uint8  `range:"0..5" press:""`
		I  []int8
		J  struct{ X int8 }
		k  int8
		L  [600]int8
		M  int8 `sync:""`
		N  [2]string
		OK int8
		Ok int8
	}
	_, err := state.CompileMessage("bad", reflect.TypeFor[bad]())
	for _, want := range []string{
		"bad.A: float64 cannot be sent", "bad.B: int64 needs a range", "bad.C: range:\"0..300\" is not", "bad.D: range:\"5\"",
		"bad.E: range is for integers", "bad.F: max:\"0\"", "bad.G: max is for strings", "bad.H: presses are OR-ed", "bad.I: []int8 cannot",
		"bad.J: struct", "bad.k: an unexported", "bad.L: an array in a message", "bad.M: messages have no sync", "bad.N: [2]string",
		`bad.Ok: two fields are called "ok"`,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no fault has %q", want)
		}
	}
	if t.Failed() {
		t.Log(err)
	}
}
