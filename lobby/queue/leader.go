package queue

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"time"

	"github.com/sandlot-server/sandlot/lobby/bus"
)

// leader is how one of several instances comes to be the matcher, and what it
// knows as such: all live tickets, kept up to date by what was written since.
type leader struct {
	shelf *shelf[*Record]
	me    string
	lease time.Duration

	mu    sync.Mutex
	term  uint64 // 0: follows
	until time.Time

	// What the matcher of this term knows.
	knows       uint64 // the term
	live        map[string]*Record
	from, epoch uint64
	hold        time.Time // nothing is decided before
}

// restoreWait is how long after a loss all instances have written what they know.
const restoreWait = 3 * pollEvery

func newLeader(s *shelf[*Record], lease time.Duration) leader {
	return leader{shelf: s, me: rand.Text(), lease: lease, live: map[string]*Record{}}
}

// Run implements Book.
func (s *shared) Run(ctx context.Context) error {
	var own sync.WaitGroup
	defer own.Wait()
	own.Go(func() { s.shelf.run(ctx) })
	renew := time.NewTicker(s.lease / 4)
	defer renew.Stop()
	for {
		s.lead(ctx)
		s.settleDoubts(ctx)
		select {
		case <-ctx.Done():
			s.resign(ctx)
			return nil
		case <-renew.C:
		}
	}
}

// lead leads on, or tries to. Who cannot ask leads no longer than its lease.
func (l *leader) lead(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, l.lease/2)
	defer cancel()
	asked := time.Now()
	term, err := l.shelf.records.Lead(ctx, kindTickets, l.me, l.lease)
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case errors.Is(err, bus.ErrLed):
		l.term = 0
	case err == nil:
		if term != l.term {
			l.shelf.log.Info("this instance matches now", "term", term)
		}
		l.term, l.until = term, asked.Add(l.lease)
	}
}

// resign lets another instance lead at once.
func (l *leader) resign(ctx context.Context) {
	l.mu.Lock()
	l.term = 0
	l.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callWait/2)
	defer cancel()
	_, _ = l.shelf.records.Lead(ctx, kindTickets, l.me, 0) // runs out by itself
}

// Leads implements Book.
func (l *leader) Leads(term uint64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.leads(term)
}

func (l *leader) leading() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.leads(l.term)
}

func (l *leader) leads(term uint64) bool {
	return term != 0 && term == l.term && time.Now().Before(l.until)
}

// Live implements Book.
func (l *leader) Live(ctx context.Context) ([]*Record, uint64, error) {
	l.mu.Lock()
	term := l.term
	if !l.leads(term) {
		l.mu.Unlock()
		return nil, 0, ErrFollows
	}
	if l.knows != term { // begins anew: what it knew before may have changed
		l.knows, l.from = term, 0
		clear(l.live)
	}
	l.mu.Unlock()
	for more := true; more; {
		var err error
		if more, err = l.learn(ctx); err != nil {
			return nil, 0, err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	// The shelf may have seen a loss before this instance came to lead.
	if time.Now().Before(l.hold) || l.shelf.heldByLoss(time.Now()) {
		return nil, term, nil
	}
	all := make([]*Record, 0, len(l.live))
	for _, r := range l.live {
		all = append(all, r)
	}
	return all, term, nil
}

// learn reads one page of what was written, and says whether there is more.
func (l *leader) learn(ctx context.Context) (more bool, err error) {
	l.mu.Lock()
	from := l.from
	l.mu.Unlock()
	f, err := l.shelf.records.Written(ctx, kindTickets, from, pollPage)
	if err != nil {
		return false, err
	}
	if l.shelf.isOlder(f) {
		return true, l.shelf.renew(ctx)
	}
	l.mu.Lock()
	was := l.epoch
	if was == 0 {
		was = l.shelf.seenEpoch()
	}
	l.epoch = f.Epoch
	if was != 0 && was != f.Epoch {
		// All was lost, and is being written again: time for those who know of
		// matches that were made already.
		l.from = 0
		l.hold = time.Now().Add(restoreWait)
		clear(l.live)
		l.mu.Unlock()
		return true, nil
	}
	l.mu.Unlock()
	all, err := l.shelf.records.Read(ctx, kindTickets, f.IDs...)
	if err != nil {
		return false, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.replace(f.IDs, all)
	l.from = f.Next
	return f.Next != from, nil
}

// replace notes that of ids these are all that are kept. Under mu.
func (l *leader) replace(ids []string, all []bus.Record) {
	for _, id := range ids {
		delete(l.live, id)
	}
	for _, r := range all {
		rec, err := readTicket(r)
		switch {
		case err != nil:
			l.shelf.log.Warn("a ticket cannot be read", "ticket", r.ID, "err", err)
		case !rec.Over():
			l.live[rec.ID] = rec
		}
	}
}

// changed notes how writing tickets as the matcher went.
func (l *leader) changed(ctx context.Context, err error, next []*Record) {
	if errors.Is(err, bus.ErrDeposed) {
		l.mu.Lock()
		l.term = 0
		l.mu.Unlock()
		return
	}
	if errors.Is(err, bus.ErrStale) { // some may be gone, which nobody writes
		ids := make([]string, len(next))
		for i, r := range next {
			ids[i] = r.ID
		}
		if all, err := l.shelf.records.Read(ctx, kindTickets, ids...); err == nil {
			l.mu.Lock()
			l.replace(ids, all)
			l.mu.Unlock()
		}
		return
	}
	if err != nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range next {
		if r.Over() {
			delete(l.live, r.ID)
		} else if _, have := l.live[r.ID]; have {
			l.live[r.ID] = r
		}
	}
}
