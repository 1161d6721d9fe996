package queue

import (
	"context"
	"errors"
	"time"
)

// maxDoubts is how many tickets may be in doubt; further ones expire.
const maxDoubts = 1000

// doubt remembers a ticket of which nobody knows whether it was written. Its
// player was told that it was not, has no key to find it by, and could ask for no
// other one as long as it waited.
func (s *shared) doubt(r *Record) {
	if r.Key != "" {
		return
	}
	s.doubtsMu.Lock()
	defer s.doubtsMu.Unlock()
	if len(s.doubts) < maxDoubts {
		s.doubts[r.ID] = r
	}
}

// settleDoubts cancels those that were written after all.
func (s *shared) settleDoubts(ctx context.Context) {
	s.doubtsMu.Lock()
	ids := make([]string, 0, len(s.doubts))
	for id := range s.doubts {
		ids = append(ids, id)
	}
	s.doubtsMu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, callWait)
	defer cancel()
	for _, id := range ids {
		r, err := s.get(ctx, id)
		if err == nil && !r.Over() {
			err = s.put(ctx, 0, r.over(Cancelled, Failed, time.Now(), s.keep))
		}
		if err != nil && !errors.Is(bookError(err), ErrNone) {
			return // next time
		}
		s.doubtsMu.Lock()
		delete(s.doubts, id)
		s.doubtsMu.Unlock()
	}
}
