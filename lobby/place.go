package lobby

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/sandlot-server/sandlot/lobby/match"
)

// placed opens something on the instance that is best for a new lobby of the game:
// here, or by a question to another. One that cannot be reached or takes nothing
// after all is passed over, a few times; here is the last resort where lobbies of
// the game can be made at all.
func placed[R any](ctx context.Context, d *Directory, game, region string, here func() (R, error), there func(Instance) (R, error)) (R, error) {
	var none R
	var last error
	var tried []string
	for range peerTries {
		to, own, found := d.place(game, region, tried)
		if !found {
			break
		}
		if own {
			return here()
		}
		done := d.onTheWay(to.Name)
		got, err := there(to)
		done()
		if !passesOver(err) {
			return got, err
		}
		d.env.log.Debug("another instance does not take a lobby", "other", to.Name, "err", err)
		last, tried = err, append(tried, to.Name)
		if ctx.Err() != nil {
			return none, d.unreached(ctx.Err())
		}
	}
	if last == nil || d.takes(game) {
		return here() // which says why, if it cannot be
	}
	return none, last
}

// passesOver says whether another instance may take what this one did not.
func passesOver(err error) bool {
	e := new(Error)
	return errors.As(err, &e) && (e.Code == CodeUnavailable || e.Code == CodeStopping || e.Code == CodeCapacity)
}

// takes says whether new lobbies of the game are made here.
func (d *Directory) takes(game string) bool {
	self := d.self()
	return self.Takes(game)
}

// place names the instance that a new lobby of the game is opened on, and whether
// it is this one.
func (d *Directory) place(game, region string, not []string) (to Instance, own, found bool) {
	if d.env.peers == nil {
		return Instance{}, true, true
	}
	all := d.Instances()
	known := make([]match.Instance, len(all))
	d.mu.Lock()
	for i := range all {
		known[i] = match.Instance{
			Name: all[i].Name, Region: all[i].Region, Near: i == 0, Load: all[i].Load, Until: all[i].until,
			Lobbies: all[i].Lobbies + d.others.coming[all[i].Name],
			Takes:   all[i].Takes(game) && (i == 0 || all[i].Peer != "") && !slices.Contains(not, all[i].Name) && !time.Now().Before(d.others.silent[all[i].Name]),
		}
	}
	d.mu.Unlock()
	best := match.Place(time.Now(), region, known)
	if best < 0 {
		return Instance{}, false, false
	}
	return all[best], best == 0, true
}

// onTheWay counts a lobby that another instance is asked to make, until it counts
// it itself.
func (d *Directory) onTheWay(name string) (done func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.others.coming == nil {
		d.others.coming = map[string]int{}
	}
	d.others.coming[name]++
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.others.coming[name]--; d.others.coming[name] == 0 {
			delete(d.others.coming, name)
		}
	}
}
