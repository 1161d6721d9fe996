package gametest

import (
	"testing"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
)

// Match is a match that a test steps by hand. It belongs to the test's
// goroutine.
type Match struct {
	t       testing.TB
	d       *game.Definition
	r       *game.Runner
	differ  *state.Differ
	clients []*client
	next    game.Player
}

// New starts a match with no one in it. It fails the test if the game is not
// registered, see [With], or a [Setting] does not fit.
func New(t testing.TB, newGame func() game.Game, opts ...Option) *Match {
	t.Helper()
	c, d := configure(t, newGame, opts)
	r, err := game.NewRunner(d, c.seed, c.values(t, d))
	if err != nil {
		t.Fatalf("gametest: %v", err)
	}
	return &Match{t: t, d: d, r: r, differ: state.NewDiffer(d.Schema().Tables)}
}

// Join lets a player in and fails the test if it is refused; see [Match.TryJoin].
// The game hears of it in the next Step. With teams, players are dealt to them
// in turn.
func (m *Match) Join(name string) game.Player {
	m.t.Helper()
	p, err := m.TryJoin(name)
	if err != nil {
		m.t.Fatalf("%s joins at tick %d: %v", name, m.Tick(), err)
	}
	return p
}

// TryJoin lets a player in, or returns the *game.Error that says why not.
func (m *Match) TryJoin(name string) (game.Player, error) {
	p, team := m.next+1, uint8(0)
	if m.d.Teams > 0 {
		team = uint8(int(m.next)%m.d.Teams) + 1
	}
	if err := m.r.Join(p, name, false, team); err != nil {
		return 0, err
	}
	m.next = p
	m.clients = append(m.clients, newClient(m.d, p))
	return p, nil
}

// Leave takes a player out. The game hears of it in the next Step.
func (m *Match) Leave(p game.Player) {
	m.t.Helper()
	m.client(p).gone = true
	m.r.Leave(p)
}

// Input sets what p does from now on, until it is set again: its client sends it
// for each tick, as a client does while a key is held. Press fields count for
// the next tick only. It fails the test if a field is out of its range.
func (m *Match) Input(p game.Player, in any) {
	m.t.Helper()
	if err := m.client(p).hold(m.d, in); err != nil {
		m.t.Fatalf("input of player %d at tick %d: %v", p, m.Tick(), err)
	}
}

// Late makes p look at what was so many ticks before the newest state from now
// on, as one does whose network is slow: Tick.Rewind goes back to that.
func (m *Match) Late(p game.Player, ticks uint32) {
	m.t.Helper()
	m.client(p).late = ticks
}

// Command gives a command of p's, a value of one of the game's command types or
// a pointer to one, and returns the *game.Error if it is refused. The game hears
// of it in the next Step. It fails the test if a field is out of its range.
func (m *Match) Command(p game.Player, command any) error {
	m.t.Helper()
	m.client(p)
	index, values, err := m.d.CommandValues(nil, command)
	if err == nil {
		err = inRange(command, values)
	}
	if err != nil {
		m.t.Fatalf("command of player %d at tick %d: %v", p, m.Tick(), err)
	}
	return m.r.Command(p, index, values)
}

// Step advances the match by n ticks; each client gets each tick's state and
// events. It fails the test if the match ends before: use Result to stop there.
func (m *Match) Step(n int) {
	m.t.Helper()
	for i := range n {
		if _, over := m.r.Result(); over {
			m.t.Fatalf("the match ended after %d of %d ticks, at tick %d", i, n, m.Tick())
		}
		m.step()
	}
}

// StepUntil steps until done says so, and fails the test if that takes more than
// limit ticks or the match ends before. Done is asked after each tick.
func (m *Match) StepUntil(limit int, done func() bool) {
	m.t.Helper()
	for range limit {
		m.Step(1)
		if done() {
			return
		}
	}
	m.t.Fatalf("still not done after %d ticks, at tick %d", limit, m.Tick())
}

func (m *Match) step() {
	m.t.Helper()
	for _, c := range m.clients {
		c.send(m.r)
	}
	m.r.Step()
	for _, c := range m.clients {
		if err := c.receive(m.differ, m.r); err != nil {
			m.t.Fatalf("player %d's client at tick %d: %v", c.me, m.Tick(), err)
		}
	}
}

// Tick is the number of the last step.
func (m *Match) Tick() uint32 { return m.r.Tick() }

// Game is the running game. Look at it; change nothing.
func (m *Match) Game() game.Game { return m.r.Game() }

// Runner is what runs the game, for tests that save, restore or compare hashes.
func (m *Match) Runner() *game.Runner { return m.r }

// Result is how the match ended; false while it goes on.
func (m *Match) Result() (game.Result, bool) { return m.r.Result() }

// Mirror is what p's client has been sent, applied: the state as it knows it.
func (m *Match) Mirror(p game.Player) *state.Mirror {
	m.t.Helper()
	return m.client(p).mirror
}

// Heard returns the events that p's client got since the last call: pointers to
// the game's event types.
func (m *Match) Heard(p game.Player) []any {
	m.t.Helper()
	c := m.client(p)
	heard := c.heard
	c.heard = nil
	return heard
}

func (m *Match) client(p game.Player) *client {
	m.t.Helper()
	if p == 0 || int(p) > len(m.clients) {
		m.t.Fatalf("no player %d ever joined", p)
	}
	return m.clients[p-1]
}
