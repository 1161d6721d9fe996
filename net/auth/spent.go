package auth

import (
	"sync"
	"time"
)

// spent remembers ids for at least keep and at most twice that. Bounded to max
// ids a generation: above, spending is refused.
type spent struct {
	keep time.Duration
	max  int

	mu       sync.Mutex
	turned   time.Time
	now, old map[string]struct{}
}

func newSpent(keep time.Duration, max int) *spent {
	return &spent{keep: keep, max: max, now: map[string]struct{}{}}
}

// spend takes id, once.
func (s *spent) spend(id string, now time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if past := now.Sub(s.turned); past >= s.keep {
		s.old, s.now, s.turned = s.now, map[string]struct{}{}, now
		if past >= 2*s.keep {
			s.old = nil
		}
	}
	if _, is := s.now[id]; is {
		return ErrSpent
	}
	if _, is := s.old[id]; is {
		return ErrSpent
	}
	if len(s.now) >= s.max {
		return ErrFull
	}
	s.now[id] = struct{}{}
	return nil
}
