package queue

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/sandlot-server/sandlot/lobby/bus"
)

// item is what a shelf keeps: never changed, only replaced by the next version.
type item[T any] interface {
	comparable
	record() (bus.Record, error)
	id() string
	version() uint64
	// anew is how it is written again if all was lost; false if it need not be
	// known any longer.
	anew(now time.Time) (T, bool)
	// instead is what it makes of one that somebody who knew less has written
	// again; false leaves that.
	instead(of T) (T, bool)
}

// shelf is one kind of bus.Records as this instance uses it: it wakes those who
// wait for a change, wherever that is made, and writes what it knows again when
// all was lost. Its methods are called from many goroutines.
type shelf[T item[T]] struct {
	kind    string
	records bus.Records
	bus     bus.Bus // nil: alone
	most    int
	read    func(bus.Record) (T, error)
	seen    func(was, now T) // an item changed; was may be the zero. Called under mu. nil: nobody asks
	log     *slog.Logger
	poke    chan struct{} // one: dirty has something

	mu       sync.Mutex
	watchers map[string]*watcher
	known    map[string]T // as seen last; bounded by most
	lost     map[string]T // of known: to be written again
	dirty    map[string]bool
	told     map[string]bool // of known: others have changed it, and no poll has named it since
	whole    time.Time       // when the poll last knew all
	epoch    uint64          // that the poll saw last
	count    uint64          // the highest that was seen in it
	lostAt   time.Time       // when the poll saw that all was lost; zero: never

	from  uint64 // of the poll alone
	polls int    // of the poll alone
}

// watcher is all who wait for one item.
type watcher struct {
	changed chan struct{}
	waiting int
}

func newShelf[T item[T]](kind string, records bus.Records, b bus.Bus, most int, read func(bus.Record) (T, error), log *slog.Logger) *shelf[T] {
	return &shelf[T]{
		kind: kind, records: records, bus: b, most: most, read: read, log: log, poke: make(chan struct{}, 1),
		watchers: map[string]*watcher{}, known: map[string]T{}, lost: map[string]T{}, dirty: map[string]bool{}, told: map[string]bool{},
	}
}

// put writes items, all or none, and wakes who waits for them. A term other than
// 0 is the leader's.
func (s *shelf[T]) put(ctx context.Context, term uint64, items ...T) error {
	c := bus.Change{Term: term, Most: s.most}
	before := s.lastLoss()
	for _, i := range items {
		r, err := i.record()
		if err != nil {
			return err
		}
		c.Records = append(c.Records, r)
	}
	if err := s.records.Write(ctx, s.kind, c); err != nil {
		return err
	}
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, r := range c.Records {
		if before.Equal(s.lostAt) {
			s.note(now, before, r.ID, items[i])
		} else {
			s.noteLost(now, r.ID, items[i]) // perhaps with the rest
		}
		s.wake(r.ID)
		if s.bus != nil && len(s.dirty) < maxDirty {
			s.dirty[r.ID] = true
		}
	}
	select {
	case s.poke <- struct{}{}:
	default: // it will look anyway
	}
	return nil
}

// get reads one; bus.ErrNone if it is not kept, errRestoring if it may come back.
func (s *shelf[T]) get(ctx context.Context, id string) (none T, err error) {
	before := s.lastLoss()
	all, err := s.records.Read(ctx, s.kind, id)
	if err != nil {
		return none, err
	}
	if len(all) == 0 {
		return none, s.none(ctx)
	}
	return s.take(before, all[0])
}

// named reads the one that has a name; bus.ErrNone if none has, errRestoring if
// it may come back.
func (s *shelf[T]) named(ctx context.Context, name string) (none T, err error) {
	before := s.lastLoss()
	r, err := s.records.Named(ctx, s.kind, name)
	if errors.Is(err, bus.ErrNone) {
		err = s.none(ctx)
	}
	if err != nil {
		return none, err
	}
	return s.take(before, r)
}

// take reads what was kept. Before is the last loss when it was asked for.
func (s *shelf[T]) take(before time.Time, r bus.Record) (none T, err error) {
	i, err := s.read(r)
	if err != nil {
		return none, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note(time.Now(), before, r.ID, i)
	return i, nil
}

// note remembers how an item is, unless it is known to be further: answers may
// come in another order than they were asked for. Before is the last loss when
// that was; versions from before and after another one do not compare. Under mu.
func (s *shelf[T]) note(now, before time.Time, id string, i T) {
	was, have := s.known[id]
	if !before.Equal(s.lostAt) || have && was.version() > i.version() {
		return
	}
	if s.seen != nil {
		s.seen(was, i)
	}
	switch _, lasts := i.anew(now); {
	case !lasts:
		delete(s.known, id)
		delete(s.lost, id)
	case have || len(s.known) < s.most:
		s.known[id] = i
	}
}

// watch returns a channel that is closed when the item may have changed. The
// caller calls done when it no longer waits.
func (s *shelf[T]) watch(id string) (changed <-chan struct{}, done func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.watchers[id]
	if w == nil {
		w = &watcher{changed: make(chan struct{})}
		s.watchers[id] = w
	}
	w.waiting++
	return w.changed, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if w.waiting--; w.waiting == 0 && s.watchers[id] == w {
			delete(s.watchers, id)
		}
	}
}

// wake wakes those who wait for an item. Under mu.
func (s *shelf[T]) wake(id string) {
	if w := s.watchers[id]; w != nil {
		close(w.changed)
		delete(s.watchers, id)
	}
}
