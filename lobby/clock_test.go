package lobby

import (
	"testing"
	"time"
)

func TestClockDoesNotDrift(t *testing.T) {
	for _, rate := range []int{1, 7, 20, 30, 60, 120} {
		start := time.Unix(1000, 0)
		c := startClock(start, rate, 0)
		const seconds = 3 * 3600
		ticks := int64(0)
		for c.deadline().Before(start.Add(seconds * time.Second)) {
			run, slip := c.take(c.deadline().Add(300 * time.Microsecond)) // always a little late
			if run != 1 || slip != 0 {
				t.Fatalf("rate %d: %d ticks, %d slipped", rate, run, slip)
			}
			ticks++
		}
		if ticks != int64(rate)*seconds {
			t.Errorf("rate %d: %d ticks in %d s", rate, ticks, seconds)
		}
	}
}

func TestClockCatchesUpAndSlips(t *testing.T) {
	start := time.Unix(1000, 0)
	for _, test := range []struct {
		behind    time.Duration
		run, slip int64
	}{
		{-time.Nanosecond, 0, 0},
		{0, 1, 0},
		{49 * time.Millisecond, 1, 0},
		{50 * time.Millisecond, 2, 0},
		{150 * time.Millisecond, 4, 0},
		{200 * time.Millisecond, 4, 1},
		{time.Hour, 4, 72000 - 3},
	} {
		c := startClock(start, 20, 0)
		run, slip := c.take(start.Add(test.behind))
		if run != test.run || slip != test.slip {
			t.Errorf("%v behind: %d ticks, %d slipped, want %d and %d", test.behind, run, slip, test.run, test.slip)
		}
		if run == 0 {
			continue
		}
		// Afterwards it goes on in its rhythm, in the future.
		next := c.deadline().Sub(start.Add(test.behind))
		if next <= 0 || next > 50*time.Millisecond {
			t.Errorf("%v behind: the next tick is due in %v", test.behind, next)
		}
		if run, slip := c.take(start.Add(test.behind)); run != 0 || slip != 0 {
			t.Errorf("%v behind: again %d ticks and %d slipped at once", test.behind, run, slip)
		}
	}
}

// Whenever they begin, clocks of one rate tick as far apart as their parts are.
func TestClocksKeepTheirDistance(t *testing.T) {
	start := time.Unix(1000, 0)
	for i := range 100 {
		now := start.Add(time.Duration(i) * 7321 * time.Microsecond)
		for _, part := range []float64{0, 0.25, 0.9} {
			c := startClock(now, 20, part)
			first := c.deadline()
			if wait := first.Sub(now); wait < 0 || wait >= 50*time.Millisecond {
				t.Fatalf("begun at %v: the first tick is due in %v", now, wait)
			}
			if at := first.Sub(start) % (50 * time.Millisecond); at != time.Duration(part*5e7) {
				t.Errorf("begun at %v: ticks %v into the period, want %v of it", now, at, part)
			}
		}
	}
}

func TestStaggerSpreads(t *testing.T) {
	const lobbies, parts = 1000, 20
	var in [parts]int
	for n := range uint64(lobbies) {
		in[int(stagger(n)*parts)]++
	}
	for i, n := range in {
		if n < lobbies/parts*9/10 || n > lobbies/parts*11/10 {
			t.Errorf("%d of %d lobbies tick in part %d of %d", n, lobbies, i, parts)
		}
	}
}
