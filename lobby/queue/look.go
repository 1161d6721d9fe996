package queue

import (
	"context"
	"maps"
	"slices"
	"time"
)

// Bounds of looking at what is known for what is no longer kept.
const (
	lookEvery = 10   // polls; what others have told of is looked at in the next one
	lookMost  = 1000 // records at once
)

// look forgets what others have ended, which the poll does not name: after a loss
// it would be written again. An error leaves it to a later look. Of the poll alone.
func (s *shelf[T]) look(ctx context.Context) error {
	before, epoch, asked := s.toLookAt()
	if len(asked) == 0 {
		return nil
	}
	all, err := s.records.Read(ctx, s.kind, slices.Collect(maps.Keys(asked))...)
	if err != nil {
		return err
	}
	f, err := s.records.Written(ctx, s.kind, 0, 1)
	if err != nil || f.Epoch != epoch || s.isOlder(f) {
		return err // all is lost, which is for the next poll to see
	}
	for _, r := range all {
		delete(asked, r.ID)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !before.Equal(s.lostAt) {
		return nil
	}
	for id, was := range asked {
		if _, comes := s.lost[id]; !comes && s.known[id] == was {
			delete(s.known, id)
		}
	}
	return nil
}

// toLookAt is what the next look is at, with the loss and the epoch that it is of.
func (s *shelf[T]) toLookAt() (before time.Time, epoch uint64, asked map[string]T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked = map[string]T{}
	for id := range s.told {
		if len(asked) == lookMost {
			break
		}
		delete(s.told, id)
		if i, known := s.known[id]; known {
			asked[id] = i
		}
	}
	if s.polls++; s.polls%lookEvery == 0 {
		for id, i := range s.known {
			if len(asked) == lookMost {
				break
			}
			asked[id] = i
		}
	}
	return s.lostAt, s.epoch, asked
}
