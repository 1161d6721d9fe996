package state_test

import (
	"bytes"
	"errors"
	"math"
	"reflect"
	"runtime"
	"testing"

	"github.com/sandlot-server/sandlot/game/state"
	"pgregory.net/rapid"
)

func TestSaveRestore(t *testing.T) {
	layout := compile[world](t)
	rapid.Check(t, func(t *rapid.T) {
		w := &world{cache: map[int]int{1: 1}, Pi: math.Pi, Options: options{Rounds: 3, Hard: true}}
		layout.Bind(w)
		for range rapid.IntRange(0, 15).Draw(t, "changes") {
			w.change(t)
		}
		saved := layout.Save([]byte("head"), w)
		restored := &world{}
		restored.Ships.Add(1, ship{}) // replaced
		rest, err := layout.Restore(append(saved[4:len(saved):len(saved)], "tail"...), restored)
		if err != nil || string(rest) != "tail" {
			t.Fatalf("restore: %v, rest %q", err, rest)
		}
		if again := layout.Save([]byte("head"), restored); !bytes.Equal(again, saved) || state.Hash(again) != state.Hash(saved) {
			t.Fatalf("saved again:\ngot  %x\nwant %x", again, saved)
		}
		if restored.Ships.Max() != 12 || restored.cache != nil {
			t.Fatal("bounds are not those of the tags, or scratch was restored")
		}
		a, _ := w.Ships.Add(1, ship{})
		b, _ := restored.Ships.Add(1, ship{})
		if a != b {
			t.Fatalf("next id %d, want %d", b, a)
		}
		if !reflect.DeepEqual(w.Log, restored.Log) || w.Options != restored.Options {
			t.Fatalf("got %+v, want %+v", restored, w)
		}
	})
}

// extremes are the values at the ends of every type.
type extremes struct {
	A, B int8
	C, D int64
	E, F uint64
	G, H int
	I, J float64
	K    float32
	L, M []int16
	N    string
	O    [2][2]bool
	P    uint16
	Q    int32
	_    int32
}

func TestSaveExtremes(t *testing.T) {
	l := compile[extremes](t)
	want := extremes{
		A: math.MinInt8, B: math.MaxInt8, C: math.MinInt64, D: math.MaxInt64, E: math.MaxUint64, F: 1 << 63,
		G: math.MinInt, H: math.MaxInt, I: math.Inf(-1), J: math.Copysign(0, -1), K: math.SmallestNonzeroFloat32,
		M: []int16{}, N: "\x00\xff", O: [2][2]bool{{true}, {false, true}}, P: math.MaxUint16, Q: math.MinInt32,
	}
	var got extremes
	if _, err := l.Restore(l.Save(nil, &want), &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("%v\ngot  %+v\nwant %+v", err, got, want)
	}
	if math.Float64bits(got.J) != math.Float64bits(want.J) {
		t.Fatal("-0 became 0")
	}
}

func TestRestoreRefuses(t *testing.T) {
	type first struct{ A, B int32 }
	type second struct{ A, C int32 }
	saved := compile[first](t).Save(nil, &first{1, 2})
	if _, err := compile[second](t).Restore(saved, &second{}); !errors.Is(err, state.ErrLayout) {
		t.Fatalf("a save of another layout: %v", err)
	}
	l := compile[first](t)
	for n := range saved {
		if _, err := l.Restore(saved[:n], &first{}); !errors.Is(err, state.ErrCorrupt) {
			t.Fatalf("%d of %d bytes: %v", n, len(saved), err)
		}
	}
	newer := bytes.Clone(saved)
	newer[0]++
	if _, err := l.Restore(newer, &first{}); !errors.Is(err, state.ErrLayout) {
		t.Fatalf("another format: %v", err)
	}
	wide := append(bytes.Clone(saved[:9]), 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0)
	if _, err := l.Restore(wide, &first{}); !errors.Is(err, state.ErrCorrupt) {
		t.Fatalf("an int32 of 41 bits: %v", err)
	}
}

// TestRestoreClaims sees that claimed lengths allocate nothing.
func TestRestoreClaims(t *testing.T) {
	type game struct {
		Rows state.Table[ship]
		List [][]string
		Text string
	}
	l := compile[game](t)
	head := l.Save(nil, &game{})[:9]
	huge := []byte{0xff, 0xff, 0xff, 0xff, 0x07}
	for name, body := range map[string][]byte{
		"rows":  append([]byte{5}, huge...),
		"list":  append([]byte{0, 0}, huge...),
		"text":  append([]byte{0, 0, 0}, huge...),
		"ids":   {1, 2, 0, 0},
		"owner": append([]byte{1, 1, 0}, huge...),
	} {
		src := append(bytes.Clone(head), body...)
		var err error
		bytesUsed := allocated(100, func() { _, err = l.Restore(src, &game{}) })
		if !errors.Is(err, state.ErrCorrupt) || bytesUsed > 4096 {
			t.Errorf("%s: %v; %d bytes allocated", name, err, bytesUsed)
		}
	}
}

// allocated is how many bytes a call of f allocates.
func allocated(runs int, f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range runs {
		f()
	}
	runtime.ReadMemStats(&after)
	return (after.TotalAlloc - before.TotalAlloc) / uint64(runs)
}
