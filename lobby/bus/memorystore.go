package bus

import (
	"context"
	"slices"
	"sync"
	"time"
)

// memoryStore is the Store of a Memory. What has expired is removed when it is
// next looked at, and each Put sweeps its kind.
type memoryStore struct {
	mu        sync.Mutex
	leases    map[string]map[string]memoryLease // by kind, by id
	histories map[string]*memoryHistory
}

type memoryLease struct {
	value []byte
	until time.Time
}

type memoryHistory struct {
	entries [][]byte
	until   time.Time
}

// Put implements Store.
func (s *memoryStore) Put(_ context.Context, kind string, leases []Lease, ttl time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(time.Now(), kind, leases, ttl)
	return nil
}

// put asserts leases and forgets the ended ones of their kind. Under mu.
func (s *memoryStore) put(now time.Time, kind string, leases []Lease, ttl time.Duration) {
	if s.leases == nil {
		s.leases = map[string]map[string]memoryLease{}
	}
	if s.leases[kind] == nil {
		s.leases[kind] = map[string]memoryLease{}
	}
	of := s.leases[kind]
	for _, l := range leases {
		of[l.ID] = memoryLease{slices.Clone(l.Value), now.Add(ttl)}
	}
	for id, l := range of {
		if !now.Before(l.until) {
			delete(of, id)
		}
	}
}

// First implements Store.
func (s *memoryStore) First(_ context.Context, kind string, lease Lease, ttl time.Duration, not ...string) ([]byte, error) {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if l, ok := s.leases[kind][lease.ID]; ok && now.Before(l.until) && !slices.Contains(not, string(l.value)) {
		return slices.Clone(l.value), nil
	}
	s.put(now, kind, []Lease{lease}, ttl)
	return slices.Clone(lease.Value), nil
}

// Get implements Store.
func (s *memoryStore) Get(_ context.Context, kind, id string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ok := s.leases[kind][id]
	if !ok || !time.Now().Before(l.until) {
		return nil, ErrNone
	}
	return slices.Clone(l.value), nil
}

// List implements Store.
func (s *memoryStore) List(_ context.Context, kind string) ([]Lease, error) {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	var live []Lease
	for id, l := range s.leases[kind] {
		if now.Before(l.until) {
			live = append(live, Lease{ID: id, Value: slices.Clone(l.value), Left: l.until.Sub(now)})
		}
	}
	return live, nil
}

// Drop implements Store.
func (s *memoryStore) Drop(_ context.Context, kind string, ids ...string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		delete(s.leases[kind], id)
	}
	return nil
}

// Append implements Store.
func (s *memoryStore) Append(_ context.Context, history string, entry []byte, max int, ttl time.Duration) error {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.histories == nil {
		s.histories = map[string]*memoryHistory{}
	}
	h := s.histories[history]
	if h == nil || !now.Before(h.until) {
		for name, old := range s.histories {
			if !now.Before(old.until) {
				delete(s.histories, name)
			}
		}
		h = &memoryHistory{}
		s.histories[history] = h
	}
	h.entries = append(h.entries, slices.Clone(entry))
	if over := len(h.entries) - max; over > 0 {
		h.entries = slices.Delete(h.entries, 0, over)
	}
	h.until = now.Add(ttl)
	return nil
}

// Newest implements Store.
func (s *memoryStore) Newest(_ context.Context, history string, n int) ([][]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.histories[history]
	if h == nil || !time.Now().Before(h.until) {
		return nil, nil
	}
	from := max(0, len(h.entries)-n)
	out := make([][]byte, 0, len(h.entries)-from)
	for _, e := range h.entries[from:] {
		out = append(out, slices.Clone(e))
	}
	return out, nil
}
