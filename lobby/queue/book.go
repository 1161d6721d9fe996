package queue

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Book keeps tickets. Its methods are called from many goroutines, wait at most
// as long as ctx allows, and each of them happens as a whole or not at all.
// Records that it gives out must not be changed.
type Book interface {
	// Add keeps a new ticket. If the one who asks has one with the same Key, it
	// returns that one instead; if any of its players has one that is not over,
	// ErrBusy; ErrFull if there is no room.
	Add(ctx context.Context, r *Record) (*Record, error)
	// Get returns a ticket, or ErrNone.
	Get(ctx context.Context, id string) (*Record, error)
	// Live returns the tickets that are not over, in no order, to the one instance
	// that decides about them, with its term; ErrFollows to others. It is called
	// from one goroutine.
	Live(ctx context.Context) ([]*Record, uint64, error)
	// Leads says whether what is decided in a term still counts, as far as is
	// known here.
	Leads(term uint64) bool
	// Change replaces records by those of the next version. If any is not at the
	// version before, nothing is changed and the error is ErrStale. Decisions of
	// the matcher are written with its term: ErrFollows if that is over.
	Change(ctx context.Context, term uint64, next ...*Record) error
	// Watch returns a channel that is closed when the ticket may have changed. The
	// caller calls done when it no longer waits.
	Watch(id string) (changed <-chan struct{}, done func())
	// Sweep forgets what is over and whose Until has gone by.
	Sweep(ctx context.Context, now time.Time) error
	// Run does what the Book does by itself until ctx is done, and returns nil.
	Run(ctx context.Context) error
}

// What a Book refuses with.
var (
	ErrNone    = errors.New("no such ticket")
	ErrBusy    = errors.New("a player has another ticket")
	ErrFull    = errors.New("no room for another ticket")
	ErrStale   = errors.New("a ticket has changed meanwhile")
	ErrFollows = errors.New("another instance decides")
)

// memory is the Book of an instance alone.
type memory struct {
	most int

	mu       sync.Mutex
	tickets  map[string]*Record
	live     map[string]*Record
	players  map[string]string // the ticket of each player that is not over
	keys     map[string]string // tickets by who asked and the key given
	watchers map[string]chan struct{}
}

var _ Book = (*memory)(nil)

// NewMemory makes a Book within this process that keeps at most so many tickets.
func NewMemory(most int) Book {
	return &memory{
		most: most, tickets: map[string]*Record{}, live: map[string]*Record{}, players: map[string]string{},
		keys: map[string]string{}, watchers: map[string]chan struct{}{},
	}
}

// keyOf names a ticket by what was given to find it again.
func keyOf(r *Record) string {
	if r.Key == "" {
		return ""
	}
	return r.Players[0].ID + "\x00" + r.Key
}

// Add implements Book.
func (m *memory) Add(_ context.Context, r *Record) (*Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := keyOf(r)
	if id, known := m.keys[key]; known && key != "" {
		return m.tickets[id], nil
	}
	for _, p := range r.Players {
		if m.players[p.ID] != "" {
			return nil, ErrBusy
		}
	}
	if len(m.tickets) >= m.most {
		return nil, ErrFull
	}
	m.tickets[r.ID], m.live[r.ID] = r, r
	for _, p := range r.Players {
		m.players[p.ID] = r.ID
	}
	if key != "" {
		m.keys[key] = r.ID
	}
	return r, nil
}

// Get implements Book.
func (m *memory) Get(_ context.Context, id string) (*Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.tickets[id]
	if r == nil {
		return nil, ErrNone
	}
	return r, nil
}

// Live implements Book.
func (m *memory) Live(context.Context) ([]*Record, uint64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := make([]*Record, 0, len(m.live))
	for _, r := range m.live {
		all = append(all, r)
	}
	return all, alone, nil
}

// alone is the term of an instance that always decides.
const alone = 1

// Leads implements Book.
func (m *memory) Leads(uint64) bool { return true }

// Run implements Book: it does nothing by itself.
func (m *memory) Run(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

// Change implements Book.
func (m *memory) Change(_ context.Context, _ uint64, next ...*Record) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range next {
		if was := m.tickets[r.ID]; was == nil || was.Version+1 != r.Version || was.Over() {
			return ErrStale
		}
	}
	for _, r := range next {
		m.tickets[r.ID], m.live[r.ID] = r, r
		if r.Over() {
			delete(m.live, r.ID)
			for _, p := range r.Players {
				if m.players[p.ID] == r.ID {
					delete(m.players, p.ID)
				}
			}
		}
		if w := m.watchers[r.ID]; w != nil {
			close(w)
			delete(m.watchers, r.ID)
		}
	}
	return nil
}

// Watch implements Book.
func (m *memory) Watch(id string) (<-chan struct{}, func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	w := m.watchers[id]
	if w == nil {
		w = make(chan struct{})
		if m.tickets[id] == nil {
			close(w)
			return w, func() {}
		}
		m.watchers[id] = w // until the ticket changes or is forgotten
	}
	return w, func() {}
}

// Sweep implements Book.
func (m *memory) Sweep(_ context.Context, now time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, r := range m.tickets {
		if !r.Over() || now.Before(r.Until) {
			continue
		}
		delete(m.tickets, id)
		delete(m.keys, keyOf(r))
		if w := m.watchers[id]; w != nil {
			close(w)
			delete(m.watchers, id)
		}
	}
	return nil
}
