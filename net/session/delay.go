package session

import (
	"sync"
	"time"

	"github.com/sandlot-server/sandlot/net/sim"
)

const (
	// maxHeld bounds what is on its way in one direction of a simulated network,
	// in bytes; see Session.Simulate for what happens when it is full.
	maxHeld = 64 << 10
	// retry is how long what is due waits for a socket that is blocked.
	retry = 20 * time.Millisecond
)

// arrival is what a client's connection gave.
type arrival uint8

const (
	arrivedMessage arrival = iota
	arrivedPing
	arrivedPong
)

// parcel is something on its way.
type parcel struct {
	kind arrival
	data []byte
	due  time.Time
	lost bool // the link is dead: it is not due
}

// size is what a parcel counts: its bytes, and what it takes to keep it.
func (p *parcel) size() int { return len(p.data) + 64 }

// delay is one direction of a simulated network: what is held is delivered in
// order, on a timer's goroutine, when it is due. Its lock is taken before the
// session's where it delivers to it (up), and after it where it takes from it
// (down).
type delay struct {
	deliver func(parcel, time.Time) Reason // with mu held; must not wait, nor close the session
	stuck   func() bool                    // nothing can be delivered now; nil: never
	end     func(Reason)                   // closes the session

	mu    sync.Mutex
	lane  *sim.Lane
	on    bool // off, what comes when nothing is held passes by
	over  bool // nothing is taken any more
	held  []parcel
	bytes int
	since time.Time // when it became full
	timer *time.Timer
}

// set changes the link. Off, what is held is delivered at once; what a dead one
// swallowed is in any case.
func (d *delay) set(l sim.Link, lane *sim.Lane) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lane, d.on = lane, !l.Perfect()
	if d.over || len(d.held) == 0 {
		return
	}
	for i := range d.held {
		if p := &d.held[i]; !d.on || p.lost {
			p.due, p.lost = time.Time{}, false
		}
	}
	d.arm(time.Now())
}

// hold keeps p, whose data is copied, until it is due; false: it need not be
// held. Full says that there was no room, or is none after it.
func (d *delay) hold(p parcel, now time.Time) (held, full bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.over:
		return true, false
	case !d.on && len(d.held) == 0:
		return false, false
	case d.on:
		p.due, p.lost = d.lane.Due(now, len(p.data))
	}
	p.data = append([]byte(nil), p.data...)
	d.held = append(d.held, p)
	d.bytes += p.size()
	if d.bytes > maxHeld && d.since.IsZero() {
		d.since = now
	}
	if len(d.held) == 1 {
		d.arm(now)
	}
	return true, d.bytes > maxHeld
}

// full says whether there is no more room, and since when.
func (d *delay) full() (time.Time, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.since, !d.since.IsZero()
}

// arm has the oldest delivered when it is due; mu held.
func (d *delay) arm(now time.Time) {
	if d.held[0].lost {
		return
	}
	wait := max(d.held[0].due.Sub(now), 0)
	if d.timer == nil {
		d.timer = time.AfterFunc(wait, d.fire)
		return
	}
	d.timer.Reset(wait)
}

// fire delivers what is due.
func (d *delay) fire() {
	if r := d.run(time.Now(), false); r != (Reason{}) {
		d.end(r)
	}
}

// rush delivers all that is held, due or not, because the session ends.
func (d *delay) rush() {
	_ = d.run(time.Now(), true) // what was wrong with it no longer matters
}

func (d *delay) run(now time.Time, all bool) Reason {
	d.mu.Lock()
	defer d.mu.Unlock()
	for len(d.held) > 0 && !d.over {
		p := d.held[0]
		if p.lost || !all && p.due.After(now) {
			d.arm(now)
			return Reason{}
		}
		if !all && d.stuck != nil && d.stuck() {
			d.timer.Reset(retry)
			return Reason{}
		}
		d.held[0] = parcel{}
		d.held = d.held[1:]
		if d.bytes -= p.size(); d.bytes <= maxHeld {
			d.since = time.Time{}
		}
		if r := d.deliver(p, now); r != (Reason{}) {
			d.drop()
			return r
		}
	}
	d.held = nil
	return Reason{}
}

// stop ends it: what is held is lost.
func (d *delay) stop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.drop()
}

// drop is stop with mu held.
func (d *delay) drop() {
	d.over, d.held, d.bytes = true, nil, 0
	if d.timer != nil {
		d.timer.Stop()
	}
}
