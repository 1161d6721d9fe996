package lobby

import (
	"context"
	"slices"
	"sync"
	"time"
)

// watchGap is the least time between two Changes of one watcher: what happens
// within it comes together.
const watchGap = 500 * time.Millisecond

// maxWatched is how many lobbies one watcher is told of: the newest.
const maxWatched = 1000

// Changes is what a watcher is told: first the Whole list, then what came or
// changed and what is gone from it.
type Changes struct {
	Whole   bool
	Lobbies []Info // newest first
	Gone    []string
}

// board wakes those who watch.
type board struct {
	mu      sync.Mutex
	changed chan struct{}
}

func (b *board) wait() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.changed == nil {
		b.changed = make(chan struct{})
	}
	return b.changed
}

// stir never blocks and costs next to nothing while nobody watches.
func (b *board) stir() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.changed != nil {
		close(b.changed)
		b.changed = nil
	}
}

// Watch tells of the public lobbies that f keeps until ctx is done or tell fails,
// and returns why: ctx's error or tell's. Tell is called on the caller's
// goroutine, at most twice a second. Lobbies elsewhere are at most a few beats old.
func (d *Directory) Watch(ctx context.Context, f Filter, tell func(Changes) error) error {
	known := map[string]*listing{}
	gap := time.NewTimer(watchGap)
	defer gap.Stop()
	for whole := true; ; whole = false {
		changed := d.board.wait()
		c := d.changes(f, known)
		if c.Whole = whole; whole || len(c.Lobbies)+len(c.Gone) > 0 {
			if err := tell(c); err != nil {
				return err
			}
		}
		gap.Reset(watchGap)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-gap.C:
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
}

// changes compares what is public now with what is known, and notes it. Each
// change of a lobby swaps its listing, so that pointers say enough.
func (d *Directory) changes(f Filter, known map[string]*listing) (c Changes) {
	all := slices.DeleteFunc(d.public(), func(l *listing) bool { return !f.keeps(l.Info) })
	slices.SortFunc(all, func(a, b *listing) int { return newest(a.Info, b.Info) })
	all = all[:min(len(all), maxWatched)]
	now := make(map[string]bool, len(all))
	for _, l := range all {
		now[l.Info.ID] = true
		if known[l.Info.ID] != l {
			known[l.Info.ID] = l
			c.Lobbies = append(c.Lobbies, l.shown(false))
		}
	}
	for id := range known {
		if !now[id] {
			delete(known, id)
			c.Gone = append(c.Gone, id)
		}
	}
	slices.Sort(c.Gone)
	return c
}
