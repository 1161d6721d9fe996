package feed_test

import (
	"errors"
	"reflect"
	"testing"

	"github.com/sandlot-server/sandlot/lobby/feed"
)

func frames() []feed.Frame {
	return []feed.Frame{
		{Print: 7, Epoch: 1, Seq: 1, Messages: [][]byte{}},
		{Print: 1 << 63, Epoch: 1 << 60, Seq: 1 << 40, Messages: [][]byte{{1, 2}, {3}}, State: []byte{9, 9, 9}},
		{Epoch: 2, Seq: 3, Messages: [][]byte{}, Whole: true, Standing: [][]byte{{5}}, Barred: []string{"id", ""}, State: []byte{8}},
	}
}

func TestFrame(t *testing.T) {
	for _, want := range frames() {
		encoded := want.Append(nil)
		got, err := feed.Decode(encoded)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got.Append(nil), encoded) || got.Seq != want.Seq || got.Print != want.Print || !reflect.DeepEqual(got.State, want.State) {
			t.Errorf("%+v became %+v", want, got)
		}
		for n := range encoded {
			if _, err := feed.Decode(encoded[:n]); err == nil {
				t.Errorf("%d of %d bytes were read", n, len(encoded))
			}
		}
		if _, err := feed.Decode(append(encoded, 0)); err == nil {
			t.Error("a byte too many was read")
		}
	}
	if _, err := feed.Decode([]byte{2, 0}); !errors.Is(err, feed.ErrVersion) {
		t.Errorf("another version: %v", err)
	}
}

// What a frame claims to hold is not made before it is there.
func TestBomb(t *testing.T) {
	head := []byte{1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0}
	bombs := [][]byte{
		append(head, 0xff, 0xff, 0xff, 0xff, 0x0f),                      // messages
		append(head, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f), // bytes of one
	}
	for _, b := range bombs {
		if n := testing.AllocsPerRun(10, func() { _, _ = feed.Decode(b) }); n > 4 {
			t.Errorf("%x makes %v allocations", b, n)
		}
		if _, err := feed.Decode(b); err == nil {
			t.Errorf("%x was read", b)
		}
	}
}
