package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/sandlot-server/sandlot/lobby/bus"
)

// kindTickets is the kind of bus.Records that tickets are.
const kindTickets = "tickets"

// shared is the Book of instances that share a queue.
type shared struct {
	*shelf[*Record]
	leader
	keep time.Duration // what became of a ticket is known for so long

	doubtsMu sync.Mutex
	doubts   map[string]*Record // perhaps written
}

var _ Book = (*shared)(nil)

// newShared makes a Book of all instances that use the same records. Who leads is
// the matcher, for cfg.Lease after it was last heard of. Saw is told of tickets
// that are known here and have changed, under a lock.
func newShared(records bus.Records, b bus.Bus, cfg Config, log *slog.Logger, saw func(was, now *Record)) Book {
	s := newShelf(kindTickets, records, b, cfg.Tickets, readTicket, log)
	s.seen = saw
	return &shared{shelf: s, leader: newLeader(s, cfg.Lease), keep: cfg.Keep, doubts: map[string]*Record{}}
}

func readTicket(r bus.Record) (*Record, error) {
	rec := new(Record)
	if err := json.Unmarshal(r.Value, rec); err != nil {
		return nil, fmt.Errorf("read ticket: %w", err)
	}
	if rec.ID != r.ID || rec.Version != r.Version || len(rec.Players) == 0 {
		return nil, errors.New("read ticket: it is not what it says")
	}
	rec.wait = rec.waits()
	return rec, nil
}

// names are the player's own while the ticket lives, and the key as long as it is known.
func (r *Record) names() (all []string) {
	if r.Key != "" {
		all = append(all, fmt.Sprintf("key:%d:%s%s", len(r.Players[0].ID), r.Players[0].ID, r.Key))
	}
	if r.Over() {
		return all
	}
	for _, p := range r.Players {
		all = append(all, "player:"+p.ID)
	}
	return all
}

// liveFor is how long past its time a ticket is kept whose matcher is not there
// to say that it has expired.
const liveFor = time.Minute

// record implements item.
func (r *Record) record() (bus.Record, error) {
	value, err := json.Marshal(r)
	if err != nil {
		return bus.Record{}, fmt.Errorf("write ticket: %w", err)
	}
	ttl := time.Until(r.Until)
	if !r.Over() {
		ttl += liveFor
	}
	return bus.Record{ID: r.ID, Version: r.Version, Value: value, Names: r.names(), TTL: max(ttl, time.Second)}, nil
}

// id implements item.
func (r *Record) id() string { return r.ID }

// version implements item.
func (r *Record) version() uint64 { return r.Version }

// anew implements item: an offer is not made again.
func (r *Record) anew(now time.Time) (*Record, bool) {
	if !now.Before(r.Until) {
		return nil, false
	}
	c := *r
	c.Version = 1
	if c.State == Offered {
		c.State, c.Offer = Queued, nil
	}
	return &c, true
}

// instead implements item: what is over stays so.
func (r *Record) instead(of *Record) (*Record, bool) {
	if !r.Over() || of.Over() {
		return nil, false
	}
	c := *r
	c.Version = of.Version + 1
	return &c, true
}

// Add implements Book.
func (s *shared) Add(ctx context.Context, r *Record) (*Record, error) {
	for range 3 {
		err := s.put(ctx, 0, r)
		held := new(bus.Held)
		if !errors.As(err, &held) {
			err = bookError(err)
			if err != nil && !errors.Is(err, ErrFull) && !errors.Is(err, ErrStale) {
				s.doubt(r)
			}
			return r, err
		}
		if r.Key == "" || held.Name != r.names()[0] {
			return nil, ErrBusy
		}
		same, err := s.get(ctx, held.ID)
		if !errors.Is(err, bus.ErrNone) {
			return same, bookError(err)
		}
		// It was forgotten meanwhile.
	}
	return nil, ErrStale
}

// Get implements Book.
func (s *shared) Get(ctx context.Context, id string) (*Record, error) {
	r, err := s.get(ctx, id)
	return r, bookError(err)
}

// Change implements Book.
func (s *shared) Change(ctx context.Context, term uint64, next ...*Record) error {
	err := s.put(ctx, term, next...)
	if term != 0 {
		s.changed(ctx, err, next)
	}
	return bookError(err)
}

// Watch implements Book.
func (s *shared) Watch(id string) (<-chan struct{}, func()) { return s.watch(id) }

// Sweep implements Book: records end by themselves.
func (s *shared) Sweep(context.Context, time.Time) error { return nil }

// bookError is a Book's word for an error of bus.Records.
func bookError(err error) error {
	switch {
	case errors.Is(err, bus.ErrNone):
		return ErrNone
	case errors.Is(err, bus.ErrFull):
		return ErrFull
	case errors.Is(err, bus.ErrStale):
		return ErrStale
	case errors.Is(err, bus.ErrDeposed), errors.Is(err, bus.ErrLed):
		return ErrFollows
	}
	return err
}
