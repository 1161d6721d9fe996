package lobby

import (
	"context"
	"slices"
	"strings"
	"time"
)

// answerWait is how long a request waits for a Loop: ticks take milliseconds.
const answerWait = 3 * time.Second

// Stuck is a lobby whose Loop has not come back from its game's code. It cannot
// be stopped: a goroutine that never returns can only be named.
type Stuck struct {
	Lobby, Game string
	For         time.Duration
}

// hung is for how long the Loop has been at one round of its work, 0 while it
// waits for something to do. Any goroutine may ask.
func (l *Loop) hung(now time.Time) time.Duration {
	began := l.busy.Load()
	if began == 0 {
		return 0
	}
	return now.Sub(time.Unix(0, began))
}

// Stuck lists the lobbies that have been at one round of work for longer than
// after, in order of their ids.
func (d *Directory) Stuck(after time.Duration) []Stuck {
	now := time.Now()
	var list []Stuck
	d.mu.Lock()
	for _, l := range d.lobbies {
		if since := l.hung(now); since > after {
			list = append(list, Stuck{l.id, l.def.Name, since})
		}
	}
	d.mu.Unlock()
	slices.SortFunc(list, func(a, b Stuck) int { return strings.Compare(a.Lobby, b.Lobby) })
	return list
}

// watchdog says, once each, which lobbies are stuck, until ctx is done.
func (d *Directory) watchdog(ctx context.Context) {
	tick := time.NewTicker(max(d.env.cfg.StuckAfter/4, 10*time.Millisecond))
	defer tick.Stop()
	named := map[string]bool{}
	looked := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		since := time.Since(looked)
		looked = looked.Add(since)
		if since > d.env.cfg.StuckAfter {
			continue // the whole process stood still: that says nothing of any game
		}
		still := map[string]bool{}
		for _, s := range d.Stuck(d.env.cfg.StuckAfter) {
			still[s.Lobby] = true
			if !named[s.Lobby] {
				d.env.log.Error("a lobby's game does not come back from a step; it cannot be stopped, and its members wait in vain",
					"lobby", s.Lobby, "game", s.Game, "for", s.For.Round(time.Millisecond))
			}
		}
		named = still
	}
}
