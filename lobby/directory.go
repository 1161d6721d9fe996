package lobby

import (
	"context"
	"log/slog"

	"github.com/sandlot-server/sandlot/lobby/bus"
)

// Deps is what a Directory needs of others. Only Keys is required.
type Deps struct {
	Keys    Keys         // issues and verifies passes and resume tokens
	Bus     bus.Bus      // nil: alone
	Store   bus.Store    // nil: alone
	Metrics Metrics      // nil: counted nowhere
	Log     *slog.Logger // nil: logged nowhere
}

// Directory holds all lobbies of this instance and what the Store says of those
// elsewhere. Its methods may be called from any goroutine; those that take a
// context wait for a Loop or, with a lobby elsewhere, at most a second for the
// Store. Errors are *Error.
type Directory struct {
	cfg  Config
	deps Deps
}

// New makes a Directory. It starts nothing.
func New(cfg Config, deps Deps) (*Directory, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	return &Directory{cfg: cfg, deps: deps}, nil
}

// Run runs the lobbies until ctx is done; then members are told 1001 and Run
// returns when every Loop has. Nothing can be created before Run was called.
func (d *Directory) Run(ctx context.Context) error { panic("skeleton") }

// Create makes a lobby here with who as its host, and a seat for who.
func (d *Directory) Create(ctx context.Context, who Who, o CreateOptions) (Joined, error) {
	panic("skeleton")
}

// Join gives who a seat in the lobby with this id or code, or answers with the
// place of its home. A player who already has a seat there gets a pass for it.
func (d *Directory) Join(ctx context.Context, who Who, idOrCode string, role Role) (Joined, error) {
	panic("skeleton")
}

// Leave gives up who's seat in the lobby, for good. It is no error to have none.
func (d *Directory) Leave(ctx context.Context, who Who, id string) error { panic("skeleton") }

// Get says what who may know of the lobby with this id or code. A private lobby
// is found by its code, and by its id for those who have a seat in it.
func (d *Directory) Get(ctx context.Context, who Who, idOrCode string) (Info, error) {
	panic("skeleton")
}

// List returns one page of public lobbies, here and elsewhere, newest first. What
// is said of those elsewhere is at most a few beats old.
func (d *Directory) List(ctx context.Context, f Filter, p Page) (List, error) { panic("skeleton") }

// QuickPlay puts who into a running or soon running public lobby of the game
// that has room, or into a new one that bots fill and that starts at once.
func (d *Directory) QuickPlay(ctx context.Context, who Who, o QuickPlayOptions) (Joined, error) {
	panic("skeleton")
}

// Ready returns the reasons for which this instance is not wholly well, none if
// it is: "redis: …" when work with other instances is refused.
func (d *Directory) Ready() []string { panic("skeleton") }
