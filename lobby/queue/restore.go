package queue

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/sandlot-server/sandlot/lobby/bus"
)

// Bounds of writing again what was lost.
const (
	restorePage  = 100 // records in one write
	restoreTries = 10  // records that fail before the rest is left to the next poll
)

// lastLoss is when the poll last saw that all was lost; the zero time: never.
func (s *shelf[T]) lastLoss() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lostAt
}

// heldByLoss says whether what was lost may still be written again, here or by
// others.
func (s *shelf[T]) heldByLoss(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.lost) > 0 || !s.lostAt.IsZero() && now.Before(s.lostAt.Add(restoreWait))
}

// errRestoring says that something is not kept, but may be in a moment.
var errRestoring = errors.New("records were lost and are written again")

// none is what it means that something was not found: that it is not there, or
// that all was lost, which may be seen here before the poll does.
func (s *shelf[T]) none(ctx context.Context) error {
	if s.bus == nil {
		return bus.ErrNone // alone: nothing is lost
	}
	f, err := s.records.Written(ctx, s.kind, 0, 1)
	if err != nil {
		return err
	}
	epoch := s.seenEpoch()
	if s.isOlder(f) {
		return errRestoring // the poll sees to it
	}
	if s.heldByLoss(time.Now()) || epoch != 0 && f.Epoch != epoch {
		return errRestoring
	}
	return bus.ErrNone
}

// isOlder says whether what is kept has been put back to an earlier time, which counts
// less than was seen; answers that overtake each other look the same. Else it
// remembers what was seen.
func (s *shelf[T]) isOlder(f bus.Feed) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Epoch != s.epoch { // all is lost, or this is the first that is seen
		return false
	}
	if f.Count < s.count {
		return true
	}
	s.count = f.Count
	return false
}

// renew has all forgotten that is kept of an earlier time, unless it only seemed so: then
// nobody decides by it, and it is written again as after a loss.
func (s *shelf[T]) renew(ctx context.Context) error {
	s.mu.Lock()
	epoch, count := s.epoch, s.count
	s.mu.Unlock()
	return s.records.Renew(ctx, s.kind, epoch, count)
}

// noteLoss remembers what is to be written again: what was known here a moment
// before. Versions begin anew. Under mu.
func (s *shelf[T]) noteLoss(now time.Time) {
	fresh := now.Sub(s.whole) < knownFor
	s.lostAt = now
	clear(s.lost)
	for id, i := range s.known {
		if again, lasts := i.anew(now); lasts && fresh {
			s.known[id], s.lost[id] = again, again
		} else {
			delete(s.known, id)
		}
	}
	if len(s.lost) > 0 {
		s.log.Warn("the shared records were lost; what is known here is written again", "kind", s.kind, "records", len(s.lost))
	}
}

// noteLost remembers one that was written while all was lost, before that or
// after. Under mu.
func (s *shelf[T]) noteLost(now time.Time, id string, i T) {
	again, lasts := i.anew(now)
	_, have := s.known[id]
	switch {
	case !lasts:
		delete(s.known, id)
		delete(s.lost, id)
	case have || len(s.known) < s.most:
		s.known[id], s.lost[id] = again, again
	}
}

// unwritten is what is still to be written again. For what is older than
// knownFor others have long decided without it.
func (s *shelf[T]) unwritten(now time.Time) (all []T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Sub(s.lostAt) >= knownFor {
		clear(s.lost)
	}
	for id, i := range s.lost {
		if _, lasts := i.anew(now); lasts {
			all = append(all, i)
		} else {
			delete(s.lost, id)
		}
	}
	return all
}

// restore writes again what was lost, and says whether there was anything. What
// does not get through is left to the next poll. For most of it somebody else may
// have done so already.
func (s *shelf[T]) restore(ctx context.Context) (tried bool) {
	all, failed := s.unwritten(time.Now()), 0
	for part := range slices.Chunk(all, restorePage) {
		if s.apart(part) && s.put(ctx, 0, part...) == nil {
			s.settled(part...)
			continue
		}
		for _, i := range part {
			if err := s.writeAgain(ctx, i); err != nil {
				s.log.Debug("a record is not written again yet", "kind", s.kind, "err", err)
				if failed++; failed == restoreTries {
					return true
				}
				continue
			}
			s.settled(i)
		}
	}
	return len(all) > 0
}

// apart says whether no two of items have a name in common: in one write it would
// go from one to the other, and both would be kept.
func (s *shelf[T]) apart(items []T) bool {
	seen := map[string]bool{}
	for _, i := range items {
		r, err := i.record()
		if err != nil {
			return false
		}
		for _, name := range r.Names {
			if seen[name] {
				return false
			}
			seen[name] = true
		}
	}
	return true
}

// settled notes that nothing more is to be done about items.
func (s *shelf[T]) settled(items ...T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range items {
		if s.lost[i.id()] == i {
			delete(s.lost, i.id())
		}
	}
}

// writeAgain writes one, unless others are in its place by now or there is no room.
func (s *shelf[T]) writeAgain(ctx context.Context, i T) error {
	err := s.put(ctx, 0, i)
	if errors.Is(err, bus.ErrStale) {
		return s.insist(ctx, i)
	}
	if held := new(bus.Held); errors.As(err, &held) || errors.Is(err, bus.ErrFull) {
		s.log.Debug("a record has no place any more", "kind", s.kind, "err", err)
		return nil
	}
	return err
}

// insist replaces what somebody who knew less has written again.
func (s *shelf[T]) insist(ctx context.Context, i T) error {
	before := s.lastLoss()
	all, err := s.records.Read(ctx, s.kind, i.id())
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return bus.ErrStale // it was there a moment ago
	}
	of, err := s.take(before, all[0])
	if err != nil {
		return nil // of another version, which knows better
	}
	if next, ok := i.instead(of); ok {
		return s.put(ctx, 0, next)
	}
	return nil
}
