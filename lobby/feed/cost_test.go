package feed_test

import (
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/lobby/feed"
)

// fromHome makes one frame after the other, of a match that runs on.
func fromHome(tb testing.TB) (next func()) {
	h := newHome(tb, 1)
	c := feed.NewCarrier(nil, func(int) {}, nil) // does not run: all stays in the outlet
	o := c.Outlet("x")
	now := time.Unix(1000, 0)
	var buf []byte
	return func() {
		now = now.Add(time.Millisecond)
		h.runner.Step()
		var did bool
		if buf, did = h.sender.Append(buf[:0], h.runner, h, now, false); did {
			o.Put(buf)
		}
	}
}

// In the steady state the home makes nothing new for a frame but its copy for the
// bus: what it costs is the same each tick, and for any number of viewers.
func TestFramesCostNoMemory(t *testing.T) {
	next := fromHome(t)
	for range 1000 {
		next()
	}
	if n := testing.AllocsPerRun(1000, next); n > allocsPerFrame {
		t.Errorf("%v allocations a frame", n)
	}
}

func BenchmarkFrame(b *testing.B) {
	next := fromHome(b)
	b.ReportAllocs()
	for b.Loop() {
		next()
	}
}
