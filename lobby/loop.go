package lobby

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/lobby/feed"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/sim"
	"github.com/sandlot-server/sandlot/net/wire"
)

// env is what all lobbies of an instance share. It does not change.
type env struct {
	cfg       Config
	boot      string // names this run of the instance
	session   session.Config
	keys      Keys
	bus       bus.Bus   // nil: alone
	store     bus.Store // nil: alone
	peers     Peers     // nil: others are not asked
	metrics   Metrics
	log       *slog.Logger
	out       *publisher
	carrier   *feed.Carrier // nil: alone
	moderator Moderator     // nil: everything may be said
	ended     func(MatchEnd)
	nudge     func()      // what lists say has changed
	draining  func() bool // the instance is about to stop
	logins    *logins
	worked    atomic.Int64 // ns that all Loops have worked
}

// Loop is one lobby and the goroutine that runs it. Everything below the line is
// the goroutine's alone.
type Loop struct {
	inbox
	env     *env
	id      string
	code    string
	def     *game.Definition
	schema  *state.Schema
	title   string
	private bool
	instant bool     // starts, and starts again, by itself: quick play's
	matched *matched // players come by tickets; nil: they join
	creator string
	created time.Time
	part    float64 // of a period that its ticks are later than others'
	log     *slog.Logger
	done    chan struct{}           // closed when the goroutine has ended
	info    atomic.Pointer[listing] // what lists say; never nil
	busy    atomic.Int64            // when the round of work under way began, Unix ns; 0: it waits

	// ----

	phase       wire.Phase
	deadline    time.Time // when the phase ends by itself; zero: it does not
	botsAt      time.Time // when bots come to a waiting lobby; zero: nobody was here yet
	emptyAt     time.Time // when it is reaped; zero: somebody has a seat
	pulseAt     time.Time // in results: when the last state is offered again
	settings    []int64
	max         int
	bots        bool
	fillTo      int
	seats       []*seat // ascending by player, which is the order they came in
	botSeats    int     // how many of them are bots'
	next        state.Player
	host        state.Player
	kicked      map[string]time.Time // player ids, until when; zero: for good
	muted       map[string]bool      // player ids
	approval    bool                 // players knock
	approved    map[string]bool      // player ids
	knocks      []knock
	level       int      // of bots
	network     sim.Link // simulated for all members; the zero Link: none
	networked   uint64   // connections that were given one
	knockNumber uint16
	bySession   map[*session.Session]*seat
	talkers     map[*session.Session]*talker
	group       *session.Group
	far         far  // spectators on other instances
	late        late // spectators who see everything later
	chat        chatLog
	says        bus.Subscription         // nil: alone
	remote      map[string]*rate.Limiter // of talkers elsewhere
	heard       hearing                  // of talkers elsewhere
	by          string                   // whose message is being said, of those elsewhere; "": none
	syncing     bool                     // what was missed elsewhere is about to be published again
	syncFrom    uint64                   // from after this offset
	synced      time.Time                // when that was done last
	beaconAt    time.Time                // when the head is published next; zero: not
	beacons     int                      // done since the last message

	runner    *game.Runner
	watched   *watched // the runner as the group sees it
	number    uint32   // of the match
	clock     clock
	began     time.Time // of the match that runs; zero: none does
	dropped   uint64    // of the runner, as told to the metrics
	result    wire.Result
	botWarned bool

	news    []*seat       // members of whom others are to be told
	newsAt  time.Time     // when at the latest; zero: with the next round
	members []wire.Member // memory of memberMessage, and newsBuf
	newsBuf []byte
	told    []byte // the lobby message that all know

	closing bool
	changed bool // lists and the lobby message are behind
	dirty   bool // something waits to be flushed
	buf     []byte
}

// run is the goroutine. It returns when the lobby is closed or ctx is done.
func (l *Loop) run(ctx context.Context) {
	defer close(l.done)
	defer l.ended()
	defer func() {
		if fault := recover(); fault != nil {
			l.crashed(fault, debug.Stack())
		}
	}()
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		now := time.Now()
		l.busy.Store(now.UnixNano())
		for _, it := range l.take() {
			l.handle(now, it)
		}
		l.advance(now)
		l.settle(now)
		l.show(now)
		l.env.worked.Add(int64(time.Since(now)))
		if l.closing {
			return
		}
		timer.Reset(time.Until(l.nextWake(now)))
		l.busy.Store(0)
		select {
		case <-ctx.Done():
			l.restart()
			return
		case <-l.wake:
		case <-timer.C:
		}
	}
}

func (l *Loop) handle(now time.Time, it item) {
	switch {
	case it.do != nil:
		it.do(now)
	case it.attach != nil:
		l.attach(now, it.attach)
	case it.gone != nil:
		l.gone(now, it.gone)
	case it.remote != nil:
		l.fromBus(now, it.remote)
	default:
		l.incoming(now, it.in)
	}
}

// settle publishes what changed and writes what waits. While a match runs the
// tick does the writing.
func (l *Loop) settle(now time.Time) {
	if l.changed {
		l.changed = false
		l.sayLobby()
		l.publishInfo()
	}
	if l.newsDue(now) {
		l.tellNews()
	}
	if l.dirty && l.phase != wire.PhaseRunning {
		l.group.Flush()
	}
	if l.dirty && l.late.gallery != nil {
		l.late.gallery.Group.Flush()
	}
	if l.dirty {
		for t := range l.talkers {
			t.Flush()
		}
	}
	l.dirty = false
}

// nextWake is the earliest time at which something is due by itself, after now,
// at which all that was due has been done.
func (l *Loop) nextWake(now time.Time) time.Time {
	at := now.Add(time.Hour)
	earlier := func(t time.Time) {
		if t.After(now) && t.Before(at) {
			at = t
		}
	}
	if l.phase == wire.PhaseRunning {
		return l.clock.deadline()
	}
	earlier(l.nextShow())
	earlier(l.beaconAt)
	earlier(l.deadline)
	earlier(l.newsAt)
	earlier(l.emptyAt)
	if l.phase == wire.PhaseWaiting && l.bots {
		earlier(l.botsAt)
	}
	if l.phase == wire.PhaseResults {
		earlier(l.pulseAt)
	}
	for _, k := range l.knocks {
		earlier(k.until)
	}
	for _, s := range l.seats {
		if s.bot == nil && s.sess == nil {
			earlier(s.until)
		}
	}
	return at
}

// crashed ends a lobby whose game, or whose own code, panicked. Others go on.
func (l *Loop) crashed(fault any, stack []byte) {
	defer func() {
		if again := recover(); again != nil { // what the game broke is worse than it looked
			l.log.Error("closing the failed lobby failed", "fault", fmt.Sprint(again), "stack", string(debug.Stack()))
		}
	}()
	l.env.metrics.GamePanic(l.def.Name)
	l.log.Error("the lobby failed and is closed", "fault", fmt.Sprint(fault), "tick", l.ticks(), "stack", string(stack))
	e := wire.Error{Code: "game_failed", Message: "the match failed and cannot go on"}
	message := wire.AppendError(nil, &e)
	l.everySession(func(s *session.Session) { s.Control(message) })
	l.close()
}

func (l *Loop) ticks() uint32 {
	if l.runner == nil {
		return 0
	}
	return l.runner.Tick()
}

// close tells everyone that the lobby is closed; the goroutine then ends.
func (l *Loop) close() {
	l.closing = true
	l.phase, l.deadline = wire.PhaseClosed, time.Time{}
	l.tellNews()
	l.sayHere(l.lobbyMessage(), true)
	l.everySession(func(s *session.Session) { s.Close(session.Closed) })
	l.publishInfo()
}

// ended refuses whatever still comes: sessions that were about to attach, and
// requests, see that the inbox has ended.
func (l *Loop) ended() {
	rest := l.end()
	l.matchOver(time.Now())
	if l.says != nil {
		l.says.Close()
	}
	l.publishClosed()
	for _, s := range l.seats {
		if s.bot != nil {
			l.env.metrics.Seats(l.def.Name, 0, -1)
		} else {
			l.env.metrics.Seats(l.def.Name, -1, 0)
		}
	}
	for _, it := range slices.Concat(l.taken(), rest) { // the round may have been broken off
		if it.attach != nil {
			it.attach.Close(session.Closed)
		}
	}
}

// ask lets the goroutine run f and waits for it. After an error f may yet run:
// what it then changes ends by itself, as with a player who never comes.
func (l *Loop) ask(ctx context.Context, f func(now time.Time)) error {
	if l.hung(time.Now()) > answerWait {
		return &Error{Code: CodeUnavailable, Message: "the lobby does not answer", RetryAfter: 10 * time.Second}
	}
	ctx, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	ran := make(chan struct{})
	if !l.put(item{do: func(now time.Time) { f(now); close(ran) }}, true) {
		select {
		case <-l.done:
			return fail(CodeClosed, "the lobby is closed")
		default:
			return &Error{Code: CodeUnavailable, Message: "the lobby is too busy", RetryAfter: time.Second}
		}
	}
	select {
	case <-ran:
		return nil
	case <-l.done:
		select {
		case <-ran:
			return nil
		default:
			return fail(CodeClosed, "the lobby is closed")
		}
	case <-ctx.Done():
		return &Error{Code: CodeUnavailable, Message: "the lobby did not answer in time", RetryAfter: time.Second, Err: ctx.Err()}
	}
}
