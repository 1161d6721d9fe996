package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/lobby/match"
)

// Host is where matches are played; a *lobby.Directory is one. Its methods are
// called from many goroutines; errors are *lobby.Error.
type Host interface {
	OpenMatch(ctx context.Context, o lobby.MatchOptions) (id string, err error)
	FillMatch(ctx context.Context, id string, team int, players []lobby.Placed) error
	Rooms() []lobby.Room
	Regions() []string // where matches can be
	Join(ctx context.Context, who lobby.Who, id string, role lobby.Role) (lobby.Joined, error)
}

var _ Host = (*lobby.Directory)(nil)

// Deps is what a Queue needs of others. Only Host is required.
type Deps struct {
	Host    Host
	Games   func(name string) (*game.Definition, bool) // nil: game.Lookup
	Records bus.Records                                // tickets, parties and ratings of all instances; nil: alone, in memory
	Bus     bus.Bus                                    // with Records: wakes those who wait elsewhere
	Ratings Ratings                                    // nil: in Records, or in memory
	Metrics Metrics                                    // nil: counted nowhere
	Log     *slog.Logger                               // nil: logged nowhere
}

// Metrics is told what becomes of tickets. Its methods must not block.
type Metrics interface {
	Ticket(game, mode string, s State, waited time.Duration) // queued (0), or over after so long
	Waiting(n int)                                           // tickets that wait, each interval
	Paired(d time.Duration)                                  // a pairing took so long
	Spread(game, mode string, points int)                    // between the highest and lowest ticket of a match
}

// NoMetrics counts nothing.
type NoMetrics struct{}

var _ Metrics = NoMetrics{}

func (NoMetrics) Ticket(string, string, State, time.Duration) {}
func (NoMetrics) Waiting(int)                                 {}
func (NoMetrics) Paired(time.Duration)                        {}
func (NoMetrics) Spread(string, string, int)                  {}

// Queue is where players wait. Its methods may be called from any goroutine;
// errors are *lobby.Error.
type Queue struct {
	cfg     Config
	host    Host
	games   func(string) (*game.Definition, bool)
	book    Book
	ratings Ratings
	metrics Metrics
	log     *slog.Logger
	stir    chan struct{} // one: somebody waits
	results chan lobby.MatchEnd

	down     atomic.Pointer[time.Time] // new tickets are refused until then; nil: they are not
	together bool                      // the Book is shared: others put tickets into it
	parties  *shelf[*party]            // by code
	term     uint64                    // of the step that runs; Run's alone
	blind    bool                      // tickets could not be read; Run's alone

	mu    sync.Mutex
	waits map[string]time.Duration
}

// New makes a Queue. It starts nothing.
func New(cfg Config, deps Deps) (*Queue, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	if deps.Host == nil {
		return nil, errors.New("queue: no host for matches")
	}
	if deps.Records != nil && deps.Bus == nil {
		return nil, errors.New("queue: shared records need a bus")
	}
	q := &Queue{
		cfg: cfg, host: deps.Host, games: deps.Games, metrics: deps.Metrics, log: deps.Log,
		stir: make(chan struct{}, 1), results: make(chan lobby.MatchEnd, maxResults),
		waits: map[string]time.Duration{},
	}
	if q.games == nil {
		q.games = game.Lookup
	}
	if q.metrics == nil {
		q.metrics = NoMetrics{}
	}
	if q.log == nil {
		q.log = slog.New(slog.DiscardHandler)
	}
	if q.together = deps.Records != nil; q.together {
		q.book, q.ratings = newShared(deps.Records, deps.Bus, cfg, q.log, q.saw), NewSharedRatings(deps.Records)
		q.parties = newParties(deps.Records, deps.Bus, cfg.Tickets, q.log)
	} else {
		q.book, q.ratings = NewMemory(cfg.Tickets), NewRatings(cfg.Tickets)
		q.parties = newParties(bus.NewMemory(), nil, cfg.Tickets, q.log)
	}
	if deps.Ratings != nil {
		q.ratings = deps.Ratings
	}
	return q, nil
}

// saw notes that a ticket which is known here has changed, wherever that was.
func (q *Queue) saw(was, now *Record) {
	if now.State == Matched && (was == nil || !was.Over()) {
		q.waited(now)
	}
}

// Matches says whether this instance is the matcher now, as far as it knows.
func (q *Queue) Matches() bool {
	s, shared := q.book.(*shared)
	return !shared || s.leading()
}

// Request is what a ticket is asked for with.
type Request struct {
	Game       string
	Mode       string            // "" is the game's first
	Key        string            // the same again is the same ticket; "": none. At most 64 bytes
	Party      string            // the code of the party whose leader asks; "": for oneself
	With       []lobby.Who       // others whose tokens the one who asks has shown
	Attributes map[string]string // only equal ones are matched; at most 8, each at most 64 bytes
	Latencies  map[string]int    // milliseconds by region; at most 32
}

// Bounds of a Request.
const (
	maxKey        = 64
	maxAttributes = 8
	maxAttribute  = 64
	maxLatencies  = 32
	maxLatency    = 10_000
)

// Queue makes a ticket for who, for who's party, or for who and others.
func (q *Queue) Queue(ctx context.Context, who lobby.Who, r Request) (View, error) {
	d, ok := q.games(r.Game)
	if !ok {
		return View{}, refuse(lobby.CodeNoGame, "no game of that name is served here")
	}
	mode, ok := d.Mode(r.Mode)
	if !ok {
		return View{}, refuse(lobby.CodeNoMode, "the game has no mode of that name")
	}
	if err := r.check(); err != nil {
		return View{}, err
	}
	if until := q.down.Load(); until != nil && time.Now().Before(*until) {
		return View{}, refused(errDown)
	}
	players, err := q.playersOf(ctx, who, r)
	if err != nil {
		return View{}, err
	}
	if len(players) > mode.Size {
		return View{}, refuse(lobby.CodePartySize, fmt.Sprintf("at most %d play together in this mode", mode.Size))
	}
	if err := q.rated(ctx, r.Game, mode.Name, players); err != nil {
		return View{}, q.failed(err)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return View{}, &lobby.Error{Code: lobby.CodeInternal, Message: "no ticket could be made", Err: err}
	}
	now := time.Now()
	fresh := &Record{
		ID: id.String(), Version: 1, State: Queued, Game: r.Game, Mode: mode.Name, Players: players, Party: r.Party, Key: r.Key,
		Attributes: r.Attributes, Latencies: q.latencies(r.Latencies), Since: now, Until: now.Add(q.cfg.TTL),
	}
	if q.together {
		fresh.Kind = &kind{mode, d.Name, d.HasBots()}
	}
	fresh.wait = fresh.waits()
	rec, err := q.book.Add(ctx, fresh)
	if err != nil {
		return View{}, q.failed(err)
	}
	if rec.ID == id.String() {
		q.metrics.Ticket(rec.Game, rec.Mode, Queued, 0)
	}
	if rec.Party != "" {
		q.ticketOfParty(ctx, rec)
	}
	q.wake()
	return q.view(ctx, who, rec)
}

// errDown says that the records could not be asked a moment ago.
var errDown = errors.New("not asked again so soon")

// failed is what players are told, and keeps those who come next from waiting
// for what does not answer.
func (q *Queue) failed(err error) error {
	if err = refused(err); unavailable(err) {
		until := time.Now().Add(lookAgain) // by the monotonic clock: that of the wall may be set meanwhile
		q.down.Store(&until)
	}
	return err
}

func (r *Request) check() error {
	bad := len(r.Key) > maxKey || len(r.Attributes) > maxAttributes || len(r.Latencies) > maxLatencies
	for name, value := range r.Attributes {
		bad = bad || name == "" || len(name) > maxAttribute || len(value) > maxAttribute
	}
	for region, ms := range r.Latencies {
		bad = bad || region == "" || len(region) > maxAttribute || ms < 0 || ms > maxLatency
	}
	if bad {
		return refuse(lobby.CodeInvalid, "a key, an attribute or a latency is too long or out of range")
	}
	if r.Party != "" && len(r.With) > 0 {
		return refuse(lobby.CodeInvalid, "either a party or players, not both")
	}
	return nil
}

// playersOf is who the ticket is for, the one who asks first.
func (q *Queue) playersOf(ctx context.Context, who lobby.Who, r Request) ([]Player, error) {
	players := []Player{{Who: who, Vouched: true}}
	if r.Party != "" {
		return q.party(ctx, who, r.Party)
	}
	for _, w := range r.With {
		if slices.ContainsFunc(players, func(p Player) bool { return p.ID == w.ID }) {
			return nil, refuse(lobby.CodeInvalid, "a player is named twice")
		}
		players = append(players, Player{Who: w, Vouched: true})
	}
	return players, nil
}

// latencies keeps those of regions where matches can be, by name. Without any
// everyone plays anywhere.
func (q *Queue) latencies(all map[string]int) (out []match.Latency) {
	if len(all) == 0 {
		return nil
	}
	for _, region := range q.host.Regions() {
		if ms, told := all[region]; told {
			out = append(out, match.Latency{Region: region, MS: ms})
		}
	}
	slices.SortFunc(out, func(a, b match.Latency) int { return strings.Compare(a.Region, b.Region) })
	return out
}

// Get says how a ticket of who's is. If it is still at version, it waits until
// it changes or ctx is done; 0 does not wait.
func (q *Queue) Get(ctx context.Context, who lobby.Who, id string, version uint64) (View, error) {
	var last *Record
	for {
		changed, done := q.book.Watch(id)
		rec, err := q.of(context.WithoutCancel(ctx), who, id)
		var again <-chan time.Time
		switch {
		case err == nil:
			last = rec
		case last == nil || !unavailable(err):
			done()
			return View{}, err
		default: // who waits already goes on waiting
			changed, again = nil, time.After(lookAgain)
		}
		if last.Over() || version == 0 || last.Version != version || ctx.Err() != nil {
			done()
			return q.view(context.WithoutCancel(ctx), who, last)
		}
		select {
		case <-changed:
		case <-again:
		case <-ctx.Done():
		}
		done()
	}
}

// lookAgain is how soon a Book that could not be asked is asked again for those
// who wait.
const lookAgain = time.Second

func unavailable(err error) bool {
	own := new(lobby.Error)
	return errors.As(err, &own) && own.Code == lobby.CodeUnavailable
}

// of finds a ticket that who is in.
func (q *Queue) of(ctx context.Context, who lobby.Who, id string) (*Record, error) {
	rec, err := q.book.Get(ctx, id)
	if err != nil {
		return nil, refused(err)
	}
	if rec.has(who.ID) < 0 {
		return nil, refused(ErrNone)
	}
	return rec, nil
}

// Cancel takes a ticket back; anyone in it may. It is no error if it is over, unless it
// was matched.
func (q *Queue) Cancel(ctx context.Context, who lobby.Who, id string) error {
	return q.change(ctx, who, id, func(rec *Record) (*Record, error) {
		if rec.State == Matched {
			return nil, refuse(lobby.CodePhase, "the ticket is matched; leave the lobby instead")
		}
		if rec.Over() {
			return nil, nil
		}
		return q.end(rec, Cancelled, ByPlayer), nil
	})
}

// Answer accepts the match that is offered, or declines it. Accepting twice is
// accepting.
func (q *Queue) Answer(ctx context.Context, who lobby.Who, id string, accept bool) (View, error) {
	err := q.change(ctx, who, id, func(rec *Record) (*Record, error) {
		if rec.State == Matched && accept {
			return nil, nil
		}
		if rec.State != Offered {
			return nil, refuse(lobby.CodeNotOffered, "no match is offered to this ticket now")
		}
		next, offer := rec.changed(), *rec.Offer
		next.Offer = &offer
		if !accept {
			offer.Declined = true
			return next, nil
		}
		if slices.Contains(offer.Accepted, who.ID) {
			return nil, nil
		}
		offer.Accepted = append(slices.Clone(offer.Accepted), who.ID)
		return next, nil
	})
	if err != nil {
		return View{}, err
	}
	q.wake()
	return q.Get(ctx, who, id, 0)
}

// change replaces a ticket of who's by what f makes of it, nil for no change; it
// tries again if somebody else was faster.
func (q *Queue) change(ctx context.Context, who lobby.Who, id string, f func(*Record) (*Record, error)) error {
	for {
		rec, err := q.of(ctx, who, id)
		if err != nil {
			return err
		}
		next, err := f(rec)
		if err != nil || next == nil {
			return err
		}
		err = q.book.Change(ctx, 0, next)
		if err == nil {
			q.count(next)
		}
		if !errors.Is(err, ErrStale) {
			return refused(err)
		}
	}
}

// end is a ticket that is over now.
func (q *Queue) end(rec *Record, s State, reason string) *Record {
	return rec.over(s, reason, time.Now(), q.cfg.Keep)
}

// count counts tickets that were just written down, if they are over.
func (q *Queue) count(all ...*Record) {
	for _, r := range all {
		if r.Over() {
			q.metrics.Ticket(r.Game, r.Mode, r.State, r.At.Sub(r.Since))
		}
		if r.State == Matched && !q.together { // else each instance sees it when its ticket changes
			q.waited(r)
		}
	}
}

func (q *Queue) wake() {
	select {
	case q.stir <- struct{}{}:
	default: // it is awake
	}
}

func refuse(code, message string) *lobby.Error { return &lobby.Error{Code: code, Message: message} }

// refused is what players are told of a Book's errors.
func refused(err error) error {
	own := new(lobby.Error)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &own):
		return own
	case errors.Is(err, ErrNone):
		return refuse(lobby.CodeNoTicket, "there is no such ticket of yours")
	case errors.Is(err, ErrBusy):
		return refuse(lobby.CodeQueued, "you, or somebody with you, waits by another ticket already")
	case errors.Is(err, ErrFull):
		return &lobby.Error{Code: lobby.CodeQueueFull, Message: "too many wait here", RetryAfter: 5 * time.Second}
	}
	return &lobby.Error{Code: lobby.CodeUnavailable, Message: "the queue cannot be asked now", RetryAfter: 2 * time.Second, Err: err}
}
