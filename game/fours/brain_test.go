package fours_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/fours"
	"github.com/sandlot-server/sandlot/game/gametest"
)

// between plays a match between two bots to its end and returns it with a line a
// tick: the hash of the state and the column dropped before it, or -.
func between(t *testing.T, seed uint64) (*gametest.Match, []byte) {
	t.Helper()
	m := gametest.New(t, fours.New, gametest.Seed(seed))
	players := []game.Player{m.Join("ann"), m.Join("bob")}
	brains := []game.Brain{fours.NewBrain(seed*2 + 1), fours.NewBrain(seed*2 + 2)}
	var out bytes.Buffer
	for {
		if _, over := m.Result(); over {
			return m, out.Bytes()
		}
		if m.Tick() > 42*30*10 {
			t.Fatalf("seed %d: no end by tick %d", seed, m.Tick())
		}
		said := "-"
		for i, p := range players {
			if m.Tick() == 0 {
				continue // there is nothing to look at yet
			}
			c := brains[i].Think(&game.View{Tick: m.Tick(), Me: p, Mirror: m.Mirror(p)}, nil)
			if c == nil {
				continue
			}
			if err := m.Command(p, c); err != nil {
				t.Fatalf("seed %d, tick %d: %+v refused: %v", seed, m.Tick(), c, err)
			}
			said = fmt.Sprintf("%d:%d", p, c.(fours.Drop).Column)
		}
		m.Step(1)
		fmt.Fprintf(&out, "%016x %s\n", m.Runner().Hash(), said)
	}
}

// Matches between bots end by the board, never by a clock or a refused drop, and
// are not all alike.
func TestBotsPlayToTheEnd(t *testing.T) {
	won, ticks := map[game.Player]int{}, map[uint32]bool{}
	for seed := range uint64(12) {
		m, _ := between(t, seed)
		ticks[m.Tick()] = true
		won[rules(m).Winner]++
		discs := 0
		for _, d := range rules(m).Board {
			if d != 0 {
				discs++
			}
		}
		if perMove := int(m.Tick()) / discs; perMove < 5 || perMove > 30 {
			t.Errorf("seed %d: %d ticks a move is not human", seed, perMove)
		}
		for _, p := range []game.Player{1, 2} {
			for _, e := range m.Heard(p) {
				switch e := e.(type) {
				case *fours.Refused:
					t.Errorf("seed %d: a bot was refused: %+v", seed, e)
				case *fours.Finished:
					if e.How != fours.ByFour && e.How != fours.ByBoard {
						t.Errorf("seed %d: it ended by %q", seed, e.How)
					}
				}
			}
		}
	}
	t.Logf("wins: %v", won)
	if won[1] == 0 || won[2] == 0 || len(ticks) < 6 {
		t.Errorf("wins %v, lengths %v: the same match again and again", won, ticks)
	}
}

// A recorded match: replayed, every tick must reach the recorded state.
func TestRecordedMatch(t *testing.T) {
	const recording = "testdata/match.golden"
	m, got := between(t, 5)
	if f := flag.Lookup("gametest.update"); f != nil && f.Value.String() == "true" {
		if err := os.WriteFile(recording, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(recording)
	if err != nil {
		t.Fatalf("%v (run the test with -gametest.update to write it)", err)
	}
	w, g := bytes.Split(want, []byte("\n")), bytes.Split(got, []byte("\n"))
	for i := range min(len(w), len(g)) {
		if !bytes.Equal(w[i], g[i]) {
			t.Fatalf("tick %d is the first that differs: %s, recorded was %s", i+1, g[i], w[i])
		}
	}
	if len(w) != len(g) {
		t.Fatalf("it ended at tick %d, recorded were %d", m.Tick(), len(w)-1)
	}
}
