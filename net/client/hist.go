package client

import (
	"fmt"
	"math/bits"
	"time"
)

const (
	histSteps   = 32 // to each doubling: within 3.2 %
	histOctaves = 22 // from 32 µs up to 2^27 µs, some two minutes
)

// Hist counts durations in steps of 3 %, from a microsecond to two minutes, in a
// fixed 3 KiB. The zero value is empty. It is not safe for concurrent use.
type Hist struct {
	counts [histSteps * (histOctaves + 1)]uint32
	n      uint64
}

// Add counts d; what is beyond the ends is counted at the end.
func (h *Hist) Add(d time.Duration) {
	h.counts[bucket(uint64(max(d.Microseconds(), 0)))]++
	h.n++
}

// Merge adds what other has counted.
func (h *Hist) Merge(other *Hist) {
	for i, n := range other.counts {
		h.counts[i] += n
	}
	h.n += other.n
}

// Count returns how many were added.
func (h *Hist) Count() uint64 { return h.n }

// Quantile returns the duration that the share q of all is at or below, rounded
// up to its step; 0 when empty.
func (h *Hist) Quantile(q float64) time.Duration {
	if h.n == 0 {
		return 0
	}
	want := uint64(q * float64(h.n))
	want = min(max(want, 1), h.n)
	var seen uint64
	for i, n := range h.counts {
		if seen += uint64(n); seen >= want {
			return time.Duration(upper(i)) * time.Microsecond
		}
	}
	return time.Duration(upper(len(h.counts)-1)) * time.Microsecond
}

// String gives the count, the median and the 99th percentile.
func (h Hist) String() string {
	return fmt.Sprintf("%d, p50 %v, p99 %v", h.n, h.Quantile(0.5), h.Quantile(0.99))
}

// bucket: below histSteps one microsecond each, then histSteps to a doubling.
func bucket(us uint64) int {
	if us < histSteps {
		return int(us)
	}
	octave := bits.Len64(us) - 6 // 32…63 is octave 0
	i := histSteps*(octave+1) + int(us>>octave) - histSteps
	return min(i, histSteps*(histOctaves+1)-1)
}

// upper is the largest duration of bucket i.
func upper(i int) uint64 {
	if i < histSteps {
		return uint64(i)
	}
	octave := i/histSteps - 1
	return uint64(histSteps+i%histSteps+1)<<octave - 1
}
