package queue

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/sandlot-server/sandlot/lobby/bus"
)

// Times and bounds of shelves.
const (
	pollEvery = time.Second     // what was written elsewhere is asked for: wake-ups may be lost
	callWait  = time.Second     // a call of a shelf's own takes no longer
	pollPage  = 1000            // records that one call of the poll names
	maxWakes  = 500             // ids in one message
	maxDirty  = 50_000          // ids that wait to be told; further ones are left to the poll
	knownFor  = 2 * time.Minute // so long after it last knew all, a shelf may write again what was lost
)

// wakeMessage is what instances tell each other.
type wakeMessage struct {
	IDs []string `json:"ids"`
}

// run tells, hears and polls until ctx is done.
func (s *shelf[T]) run(ctx context.Context) {
	var own sync.WaitGroup
	defer own.Wait()
	if s.bus != nil {
		sub := s.bus.Subscribe(s.channel(), bus.Handler{Message: s.heard, Gap: s.missed})
		defer sub.Close()
		own.Go(func() { s.tell(ctx) })
	}
	timer := time.NewTicker(pollEvery)
	defer timer.Stop()
	for {
		s.poll(ctx)
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
	}
}

func (s *shelf[T]) channel() string { return "changed:" + s.kind }

// heard wakes those who wait for what was changed elsewhere.
func (s *shelf[T]) heard(payload []byte) {
	var m wakeMessage
	if json.Unmarshal(payload, &m) != nil {
		return // of another version: the poll sees to it
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range m.IDs {
		if _, known := s.known[id]; known {
			s.told[id] = true
		}
		s.wake(id)
	}
}

// missed wakes all: they look for themselves.
func (s *shelf[T]) missed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id := range s.watchers {
		s.wake(id)
	}
}

// tell tells other instances what was changed here.
func (s *shelf[T]) tell(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.poke:
		}
		for m := s.untold(); len(m.IDs) > 0; m = s.untold() {
			payload, err := json.Marshal(m)
			if err == nil {
				bounded, cancel := context.WithTimeout(ctx, callWait)
				err = s.bus.Publish(bounded, s.channel(), payload)
				cancel()
			}
			if err != nil {
				s.log.Debug("others are not told of changes: their poll sees them", "kind", s.kind, "err", err)
			}
		}
	}
}

func (s *shelf[T]) untold() (m wakeMessage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id := range s.dirty {
		if len(m.IDs) == maxWakes {
			break
		}
		m.IDs = append(m.IDs, id)
		delete(s.dirty, id)
	}
	return m
}

// errLost says that all that was kept is gone.
var errLost = errors.New("all records are lost")

// poll wakes those who wait for what was written since, and looks again at what
// is known here.
func (s *shelf[T]) poll(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 5*callWait)
	defer cancel()
	err := s.catchUp(ctx)
	lost := errors.Is(err, errLost)
	if err == nil || lost {
		if tried := s.restore(ctx); tried || lost {
			err = s.catchUp(ctx)
		}
	}
	if err != nil {
		return // next time
	}
	if err := s.look(ctx); err != nil {
		s.log.Debug("what others have ended is known for longer", "kind", s.kind, "err", err)
	}
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.whole = now
	for id, i := range s.known {
		if _, lasts := i.anew(now); !lasts {
			delete(s.known, id)
		}
	}
}

func (s *shelf[T]) catchUp(ctx context.Context) error {
	for {
		f, err := s.records.Written(ctx, s.kind, s.from, pollPage)
		if err != nil {
			return err
		}
		if s.isOlder(f) {
			if err := s.renew(ctx); err != nil {
				return err
			}
			continue
		}
		s.mu.Lock()
		was := s.epoch
		if s.epoch = f.Epoch; was != f.Epoch {
			s.count = f.Count
		}
		if was != 0 && f.Epoch != was {
			s.noteLoss(time.Now())
			s.mu.Unlock()
			s.from = 0
			return errLost
		}
		before := s.lostAt
		var again []string
		for _, id := range f.IDs {
			if _, known := s.known[id]; known {
				again = append(again, id)
			}
			delete(s.told, id)
			s.wake(id)
		}
		s.mu.Unlock()
		all, err := s.records.Read(ctx, s.kind, again...)
		if err != nil {
			return err
		}
		for _, r := range all {
			if _, err := s.take(before, r); err != nil {
				s.log.Debug("a record cannot be read", "kind", s.kind, "err", err)
			}
		}
		if f.Next == s.from {
			return nil
		}
		s.from = f.Next
	}
}

// seenEpoch is the epoch that the poll saw last; 0: none.
func (s *shelf[T]) seenEpoch() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.epoch
}
