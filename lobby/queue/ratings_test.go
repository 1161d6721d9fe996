package queue_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/lobby/match"
	"github.com/sandlot-server/sandlot/lobby/queue"
)

// down is a Store that fails while it is told to.
type down struct {
	bus.Store
	err error
}

func (d *down) Put(ctx context.Context, kind string, l []bus.Lease, ttl time.Duration) error {
	if d.err != nil {
		return d.err
	}
	return d.Store.Put(ctx, kind, l, ttl)
}

func (d *down) Get(ctx context.Context, kind, id string) ([]byte, error) {
	if d.err != nil {
		return nil, d.err
	}
	return d.Store.Get(ctx, kind, id)
}

func TestSharedRatings(t *testing.T) {
	ctx := t.Context()
	store, faults := &down{Store: bus.NewMemory()}, 0
	fresh := func() queue.Ratings { return queue.NewSharedRatings(store, 10, func(error) { faults++ }) }
	a, b := fresh(), fresh()
	want := match.Rating{Mu: 30, Sigma: 5}
	a.Set(ctx, "arena", "duel", "ann", want)
	if got := b.Get(ctx, "arena", "duel", "ann"); got != want {
		t.Errorf("elsewhere it is %+v", got)
	}
	if got := b.Get(ctx, "arena", "ranked", "ann"); got != match.NewRating() {
		t.Errorf("in another mode it is %+v", got)
	}
	store.err = errors.New("gone")
	if got := b.Get(ctx, "arena", "duel", "ann"); got != want || faults != 1 {
		t.Errorf("without the store it is %+v, %d faults", got, faults)
	}
	b.Set(ctx, "arena", "duel", "ann", match.Rating{Mu: 31, Sigma: 5})
	if got := b.Get(ctx, "arena", "duel", "ann"); got.Mu != 31 || faults != 3 {
		t.Errorf("without the store it became %+v, %d faults", got, faults)
	}
}

func TestRatingsAreBounded(t *testing.T) {
	r := queue.NewRatings(5)
	for i := range 20 {
		r.Set(t.Context(), "g", "m", fmt.Sprint(i), match.Rating{Mu: 1, Sigma: 1})
	}
	kept := 0
	for i := range 20 {
		if r.Get(t.Context(), "g", "m", fmt.Sprint(i)).Mu == 1 {
			kept++
		}
	}
	if kept != 5 {
		t.Errorf("%d are kept", kept)
	}
}
