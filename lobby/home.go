package lobby

import (
	"context"
	"net/http"
	"time"

	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/net/session"
)

// key is what the lobby's home is asked for it by: the code where it was given.
func (l *listing) key() string {
	if l.hidden || l.Info.Code == "" {
		return l.Info.ID
	}
	return l.Info.Code
}

// homeOf is the instance that runs a lobby elsewhere, if it can be asked.
func (d *Directory) homeOf(other *listing) (Instance, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	to, ok := d.others.instances[other.Home]
	if !ok || d.env.peers == nil || to.Peer == "" || !to.until.After(time.Now()) {
		return Instance{}, d.unreached(nil)
	}
	return to, nil
}

// getElsewhere asks the home, which knows the members. Where it cannot be asked
// its listing must do.
func (d *Directory) getElsewhere(ctx context.Context, who Who, other *listing) (Info, error) {
	to, err := d.homeOf(other)
	if err == nil {
		var i Info
		if i, err = ask[Info](ctx, d, to, "get", lobbyAsk{Who: who, Lobby: other.key()}); err == nil {
			return i, nil
		}
	}
	if other.hidden || !isUnavailable(err) {
		return Info{}, err
	}
	return other.shown(true), nil
}

// assertNow puts the lease on a lobby without waiting for the next beat, so that
// every instance finds it from now on. Where the Store fails, a beat will do it.
func (d *Directory) assertNow(ctx context.Context, l *Loop) {
	if d.env.store == nil || len(d.Ready()) > 0 {
		return
	}
	value, err := l.lease()
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	d.noted(d.env.store.Put(ctx, leaseLobby, []bus.Lease{{ID: l.id, Value: value}}, d.env.cfg.Lease), "assert")
}

// maxMovedURL is the longest URL that a close frame carries beside "moved;url=",
// in bytes. Who would need a longer one is passed through.
const maxMovedURL = 113

// moved sends a client on to where its pass, its resume token or its lobby is:
// by a URL, or through this instance where the home has none. The credential stays
// unspent.
func (d *Directory) moved(ctx context.Context, home, lobby string) error {
	if wasAsked(ctx) || d.env.store == nil {
		return errLost()
	}
	to, sure, err := d.whereabouts(ctx, home)
	switch {
	case err != nil:
		return err
	case sure:
		return errLost()
	}
	r := &session.Refusal{
		Status: http.StatusMisdirectedRequest, Code: CodeElsewhere, Message: "the lobby lives on another instance", Reason: session.Moved,
	}
	switch {
	case to.URL != "" && (len(socketURL(to.URL, lobby)) <= maxMovedURL || to.Peer == ""):
		r.URL = socketURL(to.URL, lobby)
	case to.Peer != "" && d.env.peers != nil:
		r.Home = session.Home{Name: to.Name, Boot: to.Boot, URL: to.Peer}
	default:
		return d.unreached(nil)
	}
	return r
}

// whereabouts says where an instance is. It is gone for sure if its lease ran out,
// as it was known here, and the Store, which has not failed or been emptied for as
// long as a lease lasts, does not know of it.
func (d *Directory) whereabouts(ctx context.Context, home string) (to Instance, gone bool, err error) {
	if to, ok := d.instance(home); ok {
		return to, false, nil
	}
	if err := d.seek(ctx); err != nil {
		return Instance{}, false, d.unreached(err)
	}
	if to, ok := d.instance(home); ok {
		return to, false, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.others.past.gone(home, time.Now(), d.env.cfg.Lease) {
		return Instance{}, true, nil
	}
	return Instance{}, false, d.unreached(nil)
}

// instance is one whose lease stands.
func (d *Directory) instance(name string) (Instance, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	i, ok := d.others.instances[name]
	return i, ok && i.until.After(time.Now())
}

// maxPast is how many instances that were are remembered.
const maxPast = 1000

// past is what was known of instances, to tell those that are gone from those that
// a Store that was emptied does not know of yet. It is arithmetic.
type past struct {
	well  time.Time            // since when the Store has answered; zero: it does not
	until map[string]time.Time // by name: the end of the last lease that was seen
}

// saw takes a list of the Store's.
func (p *past) saw(now time.Time, all map[string]Instance) {
	if p.well.IsZero() {
		p.well = now
	}
	if p.until == nil || len(p.until) > maxPast {
		p.until = map[string]time.Time{}
	}
	for name, i := range p.until {
		if _, here := all[name]; !here && i.Before(now.Add(-time.Hour)) {
			delete(p.until, name)
		}
	}
	for name, i := range all {
		p.until[name] = i.until
		if i.Draining { // about to say farewell
			p.until[name] = now
		}
	}
}

// failed notes that the Store did not answer.
func (p *past) failed() { p.well = time.Time{} }

// gone says whether an instance that the Store's newest list does not have is gone.
func (p *past) gone(name string, now time.Time, lease time.Duration) bool {
	if p.well.IsZero() || now.Before(p.well.Add(lease)) {
		return false
	}
	return !now.Before(p.until[name])
}
