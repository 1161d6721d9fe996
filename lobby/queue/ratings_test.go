package queue_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/lobby/match"
	"github.com/sandlot-server/sandlot/lobby/queue"
)

// down is Records that fail while they are told to.
type down struct {
	bus.Records
	err error
}

func (d *down) Write(ctx context.Context, kind string, c bus.Change) error {
	if d.err != nil {
		return d.err
	}
	return d.Records.Write(ctx, kind, c)
}

func (d *down) Read(ctx context.Context, kind string, ids ...string) ([]bus.Record, error) {
	if d.err != nil {
		return nil, d.err
	}
	return d.Records.Read(ctx, kind, ids...)
}

func ratingOf(t *testing.T, r queue.Ratings, mode, player string) match.Rating {
	t.Helper()
	got, err := r.Get(t.Context(), "arena", mode, player)
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	return got[0]
}

// plus adds so much to each rating.
func plus(n float64) func([]match.Rating) []match.Rating {
	return func(all []match.Rating) (out []match.Rating) {
		for _, r := range all {
			r.Mu += n
			out = append(out, r)
		}
		return out
	}
}

// Both kinds of Ratings hold to this.
func TestRatings(t *testing.T) {
	shared := bus.NewMemory()
	alone := queue.NewRatings(10)
	for name, open := range map[string]func() queue.Ratings{
		"alone":  func() queue.Ratings { return alone },
		"shared": func() queue.Ratings { return queue.NewSharedRatings(shared) },
	} {
		t.Run(name, func(t *testing.T) {
			a, b := open(), open()
			fresh := match.NewRating()
			for range 3 { // it counts once
				for _, r := range []queue.Ratings{a, b} {
					if err := r.Rate(t.Context(), "arena", "duel", "first", []string{"ann", "bob"}, plus(2)); err != nil {
						t.Fatal(err)
					}
				}
			}
			if got := ratingOf(t, b, "duel", "ann"); got.Mu != fresh.Mu+2 {
				t.Errorf("ann has %v", got)
			}
			if got := ratingOf(t, b, "ranked", "ann"); got != fresh {
				t.Errorf("in another mode it is %v", got)
			}
			// Many results at the same time: each counts.
			var all sync.WaitGroup
			for i := range 6 {
				all.Go(func() {
					if err := []queue.Ratings{a, b}[i%2].Rate(t.Context(), "arena", "duel", fmt.Sprint(i), []string{"ann", "cat"}, plus(1)); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if ann, cat := ratingOf(t, a, "duel", "ann"), ratingOf(t, b, "duel", "cat"); ann.Mu != fresh.Mu+8 || cat.Mu != fresh.Mu+6 {
				t.Errorf("ann has %v, cat %v", ann, cat)
			}
		})
	}
}

func TestRatingsThatCannotBeAsked(t *testing.T) {
	records := &down{Records: bus.NewMemory(), err: errors.New("gone")}
	r := queue.NewSharedRatings(records)
	if _, err := r.Get(t.Context(), "arena", "duel", "ann"); err == nil {
		t.Error("a rating that cannot be known is known")
	}
	rate := func() error { return r.Rate(t.Context(), "arena", "duel", "x", []string{"ann"}, plus(1)) }
	if rate() == nil {
		t.Error("it was written")
	}
	records.err = nil
	if err := rate(); err != nil || ratingOf(t, r, "duel", "ann").Mu != match.NewRating().Mu+1 {
		t.Errorf("afterwards: %v", err)
	}
}

func TestRatingsAreBounded(t *testing.T) {
	r := queue.NewRatings(5)
	for i := range 20 {
		if err := r.Rate(t.Context(), "arena", "duel", fmt.Sprint(i), []string{fmt.Sprint(i)}, plus(1)); err != nil {
			t.Fatal(err)
		}
	}
	kept := 0
	for i := range 20 {
		if ratingOf(t, r, "duel", fmt.Sprint(i)) != match.NewRating() {
			kept++
		}
	}
	if kept != 5 {
		t.Errorf("%d are kept", kept)
	}
}

// tried is Ratings that fail until they are healed, and tell of each try.
type tried struct {
	queue.Ratings
	tries  chan struct{}
	healed atomic.Bool
}

func (r *tried) Rate(ctx context.Context, game, mode, result string, players []string, f func([]match.Rating) []match.Rating) error {
	r.tries <- struct{}{}
	if !r.healed.Load() {
		return errors.New("gone")
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return r.Ratings.Rate(ctx, game, mode, result, players, f)
}

// A result that waits to be tried again is rated when its instance stops, and so is
// what waits behind it.
func TestResultInHandIsRatedAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &tried{Ratings: queue.NewRatings(10), tries: make(chan struct{}, 9)}
		q, stop := start(t, nil, queue.Deps{Host: &host{}, Ratings: r})
		for i, name := range []string{"ann", "bob"} {
			q.Ended(lobby.MatchEnd{Lobby: fmt.Sprint(i), Game: "tag", Mode: "duel", Ranked: true, Players: []lobby.Ranked{{ID: name, Rank: 1}, {ID: "cat", Rank: 2}}})
		}
		<-r.tries
		synctest.Wait() // it waits for the next try
		r.healed.Store(true)
		stop()
		for _, name := range []string{"ann", "bob"} {
			got, err := r.Get(t.Context(), "tag", "duel", name)
			if err != nil || got[0] == match.NewRating() {
				t.Errorf("%s has %v, %v", name, got, err)
			}
		}
	})
}
