package bus

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
)

// memoryRecords is the Records of a Memory. What is over its time is forgotten
// when its kind is next looked at.
type memoryRecords struct {
	mu    sync.Mutex
	kinds map[string]*memoryKind
}

type memoryKind struct {
	epoch, seq uint64
	count      uint64
	records    map[string]*memoryRecord
	names      map[string]string // the record that has one
	leader     string
	term       uint64
	till       time.Time
	sweepAt    time.Time
}

type memoryRecord struct {
	Record
	until time.Time
	seq   uint64
}

// sweepEvery is how often a kind is searched for what is over its time.
const sweepEvery = time.Second

// kind is the records of one, under mu.
func (m *memoryRecords) kind(name string, now time.Time) *memoryKind {
	if m.kinds == nil {
		m.kinds = map[string]*memoryKind{}
	}
	k := m.kinds[name]
	if k == nil {
		at := uint64(now.UnixMicro())
		k = &memoryKind{epoch: at, seq: at, term: at, records: map[string]*memoryRecord{}, names: map[string]string{}}
		m.kinds[name] = k
	}
	if !now.Before(k.sweepAt) {
		k.sweepAt = now.Add(sweepEvery)
		for _, r := range k.records {
			k.get(r.ID, now)
		}
	}
	return k
}

// get returns a record, nil if there is none or its time is over.
func (k *memoryKind) get(id string, now time.Time) *memoryRecord {
	r := k.records[id]
	if r != nil && !now.Before(r.until) {
		k.forget(r)
		return nil
	}
	return r
}

func (k *memoryKind) forget(r *memoryRecord) {
	delete(k.records, r.ID)
	for _, name := range r.Names {
		if k.names[name] == r.ID {
			delete(k.names, name)
		}
	}
}

// Write implements Records.
func (m *memoryRecords) Write(_ context.Context, kind string, c Change) error {
	now := time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	k := m.kind(kind, now)
	if c.Term != 0 && c.Term != k.term {
		return ErrDeposed
	}
	if done, err := k.check(now, &c); done || err != nil {
		return err
	}
	k.count++
	for _, next := range c.Records {
		if was := k.records[next.ID]; was != nil {
			k.forget(was)
		}
	}
	for _, next := range c.Records {
		if next.TTL <= 0 {
			continue
		}
		k.seq++
		next.Value, next.Names = slices.Clone(next.Value), slices.Clone(next.Names)
		k.records[next.ID] = &memoryRecord{next, now.Add(next.TTL), k.seq}
		for _, name := range next.Names {
			k.names[name] = next.ID
		}
	}
	return nil
}

// check says whether c may happen, or has.
func (k *memoryKind) check(now time.Time, c *Change) (done bool, err error) {
	fresh, same := 0, 0
	writes := make(map[string]bool, len(c.Records))
	for _, next := range c.Records {
		writes[next.ID] = true
		was := k.get(next.ID, now)
		switch {
		case was == nil && next.TTL <= 0, was != nil && was.Version == next.Version && bytes.Equal(was.Value, next.Value):
			same++
		case was == nil && next.Version == 1:
			fresh++
		case was == nil || was.Version+1 != next.Version:
			return false, ErrStale
		}
	}
	switch {
	case same == len(c.Records):
		return true, nil
	case same > 0:
		return false, ErrStale
	}
	for _, next := range c.Records {
		for _, name := range next.Names {
			id := k.names[name]
			if id != "" && !writes[id] && k.get(id, now) != nil {
				return false, &Held{name, id}
			}
		}
	}
	if fresh > 0 && len(k.records)+fresh > c.Most {
		return false, ErrFull
	}
	return false, nil
}

func (r *memoryRecord) read() Record {
	return Record{ID: r.ID, Version: r.Version, Value: slices.Clone(r.Value)}
}

// Read implements Records.
func (m *memoryRecords) Read(_ context.Context, kind string, ids ...string) ([]Record, error) {
	now := time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	k := m.kind(kind, now)
	var out []Record
	for _, id := range ids {
		if r := k.get(id, now); r != nil {
			out = append(out, r.read())
		}
	}
	return out, nil
}

// Named implements Records.
func (m *memoryRecords) Named(_ context.Context, kind, name string) (Record, error) {
	now := time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	k := m.kind(kind, now)
	if r := k.get(k.names[name], now); r != nil {
		return r.read(), nil
	}
	return Record{}, ErrNone
}

// Written implements Records.
func (m *memoryRecords) Written(_ context.Context, kind string, from uint64, most int) (Feed, error) {
	now := time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	k := m.kind(kind, now)
	var all []*memoryRecord
	for _, r := range k.records {
		if r.seq > from && now.Before(r.until) {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b *memoryRecord) int { return cmp.Compare(a.seq, b.seq) })
	f := Feed{Next: from, Epoch: k.epoch, Count: k.count}
	for _, r := range all[:min(len(all), most)] {
		f.IDs = append(f.IDs, r.ID)
		f.Next = r.seq
	}
	return f, nil
}

// Renew implements Records.
func (m *memoryRecords) Renew(_ context.Context, kind string, epoch, count uint64) error {
	now := time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	was := m.kind(kind, now)
	if was.epoch != epoch || was.count >= count {
		return nil
	}
	delete(m.kinds, kind)
	k := m.kind(kind, now)
	k.epoch, k.seq, k.term = max(k.epoch, was.epoch+1), max(k.seq, was.seq), max(k.term, was.term+1)
	return nil
}

// Lead implements Records.
func (m *memoryRecords) Lead(_ context.Context, kind, who string, ttl time.Duration) (uint64, error) {
	now := time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	k := m.kind(kind, now)
	holds := now.Before(k.till)
	switch {
	case holds && k.leader != who, ttl <= 0 && k.leader != who:
		return 0, ErrLed
	case !holds && ttl > 0:
		k.leader, k.term = who, max(k.term+1, uint64(now.UnixMicro()))
	}
	k.till = now.Add(ttl)
	k.count++
	return k.term, nil
}
