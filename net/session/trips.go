package session

import "time"

// trips is the least round trip of the last 10 s: one minimum a second.
type trips struct {
	slots [10]trip
}

type trip struct {
	second uint32 // since the session began, plus one; 0: empty
	least  uint32 // microseconds
}

// add notes a round trip of d at now, a time since the session began.
func (t *trips) add(d, now time.Duration) {
	second := uint32(now/time.Second) + 1
	s := &t.slots[second%uint32(len(t.slots))]
	if us := max(1, micros(d)); s.second != second || us < s.least {
		*s = trip{second, us}
	}
}

// least is the smallest of the last 10 s, 0 if there is none.
func (t *trips) least(now time.Duration) time.Duration {
	second := uint32(now/time.Second) + 1
	best := uint32(0)
	for _, s := range t.slots {
		if s.second == 0 || second-s.second >= uint32(len(t.slots)) {
			continue
		}
		if best == 0 || s.least < best {
			best = s.least
		}
	}
	return time.Duration(best) * time.Microsecond
}
