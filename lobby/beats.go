package lobby

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/sandlot-server/sandlot/lobby/bus"
)

// assertGap is the least time between two assertions, however much changes.
const assertGap = 100 * time.Millisecond

// beats asserts all leases of this instance and refreshes what is known of others, each
// Beat with jitter. What changes in between is asserted sooner, by itself: what one
// lobby costs the Store does not grow with the others.
func (d *Directory) beats(ctx context.Context) {
	beat, soon := time.NewTimer(0), time.NewTimer(time.Hour)
	defer beat.Stop()
	defer soon.Stop()
	var last time.Time
	var told map[string]*listing // nil: the next beat tells all
	for {
		whole := false
		select {
		case <-ctx.Done():
			d.farewell(ctx)
			return
		case <-d.stir:
			soon.Reset(max(0, assertGap-time.Since(last)))
			continue
		case <-soon.C:
			if told == nil { // a Store that fails is not asked for more
				continue
			}
		case <-beat.C:
			whole, told = true, nil
		}
		last = time.Now()
		var err error
		told, err = d.assert(ctx, told)
		if d.noted(err, "assert") && whole {
			if _, err := d.refresh(ctx, nil); err != nil {
				d.env.log.Debug("other instances' lobbies are not known", "err", err)
			}
		}
		if whole {
			every := d.env.cfg.Beat
			beat.Reset(every - time.Duration(rand.Int64N(int64(every)/4)))
		}
	}
}

// farewell drops this instance's leases, so that nobody is sent here any more.
func (d *Directory) farewell(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeWait/2)
	defer cancel()
	d.mu.Lock()
	gone := d.others.gone
	d.mu.Unlock()
	if err := d.env.store.Drop(ctx, leaseLobby, gone...); err != nil {
		d.env.log.Debug("leases are left to run out", "err", err)
		return
	}
	_ = d.env.store.Drop(ctx, leaseInstance, d.env.cfg.Instance) // runs out by itself
}

// assert puts a lease on this instance and on every lobby here that is not as told, and
// returns what is told now; nil, with an error, if that is not known.
func (d *Directory) assert(ctx context.Context, told map[string]*listing) (map[string]*listing, error) {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	d.mu.Lock()
	now := make(map[string]*listing, len(d.lobbies))
	for id, l := range d.lobbies {
		now[id] = l.info.Load()
	}
	gone := d.others.gone
	d.others.gone = nil
	d.effort.measured(time.Now(), time.Duration(d.env.worked.Load()), runtime.GOMAXPROCS(0), 4*d.env.cfg.Beat)
	d.mu.Unlock()
	var leases []bus.Lease
	for id, l := range now {
		if told[id] == l { // each change swaps the listing
			continue
		}
		value, err := json.Marshal(l)
		if err != nil {
			return nil, fmt.Errorf("encode lease: %w", err)
		}
		leases = append(leases, bus.Lease{ID: id, Value: value})
	}
	self, err := json.Marshal(d.self())
	if err != nil {
		return nil, fmt.Errorf("encode lease: %w", err)
	}
	ttl := d.env.cfg.Lease
	err = errors.Join(
		d.env.store.Put(ctx, leaseInstance, []bus.Lease{{ID: d.env.cfg.Instance, Value: self}}, ttl),
		d.env.store.Put(ctx, leaseLobby, leases, ttl),
	)
	if err == nil && len(gone) > 0 {
		err = d.env.store.Drop(ctx, leaseLobby, gone...)
	}
	if err != nil {
		return nil, err // leases that were not dropped run out by themselves
	}
	return now, nil
}
