package arena_test

import (
	"testing"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/arena"
)

// match drives a Runner with typed inputs.
type match struct {
	testing.TB
	*game.Runner
	d    *game.Definition
	seq  uint32
	last game.Player
	held map[game.Player]arena.Input
}

func start(t testing.TB, seed uint64, s arena.Settings) *match {
	t.Helper()
	d, ok := game.Lookup(arena.Name)
	if !ok {
		t.Fatal("arena is not registered")
	}
	r, err := game.NewRunner(d, seed, []int64{int64(s.Seconds), int64(s.Kills), int64(s.Map)})
	if err != nil {
		t.Fatal(err)
	}
	return &match{TB: t, Runner: r, d: d, held: map[game.Player]arena.Input{}}
}

// round is an ordinary round on the first map.
func round(t testing.TB) *match {
	return start(t, 1, arena.Settings{Seconds: 180, Kills: 20, Map: 1})
}

func (m *match) rules() *arena.Arena { return m.Game().(*arena.Arena) }

func (m *match) join(name string) game.Player {
	m.Helper()
	m.last++
	if err := m.Join(m.last, name, false, 0); err != nil {
		m.Fatal(err)
	}
	m.Step()
	return m.last
}

func (m *match) hold(p game.Player, in arena.Input) { m.held[p] = in }

// run steps with what players hold, up to n ticks or until done says so, and
// returns all events of a type that it saw.
func run[E any](m *match, n int, done func() bool) (seen []E) {
	m.Helper()
	for range n {
		m.seq++
		for p, in := range m.held {
			v, err := m.d.InputValues(nil, &in)
			if err != nil {
				m.Fatal(err)
			}
			m.Input(p, m.seq, 0, v)
		}
		m.Step()
		for _, out := range m.Events() {
			e, err := m.d.NewEvent(out.Index, out.Values)
			if err != nil {
				m.Fatal(err)
			}
			if e, ok := e.(*E); ok {
				seen = append(seen, *e)
			}
		}
		if done != nil && done() {
			break
		}
	}
	return seen
}

func (m *match) ship(p game.Player) *arena.Ship {
	for _, s := range m.rules().Ships.Owned(p) {
		return s
	}
	return nil
}

func (m *match) score(p game.Player) *arena.Score {
	for _, s := range m.rules().Scores.Owned(p) {
		return s
	}
	return nil
}

// put places a ship, at rest, in whole units.
func (m *match) put(p game.Player, x, y int32) *arena.Ship {
	s := m.ship(p)
	s.X, s.Y, s.VX, s.VY = x*arena.Unit, y*arena.Unit, 0, 0
	return s
}

// bare takes a ship's shield.
func bare(s *arena.Ship) *arena.Ship {
	s.Shield, s.ShieldLeft = false, 0
	return s
}
