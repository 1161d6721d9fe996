package lobby

import (
	"context"
	"log/slog"
	"time"

	"golang.org/x/time/rate"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/lobby/feed"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// relay serves the chat-only members and the spectators that a lobby of another
// instance has here.
// It has a goroutine of its own and one more for what it asks of the Store.
type relay struct {
	inbox
	d       *Directory
	env     *env
	id      string
	schema  *state.Schema
	log     *slog.Logger
	talkers map[*session.Session]*talker
	show    viewing
	order   sequence
	saying  saying
	held    time.Time // until when messages beyond a gap are held; zero: none are
	asked   time.Time // when those missing were asked for
	gap     time.Time // when the bus last said that something was missed
	ask     chan struct{}
	shown   string // the phase that members know
	missing int    // beats without a lease
	empty   time.Time
	muted   map[string]bool      // players of whom the home said so, at most remotes
	kicked  map[string]time.Time // who was removed, until when, as Loop's; at most remotes
	over    bool
	why     string // it is, beside that it is closed
	buf     []byte
}

// admitToRelay holds a place in the chat of a lobby that lives elsewhere, or among
// its spectators.
func (d *Directory) admitToRelay(ctx context.Context, who Who, id string, role Role) (*admission, error) {
	d.mu.Lock()
	other := d.others.lobby(id)
	d.mu.Unlock()
	if other == nil && d.env.store != nil {
		if err := d.seekLobby(ctx, id, ""); err != nil {
			return nil, &Error{Code: CodeUnavailable, Message: "the lobby cannot be looked up now", RetryAfter: d.env.cfg.Beat, Err: err}
		}
		d.mu.Lock()
		other = d.others.lobby(id)
		d.mu.Unlock()
	}
	if other == nil {
		return nil, errNotFound()
	}
	r, err := d.relayOf(other)
	if err != nil {
		return nil, err
	}
	if role == RoleSpectator {
		if err := r.admitViewer(); err != nil {
			return nil, err
		}
	}
	return &admission{
		schema: r.schema,
		in:     &r.inbox,
		late:   session.Busy,
		who: session.Identity{
			ID: who.ID, Name: who.Name, Lobby: id, Role: session.Role(role), Expires: who.Expires, Load: who.Load,
		},
	}, nil
}

func (d *Directory) relayOf(other *listing) (*relay, error) {
	id := other.Info.ID
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ctx == nil || d.stopping || d.ctx.Err() != nil {
		return nil, &Error{Code: CodeStopping, Message: "this instance is stopping", RetryAfter: 2 * time.Second}
	}
	if r := d.relays[id]; r != nil {
		return r, nil
	}
	r := &relay{
		inbox:   newInbox(0, func() { d.env.metrics.InboxFull(other.Info.Game) }),
		d:       d,
		env:     d.env,
		id:      id,
		schema:  &state.Schema{TickRate: 1},
		log:     d.env.log.With("lobby", id, "home", other.Home),
		talkers: map[*session.Session]*talker{},
		muted:   map[string]bool{},
		kicked:  map[string]time.Time{},
		ask:     make(chan struct{}, 1),
		saying:  newSaying(),
	}
	if def, ok := d.games(other.Info.Game); ok {
		r.schema = def.Schema()
		if feed.Print(def) == other.Print {
			r.show.def = def
		}
	}
	r.show.viewers = map[*session.Session]*talker{}
	d.relays[id] = r
	ctx := d.ctx
	d.running.Go(func() {
		defer func() {
			d.mu.Lock()
			delete(d.relays, id)
			d.mu.Unlock()
		}()
		r.run(ctx)
	})
	return r, nil
}

// run is the goroutine. It ends when nobody here was in the lobby for a while,
// when the lobby is gone, or with ctx.
func (r *relay) run(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	sub := r.env.bus.Subscribe(chatChannel(r.id), bus.Handler{
		Message: func(payload []byte) {
			if len(payload) > 0 {
				r.put(item{remote: payload}, true)
			}
		},
		Gap: func() { r.put(item{do: func(now time.Time) { r.gap = now; r.catchUp(now) }}, true) },
	})
	fetched := make(chan struct{})
	go func() {
		defer close(fetched)
		r.fetch(ctx)
	}()
	defer func() {
		cancel()
		sub.Close()
		r.stopWatching()
		<-fetched
		for _, it := range r.end() {
			if it.attach != nil {
				it.attach.Close(session.Busy)
			}
		}
	}()
	beat := time.NewTicker(r.env.cfg.Beat)
	defer beat.Stop()
	hold := time.NewTimer(time.Hour)
	defer hold.Stop()
	pulses := time.NewTicker(pulse)
	defer pulses.Stop()
	r.empty = time.Now()
	for {
		now := time.Now()
		for _, it := range r.take() {
			r.handle(now, it)
		}
		r.give(now)
		r.deliver(now)
		r.sayAgain(now)
		if r.over {
			r.closeAll(session.Closed, r.why)
			return
		}
		if at := r.due(); !at.IsZero() {
			hold.Reset(time.Until(at))
		}
		select {
		case <-ctx.Done():
			r.closeAll(session.Restart, session.After(RestartAfter))
			return
		case <-r.wake:
		case <-hold.C:
		case <-beat.C:
			r.look()
			r.assertWatching()
		case <-r.pulses(pulses):
			r.pulse(time.Now())
		}
		if len(r.talkers) == 0 && time.Since(r.empty) > r.env.cfg.EmptyAfter {
			return
		}
	}
}

// due is when something is due by itself; zero is never.
func (r *relay) due() time.Time {
	at := r.saying.due()
	if r.held.IsZero() {
		return at
	}
	for _, t := range []time.Time{r.held, r.asked.Add(askAgain)} {
		if at.IsZero() || t.Before(at) {
			at = t
		}
	}
	return at
}

func (r *relay) closeAll(why session.Reason, detail string) {
	for t := range r.talkers {
		t.CloseWith(why, detail)
	}
}

func (r *relay) handle(now time.Time, it item) {
	switch {
	case it.do != nil:
		it.do(now)
	case it.attach != nil:
		r.attach(now, it.attach)
	case it.frame != nil:
		r.fromFeed(now, it.frame)
	case it.gone != nil:
		if t := r.show.viewers[it.gone]; t != nil {
			r.unwatch(t)
		}
		delete(r.talkers, it.gone)
		r.env.logins.left(it.gone)
		r.empty = now
	case it.remote != nil:
		r.fromHome(now, it.remote)
	default:
		if t := r.talkers[it.in.From]; t != nil {
			r.incoming(now, t, it.in)
		}
	}
}

func (r *relay) attach(now time.Time, s *session.Session) {
	if _, over := s.Ended(); over {
		return
	}
	if keptOut(r.kicked, now, s.Identity().ID) {
		s.Close(session.Kicked)
		return
	}
	t := &talker{s, rate.NewLimiter(rate.Every(r.env.cfg.ChatEvery), r.env.cfg.ChatBurst)}
	watches := s.Identity().Role == session.Spectator
	if watches && !r.watch(now, t) {
		return
	}
	r.talkers[s] = t
	if !watches {
		r.listen()
	}
	r.env.logins.came(now, s)
	other := r.known()
	w := wire.Welcome{
		Instance: r.env.cfg.Instance, Lobby: r.id, Role: wire.Role(s.Identity().Role), ServerUS: uint64(now.UnixMicro()), Schema: r.schema,
	}
	if other != nil {
		w.Game = other.Info.Game
	}
	s.Open(wire.AppendWelcome(nil, &w), nil, 0)
	switch {
	case watches:
		r.show.gallery.Standing(s.Tell)
	case r.show.told:
		r.standing(s)
	case other != nil:
		s.Event(r.lobbyMessage(other))
	}
	for i := range r.order.last {
		r.buf = wire.AppendChatOut(r.buf[:0], &r.order.last[i])
		s.Tell(r.buf)
	}
	s.Flush()
}

// look sees each beat how the lobby is. One whose lease ran out is gone; but to a
// Redis that was away, and came back empty, its home may be slow to come back.
func (r *relay) look() {
	other := r.known()
	if other == nil {
		if len(r.d.Ready()) == 0 {
			r.missing++
		}
		if v := &r.show; v.gallery != nil && time.Since(v.heard) < r.env.cfg.Lease {
			r.missing = 0 // its frames come: only its lease is late
		}
		if r.missing > 2 && time.Since(r.gap) > r.env.cfg.Lease {
			r.over, r.why = true, CodeMatchLost
		}
		return
	}
	r.missing = 0
	if other.Info.Phase == r.shown || r.show.told {
		return // else they are told by the home itself
	}
	message := r.lobbyMessage(other)
	for t := range r.talkers {
		if r.show.viewers[t] == nil { // they are told by the home itself
			t.Event(message)
			t.Flush()
		}
	}
}

func (r *relay) known() *listing {
	r.d.mu.Lock()
	defer r.d.mu.Unlock()
	return r.d.others.lobby(r.id)
}

// lobbyMessage is valid until the next message is made.
func (r *relay) lobbyMessage(of *listing) []byte {
	r.shown = of.Info.Phase
	m := wire.Lobby{Min: of.Info.MinPlayers, Max: of.Info.MaxPlayers, Private: of.Info.Private, Code: of.Info.Code}
	for p := wire.PhaseWaiting; p <= wire.PhaseClosed; p++ {
		if p.String() == of.Info.Phase {
			m.Phase = p
		}
	}
	for _, s := range r.schema.Settings {
		m.Settings = append(m.Settings, of.Info.Settings[s.Name])
	}
	r.buf = wire.AppendLobby(r.buf[:0], &m)
	return r.buf
}
