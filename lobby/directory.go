package lobby

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	"golang.org/x/time/rate"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/net/session"
)

// Deps is what a Directory needs of others. Only Keys is required.
type Deps struct {
	Keys      Keys                                       // issues and verifies passes and resume tokens
	Games     func(name string) (*game.Definition, bool) // nil: game.Lookup
	Served    func() []string                            // names of those games, ascending; nil: those registered
	Session   session.Config                             // as net/ws has it; zero: defaults
	Bus       bus.Bus                                    // nil: alone
	Store     bus.Store                                  // nil: alone
	Peers     Peers                                      // asks other instances; nil: they are not asked
	Crowded   func() bool                                // no room for another lobby, whatever Config says; nil: never
	Metrics   Metrics                                    // nil: counted nowhere
	Log       *slog.Logger                               // nil: logged nowhere
	Moderator Moderator                                  // of chat; nil: everything may be said
	Ended     func(MatchEnd)                             // told how matches of modes end here, by Loops: must not block; nil: nobody is told
}

// Directory holds all lobbies of this instance and what the Store says of those
// elsewhere. Its methods may be called from any goroutine; those that take a
// context wait for a Loop or, with a lobby elsewhere, at most a second for the
// Store. Errors are *Error, but for those of New and Claim.
type Directory struct {
	env     *env
	games   func(string) (*game.Definition, bool)
	served  func() []string
	crowded func() bool
	stir    chan struct{} // one: what lists say has changed
	board   board

	draining atomic.Bool

	mu       sync.Mutex
	ctx      context.Context // of Run; nil before
	stopping bool
	running  sync.WaitGroup // Loops and relays
	made     uint64         // lobbies ever
	lobbies  map[string]*Loop
	codes    map[string]*Loop
	relays   map[string]*relay
	turns    map[string]*turn // by game
	others   others
	effort   effort
}

// New makes a Directory. It starts nothing.
func New(cfg Config, deps Deps) (*Directory, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("lobbies: %w", err)
	}
	if deps.Keys == nil {
		return nil, fmt.Errorf("lobbies: no keys")
	}
	if (deps.Bus == nil) != (deps.Store == nil) {
		return nil, fmt.Errorf("lobbies: a bus needs a store and a store a bus")
	}
	if deps.Games == nil {
		deps.Games = game.Lookup
	}
	if deps.Served == nil {
		deps.Served = registered
	}
	if deps.Crowded == nil {
		deps.Crowded = func() bool { return false }
	}
	if deps.Ended == nil {
		deps.Ended = func(MatchEnd) {}
	}
	if deps.Metrics == nil {
		deps.Metrics = NoMetrics{}
	}
	if deps.Log == nil {
		deps.Log = slog.New(slog.DiscardHandler)
	}
	d := &Directory{
		games:   deps.Games,
		served:  deps.Served,
		crowded: deps.Crowded,
		stir:    make(chan struct{}, 1),
		lobbies: map[string]*Loop{},
		codes:   map[string]*Loop{},
		relays:  map[string]*relay{},
		turns:   map[string]*turn{},
		others:  others{misses: rate.NewLimiter(rate.Every(missGap), missBurst)},
	}
	d.env = &env{
		draining: d.draining.Load,
		cfg:      cfg, boot: rand.Text(), session: *deps.Session.Filled(), keys: deps.Keys, bus: deps.Bus, store: deps.Store, peers: deps.Peers,
		metrics: deps.Metrics, log: deps.Log, moderator: deps.Moderator, ended: deps.Ended, out: newPublisher(deps.Bus, deps.Store, deps.Metrics),
		carrier: newCarrier(deps.Bus, deps.Metrics),
		nudge: func() {
			d.board.stir()
			select {
			case d.stir <- struct{}{}:
			default: // told already
			}
		},
	}
	d.env.logins = newLogins(cfg.Instance, d.env.out)
	return d, nil
}

// Run runs the lobbies until ctx is done; then members are told 1001 and Run
// returns when every Loop has. Nothing can be created before Run was called.
// It returns nil.
func (d *Directory) Run(ctx context.Context) error {
	var own sync.WaitGroup
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer own.Wait()
	defer stop()
	if d.env.bus != nil {
		defer d.env.logins.listen(d.env.bus).Close()
		own.Go(func() { d.env.out.run(work) })
		own.Go(func() { d.beats(work) })
	}
	if d.env.carrier != nil {
		own.Go(func() { d.env.carrier.Run(work) })
	}
	own.Go(func() { d.watchdog(work) })
	d.mu.Lock()
	d.ctx = ctx
	d.mu.Unlock()

	<-ctx.Done()
	d.mu.Lock()
	d.stopping = true
	d.mu.Unlock()
	d.running.Wait()
	return nil
}

// Boot names this run of the instance: a pass is good only during it.
func (d *Directory) Boot() string { return d.env.boot }

// start runs a Loop that has been registered by the caller, who holds d.mu.
func (d *Directory) start(l *Loop) {
	ctx := d.ctx
	d.env.metrics.Lobbies(l.def.Name, 1)
	d.running.Go(func() {
		defer d.env.metrics.Lobbies(l.def.Name, -1)
		defer d.forget(l)
		l.run(ctx)
	})
}

func (d *Directory) forget(l *Loop) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.lobbies, l.id)
	delete(d.codes, l.code)
	d.others.ended(l.id)
	d.env.nudge()
}
