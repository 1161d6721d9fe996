package lobby

import (
	"context"
	"errors"
	"time"

	"github.com/sandlot-server/sandlot/lobby/bus"
)

const (
	missGap   = 200 * time.Millisecond // between two lists for what was not found, in the long run
	missBurst = 20                     // such lists that need not wait
)

// seek asks the Store anew for what was not found among other instances and their
// lobbies. All who ask at the same time share one list, which is no older than their
// question; whoever asks again and again for what is nowhere costs one each missGap, for
// which those who come then wait. A Store that failed is not waited for: the beats
// find out when it works again.
func (d *Directory) seek(ctx context.Context) error {
	for asked := time.Now(); ; { // twice at most: what was under way may be older
		if err := d.storeFault(); err != nil {
			return err
		}
		began, err := d.refresh(ctx, d.others.misses)
		if err != nil || !began.Before(asked) {
			return err
		}
	}
}

// seekLobby is seek for a lobby by its id, or by its code if that is not "". By the id
// alone the Store need not list: what matchers and links name is found at once however
// much is asked for.
func (d *Directory) seekLobby(ctx context.Context, id, code string) error {
	if code != "" {
		return d.seek(ctx)
	}
	if err := d.storeFault(); err != nil {
		return err
	}
	got, err := d.others.share(ctx, "lobby "+id, func(ctx context.Context) (any, error) { return d.fetch(ctx, id) })
	if l, _ := got.(*listing); l != nil {
		if _, known := d.instance(l.Home); !known {
			return d.seek(ctx)
		}
	}
	return err
}

// fetch asks the Store for one lobby, nil if no instance has it. It is believed for a
// beat: by then it is in a list.
func (d *Directory) fetch(ctx context.Context, id string) (*listing, error) {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	now := time.Now()
	value, err := d.env.store.Get(ctx, leaseLobby, id)
	if errors.Is(err, bus.ErrNone) {
		return nil, nil
	}
	if !d.noted(err, "get") {
		return nil, err
	}
	l := readListing(bus.Lease{ID: id, Value: value, Left: d.env.cfg.Beat}, d.env.cfg.Instance, now)
	if l == nil {
		return nil, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if o := &d.others; o.lobby(id) == nil {
		if o.byID == nil {
			o.byID, o.byCode = map[string]*listing{}, map[string]*listing{}
		}
		o.byID[id], o.byCode[l.Info.Code] = l, l
	}
	return l, nil
}

func (d *Directory) storeFault() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.others.fault
}
