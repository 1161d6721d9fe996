package lobby

import (
	"errors"
	"sync/atomic"
	"time"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/lobby/feed"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// viewing is a relay's spectators. They have no seat: nobody is told that they
// came, they have nothing to come back to, and the lobby does not live on for
// them. All but count is the relay's goroutine's.
type viewing struct {
	def      *game.Definition // nil: another build of the game, or none, is here
	gallery  *feed.Gallery    // nil: nobody watches
	frames   bus.Subscription
	receiver feed.Receiver
	viewers  map[*session.Session]*talker
	barred   map[string]bool // player ids, as the home said last
	heard    time.Time       // when the home was heard last, or could not have been
	asked    time.Time       // when a whole frame was asked for last
	sent     time.Time       // when sessions were given what is new
	silent   int             // pulses in a row at which it was not, for too long
	stated   time.Time       // when a state came last
	fresh    bool            // something came that sessions were not given yet
	told     bool            // the gallery holds how lobby and members are
	msg      wire.ServerMessage
	count    atomic.Int32 // of viewers, for the door
	waiting  atomic.Int32 // frames in the inbox
}

// silentPulses is how many pulses more a home is waited for that seems to be gone.
const silentPulses = 3

// framesWaiting bounds the frames in a relay's inbox. A further one is left, and
// the gap is noticed with the next.
const framesWaiting = 64

// canShow says whether spectators of a lobby elsewhere can be served here.
func (d *Directory) canShow(other *listing) bool {
	def, ok := d.games(other.Info.Game)
	return ok && feed.Print(def) == other.Print && d.env.reachFeed(other.Info.ID) == nil
}

// reach says why one of these channels is not reached from here; nil: all are. That
// others are not, because a shard of a cluster is away, is none of a lobby's faults.
func (e *env) reach(channels ...string) error {
	for _, c := range channels {
		if err := e.bus.Reach(c); err != nil {
			return err
		}
	}
	return nil
}

// reachFeed is reach for what spectators of a lobby elsewhere need: its frames, and
// that it hears of them.
func (e *env) reachFeed(id string) error { return e.reach(feedChannel(id), sayChannel(id)) }

// admitViewer says why nobody more can watch here; nil: somebody can.
func (r *relay) admitViewer() error {
	if r.show.def == nil {
		return &Error{Code: CodeUnavailable, Message: "this instance cannot show that match", RetryAfter: r.env.cfg.Beat}
	}
	if int(r.show.count.Load()) >= r.env.cfg.MaxViewers {
		return fail(CodeFull, "there is no place for another spectator here")
	}
	return nil
}

// watch takes in a spectator, or says why not. The newest connection of a player
// wins.
func (r *relay) watch(now time.Time, t *talker) bool {
	v := &r.show
	who := t.Identity()
	if v.barred[who.ID] {
		t.Close(session.Kicked)
		return false
	}
	for _, old := range v.viewers {
		if old.Identity().ID == who.ID {
			r.unwatch(old)
			delete(r.talkers, old.Session)
			old.Close(session.Replaced)
		}
	}
	if v.def == nil || len(v.viewers) >= r.env.cfg.MaxViewers {
		t.CloseWith(session.Busy, session.After(r.env.cfg.Beat))
		return false
	}
	r.follow()
	if len(v.viewers) == 0 {
		v.heard = now
		if now.Sub(v.stated) > 2*feed.Beat { // nobody watched anywhere
			v.gallery.Blank()
		}
	}
	v.gallery.Group.Add(t.Session)
	v.viewers[t.Session] = t
	v.count.Add(1)
	r.env.metrics.Watching(v.def.Name, 1)
	if len(v.viewers) == 1 {
		r.sayWatching()
	}
	return true
}

// follow takes in the frames of the home from now on. Who calls it says so to the home.
func (r *relay) follow() {
	v := &r.show
	if v.gallery == nil {
		v.gallery = feed.NewGallery(r.schema, &r.env.session, v.def.Budget)
	}
	if v.frames == nil {
		v.frames = r.env.bus.Subscribe(feedChannel(r.id), bus.Handler{
			Message: func(payload []byte) {
				if len(payload) == 0 {
					return
				}
				if v.waiting.Add(1) > framesWaiting || !r.put(item{frame: payload}, false) {
					v.waiting.Add(-1)
					r.env.metrics.FrameFault("behind")
				}
			},
			Gap: func() { r.put(item{do: r.missed}, true) },
		})
	}
}

// unwatch lets a spectator go. It does nothing for others.
func (r *relay) unwatch(t *talker) {
	v := &r.show
	if v.viewers[t.Session] == nil {
		return
	}
	delete(v.viewers, t.Session)
	v.gallery.Group.Remove(t.Session)
	v.count.Add(-1)
	r.env.metrics.Watching(v.def.Name, -1)
}

// sayWatching tells the home how many watch and how many only talk here, which
// answers by a frame.
func (r *relay) sayWatching() {
	n := note{Kind: noteWatch, Instance: r.env.cfg.Instance, Viewers: len(r.show.viewers)}
	if r.show.frames != nil {
		n.Talkers = r.talking()
	}
	r.tellHome(n)
}

// assertWatching says it at each beat, and ends what nobody needs any more.
func (r *relay) assertWatching() {
	switch {
	case len(r.show.viewers) == 0 && r.talking() == 0:
		r.stopWatching()
	case r.show.frames == nil:
		r.listen()
	default:
		r.sayWatching()
		if len(r.show.viewers) == 0 && !r.show.receiver.Synced() { // else pulse sees to it
			r.askWhole(time.Now())
		}
	}
}

// pulses ticks while somebody watches.
func (r *relay) pulses(t *time.Ticker) <-chan time.Time {
	if len(r.show.viewers) == 0 {
		return nil
	}
	return t.C
}

func (r *relay) tellHome(n note) { r.env.out.publish(sayChannel(r.id), n.encode(), "") }

// stopWatching ends what only spectators need.
func (r *relay) stopWatching() {
	v := &r.show
	if v.frames == nil {
		return
	}
	for _, t := range v.viewers {
		r.unwatch(t)
	}
	v.frames.Close()
	v.frames, v.gallery, v.barred, v.silent, v.told = nil, nil, nil, 0, false
	v.receiver.Lose()
	r.sayWatching()
}

// missed notes that frames may be missing.
func (r *relay) missed(now time.Time) {
	r.show.receiver.Lose()
	r.askWhole(now)
}

// askWhole asks for a whole frame, at most so often.
func (r *relay) askWhole(now time.Time) {
	if now.Sub(r.show.asked) < feed.WholeGap {
		return // pulse will
	}
	r.show.asked = now
	r.tellHome(note{Kind: noteWhole})
}

// fromFeed takes in a frame.
func (r *relay) fromFeed(now time.Time, payload []byte) {
	v := &r.show
	v.waiting.Add(-1)
	if v.gallery == nil {
		return
	}
	f, err := feed.Decode(payload)
	switch {
	case errors.Is(err, feed.ErrVersion):
		r.env.metrics.FrameFault("version")
		return
	case err != nil:
		r.env.metrics.FrameFault("broken")
		return
	case f.Print != feed.Print(v.def):
		r.env.metrics.FrameFault("build")
		return
	}
	v.heard = now
	switch v.receiver.Take(&f) {
	case feed.Stale:
		return
	case feed.Gap:
		r.env.metrics.FrameFault("gap")
		r.askWhole(now)
		return
	}
	if err := r.apply(&f); err != nil {
		r.env.metrics.FrameFault("broken")
		r.log.Warn("a frame of the lobby's home cannot be used", "err", err)
		r.missed(now)
	}
	v.fresh = true
}

// give gives the spectators what came since, once however many frames it was.
func (r *relay) give(now time.Time) {
	v := &r.show
	if !v.fresh || v.gallery == nil {
		return
	}
	v.fresh, v.sent = false, now
	v.gallery.Send(now)
	r.flushTalkers()
}

func (r *relay) apply(f *feed.Frame) error {
	g := r.show.gallery
	for _, message := range f.Messages {
		kind, err := g.Hear(message)
		if err != nil {
			return err
		}
		switch kind {
		case wire.TypeState: // whose deltas are the gallery's own for each viewer
			return errors.New("a state stands among the messages")
		case wire.TypeMatch:
			g.Group.NewMatch(message)
		default:
			g.Group.Event(message)
			r.tellTalkers(message)
		}
	}
	if f.Whole {
		fresh, err := g.Begin(f.Standing, func(message []byte) {
			g.Group.Event(message)
			r.tellTalkers(message)
		})
		if err != nil {
			return err
		}
		r.show.told = true
		if fresh {
			g.Group.All((*session.Session).NewMatch)
		}
		r.bar(f.Barred)
	}
	if f.State == nil {
		return nil
	}
	r.show.stated = r.show.heard
	_, err := g.Hear(f.State)
	return err
}

// leaveRelay ends what who has here, without a seat, of a lobby elsewhere.
func (d *Directory) leaveRelay(who Who, id string) {
	d.mu.Lock()
	r := d.relays[id]
	d.mu.Unlock()
	if r == nil {
		return
	}
	r.put(item{do: func(time.Time) {
		for s, t := range r.talkers {
			if s.Identity().ID == who.ID {
				r.unwatch(t)
				delete(r.talkers, s)
				t.Close(session.Bye)
			}
		}
	}}, false)
}

// bar sends those away whom the host lets in no more.
func (r *relay) bar(ids []string) {
	v := &r.show
	v.barred = make(map[string]bool, len(ids))
	for _, id := range ids {
		v.barred[id] = true
	}
	for s, t := range v.viewers {
		if v.barred[s.Identity().ID] {
			r.unwatch(t)
			delete(r.talkers, s)
			t.Close(session.Kicked)
		}
	}
}

// pulse serves spectators who were behind, asks again for what is missing, and
// sees whether the home is still there: nothing was heard of it for nearly a
// lease, while the bus was well, although it answers at each beat.
func (r *relay) pulse(now time.Time) {
	v := &r.show
	if len(v.viewers) == 0 {
		return
	}
	if now.Sub(v.sent) >= pulse {
		v.sent = now
		v.gallery.Send(now)
	}
	if r.env.reachFeed(r.id) != nil { // the home may need longer than we to find back
		v.heard = now.Add(r.env.cfg.Lease)
	}
	if !v.receiver.Synced() && now.Sub(v.asked) >= 2*feed.WholeGap {
		r.askWhole(now)
	}
	lease, beat := r.env.cfg.Lease, r.env.cfg.Beat
	if now.Sub(v.heard) < max(lease-beat-silentPulses*pulse, lease/2) {
		v.silent = 0
		return
	}
	if v.silent++; v.silent <= silentPulses {
		return // what came may wait here: this process may have stood still
	}
	r.log.Info("the lobby's home is gone: its spectators are told", "spectators", len(v.viewers))
	message := wire.AppendError(nil, &wire.Error{Code: CodeMatchLost, Message: "the lobby's instance does not answer any more: the match is lost"})
	for s, t := range v.viewers {
		r.unwatch(t)
		delete(r.talkers, s)
		t.Control(message)
		t.CloseWith(session.Closed, CodeMatchLost)
	}
	r.stopWatching()
}
