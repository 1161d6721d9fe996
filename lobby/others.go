package lobby

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"time"

	"golang.org/x/sync/singleflight"
	"golang.org/x/time/rate"

	"github.com/sandlot-server/sandlot/lobby/bus"
)

// The kinds of leases.
const (
	leaseLobby    = "lobby"
	leaseInstance = "instance"
	leaseQuick    = "quick" // by game and region: the instance that opens quick play's next lobby
)

// storeWait is how long a call of the Store takes at most.
const storeWait = time.Second

// others is what the Store said last of the lobbies of other instances, and what
// it must be told. Under Directory.mu, but for flight and misses.
type others struct {
	byID, byCode map[string]*listing
	made         map[string][]*listing // by who made them
	instances    map[string]Instance   // by name
	gone         []string              // ids of lobbies here whose leases are to be dropped
	coming       map[string]int        // lobbies that instances are being asked to make, by name
	silent       map[string]time.Time  // instances that did not answer, until when they are not asked
	past         past

	fault error // of the newest call; nil: it went well

	flight singleflight.Group
	misses *rate.Limiter // lists for what was not found
}

// lobby is the one with this id whose lease stands; nil: none does.
func (o *others) lobby(id string) *listing { return o.byID[id].standing(time.Now()) }

// coded is the one with this code whose lease stands; nil: none does.
func (o *others) coded(code string) *listing { return o.byCode[code].standing(time.Now()) }

// ended notes a lobby here that is no more.
func (o *others) ended(id string) { o.gone = append(o.gone, id) }

// noted remembers how a call of the Store went, and says whether it went well.
func (d *Directory) noted(err error, op string) bool {
	d.mu.Lock()
	was := d.others.fault
	d.others.fault = err
	if err != nil {
		d.others.past.failed()
	}
	d.mu.Unlock()
	if err != nil {
		d.env.metrics.StoreError(op)
		if was == nil {
			d.env.log.Warn("the shared store fails", "op", op, "err", err)
		}
		return false
	}
	if was != nil {
		d.env.log.Info("the shared store works again")
	}
	return true
}

// refresh asks the Store for the lobbies of other instances, when limit allows, if
// there is one. Calls at the same time share one answer. It says when that was asked
// for.
func (d *Directory) refresh(ctx context.Context, limit *rate.Limiter) (began time.Time, err error) {
	got, err := d.others.share(ctx, "all", func(ctx context.Context) (any, error) {
		if limit != nil {
			if err := limit.Wait(ctx); err != nil { // one at a time waits, missGap at most
				return nil, err
			}
		}
		ctx, cancel := context.WithTimeout(ctx, storeWait)
		defer cancel()
		began := time.Now()
		err := d.list(ctx)
		d.noted(err, "list")
		return began, err
	})
	began, _ = got.(time.Time)
	return began, err
}

// share does what all who ask for the same at the same time have done once, whoever of
// them still waits for it.
func (o *others) share(ctx context.Context, what string, f func(context.Context) (any, error)) (any, error) {
	done := o.flight.DoChan(what, func() (any, error) { return f(context.WithoutCancel(ctx)) })
	select {
	case got := <-done:
		return got.Val, got.Err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (d *Directory) list(ctx context.Context) error {
	now := time.Now() // before the Store's own: no lease is believed longer than it lasts
	lobbies, err := d.env.store.List(ctx, leaseLobby)
	if err != nil {
		return err
	}
	instances, err := d.env.store.List(ctx, leaseInstance)
	if err != nil {
		return err
	}
	d.mu.Lock()
	before, here := maps.Clone(d.others.byID), make(map[string]bool, len(d.lobbies))
	for id := range d.lobbies {
		here[id] = true
	}
	d.mu.Unlock()
	byID, byCode, made := make(map[string]*listing, len(lobbies)), make(map[string]*listing, len(lobbies)), map[string][]*listing{}
	for _, lease := range lobbies {
		if here[lease.ID] {
			continue
		}
		l := before[lease.ID]
		if l != nil && bytes.Equal(l.raw, lease.Value) { // the same pointer says that nothing changed
			l.stands(lease, now)
		} else if l = readListing(lease, d.env.cfg.Instance, now); l == nil {
			continue
		}
		byID[l.Info.ID], byCode[l.Info.Code] = l, l
		if l.Creator != "" {
			made[l.Creator] = append(made[l.Creator], l)
		}
	}
	d.mu.Lock()
	d.others.byID, d.others.byCode, d.others.made = byID, byCode, made
	d.others.instances = readInstances(instances, d.env.cfg.Instance, now)
	d.others.past.saw(now, d.others.instances)
	d.mu.Unlock()
	d.board.stir()
	return nil
}

// readListing takes over what a lease says of a lobby elsewhere. One that cannot be
// read, of another version maybe, is nil, and so is one of an earlier run of this
// instance, which runs out.
func readListing(lease bus.Lease, own string, now time.Time) *listing {
	l := new(listing)
	if json.Unmarshal(lease.Value, l) != nil || l.Format > recordFormat || l.Info.ID != lease.ID || l.Home == own {
		return nil
	}
	l.raw = lease.Value
	l.stands(lease, now)
	return l
}

// Ready returns the reasons for which this instance is not wholly well, none if
// it is: while there are any, work with other instances is refused.
func (d *Directory) Ready() []string {
	if d.env.bus == nil {
		return nil
	}
	var reasons []string
	if err := d.env.bus.Healthy(); err != nil {
		reasons = append(reasons, "bus: "+err.Error())
	}
	d.mu.Lock()
	fault := d.others.fault
	d.mu.Unlock()
	if fault != nil {
		reasons = append(reasons, "store: "+fault.Error())
	}
	return reasons
}
