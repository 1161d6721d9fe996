package fours_test

import (
	"testing"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/fours"
	"github.com/sandlot-server/sandlot/game/gametest"
	"github.com/sandlot-server/sandlot/game/state"
)

// table is a match with two players, who begins first.
func table(t *testing.T) (m *gametest.Match, first, second game.Player) {
	t.Helper()
	m = gametest.New(t, fours.New, gametest.Seed(1), gametest.Setting("seconds", 10))
	first, second = m.Join("ann"), m.Join("bob")
	m.Step(1)
	if rules(m).Turn == second {
		first, second = second, first
	}
	return m, first, second
}

func rules(m *gametest.Match) *fours.Fours { return m.Game().(*fours.Fours) }

func drop(t *testing.T, m *gametest.Match, p game.Player, column uint8) {
	t.Helper()
	if err := m.Command(p, fours.Drop{Column: column}); err != nil {
		t.Fatalf("player %d drops into %d: %v", p, column, err)
	}
	m.Step(1)
}

// play drops into the columns by turns.
func play(t *testing.T, m *gametest.Match, first, second game.Player, columns ...uint8) {
	t.Helper()
	for i, c := range columns {
		drop(t, m, [2]game.Player{first, second}[i%2], c)
	}
}

// heard is the newest event of a type that p got, since it was last asked.
func heard[E any](m *gametest.Match, p game.Player) (newest *E) {
	for _, e := range m.Heard(p) {
		if e, ok := e.(*E); ok {
			newest = e
		}
	}
	return newest
}

func TestFourInARowWins(t *testing.T) {
	m, ann, bob := table(t)
	play(t, m, ann, bob, 0, 0, 1, 1, 2, 2)
	if _, over := m.Result(); over {
		t.Fatal("three in a row ended it")
	}
	play(t, m, ann, bob, 3)
	f := rules(m)
	if !f.Over || f.Winner != ann || f.Line != [4]int8{0, 1, 2, 3} || f.Last != 3 || f.Turn != 0 {
		t.Fatalf("after four in a row the table is %+v", f)
	}
	want := []game.Place{{Player: ann, Rank: 1, Score: 1}, {Player: bob, Rank: 2}}
	if r, over := m.Result(); !over || r.Places[0] != want[0] || r.Places[1] != want[1] {
		t.Fatalf("result %+v, want %+v", r.Places, want)
	}
	if e := heard[fours.Finished](m, bob); e == nil || e.Winner != ann || e.How != fours.ByFour {
		t.Fatalf("bob heard %+v", e)
	}
}

func TestWrongDropsChangeNothingAndSayWhy(t *testing.T) {
	m, ann, bob := table(t)
	drop(t, m, bob, 3)
	if e := heard[fours.Refused](m, bob); e == nil || e.Why != fours.WhyTurn || e.Column != 3 {
		t.Fatalf("out of turn: %+v", e)
	}
	if e := heard[fours.Refused](m, ann); e != nil {
		t.Fatalf("ann was told of it: %+v", e)
	}
	play(t, m, ann, bob, 5, 5, 5, 5, 5, 5)
	was := rules(m).Board
	drop(t, m, ann, 5)
	if e := heard[fours.Refused](m, ann); e == nil || e.Why != fours.WhyFull {
		t.Fatalf("into a full column: %+v", e)
	}
	if rules(m).Board != was || rules(m).Turn != ann {
		t.Fatal("a refused drop changed the table")
	}
	if err := m.Runner().Command(ann, 0, []state.Value{{Int: 7}}); err == nil {
		t.Fatal("column 7 got past the door")
	}
}

func TestAloneOneWaits(t *testing.T) {
	m := gametest.New(t, fours.New)
	ann := m.Join("ann")
	drop(t, m, ann, 0)
	if e := heard[fours.Refused](m, ann); e == nil || e.Why != fours.WhyWaiting {
		t.Fatalf("alone at the table: %+v", e)
	}
}

func TestClockRunsOut(t *testing.T) {
	m, ann, bob := table(t)
	drop(t, m, ann, 0)
	if d := rules(m).Deadline; d != m.Tick()+100 {
		t.Fatalf("at tick %d bob has until %d, want 10 s", m.Tick(), d)
	}
	m.Step(99)
	m.StepUntil(1, func() bool { return rules(m).Over })
	if e := heard[fours.Finished](m, bob); e == nil || e.Winner != ann || e.How != fours.ByClock {
		t.Fatalf("bob heard %+v", e)
	}
}

func TestLeavingLoses(t *testing.T) {
	m, ann, bob := table(t)
	m.Leave(ann) // although it is her turn
	m.Step(1)
	r, over := m.Result()
	if !over || r.Places[0].Player != bob || r.Places[1].Rank != 2 {
		t.Fatalf("result %+v, over: %v", r.Places, over)
	}
	if e := heard[fours.Finished](m, bob); e == nil || e.How != fours.ByLeave {
		t.Fatalf("bob heard %+v", e)
	}
}

func TestFullBoardIsADraw(t *testing.T) {
	m, ann, bob := table(t)
	// Pairs of columns filled crosswise: nobody gets four.
	for _, pair := range [][2]uint8{{0, 1}, {2, 3}, {4, 5}} {
		for range 3 {
			play(t, m, ann, bob, pair[0], pair[1])
		}
		for range 3 {
			play(t, m, ann, bob, pair[1], pair[0])
		}
	}
	play(t, m, ann, bob, 6, 6, 6, 6, 6, 6)
	r, over := m.Result()
	if !over || rules(m).Winner != 0 || r.Places[0].Rank != 1 || r.Places[1].Rank != 1 {
		t.Fatalf("result %+v, over: %v, table %+v", r.Places, over, rules(m))
	}
	if e := heard[fours.Finished](m, ann); e == nil || e.Winner != 0 || e.How != fours.ByBoard {
		t.Fatalf("ann heard %+v", e)
	}
}

func TestBothGetToBegin(t *testing.T) {
	begun := map[game.Player]int{}
	for seed := range uint64(20) {
		m := gametest.New(t, fours.New, gametest.Seed(seed))
		m.Join("ann")
		m.Join("bob")
		m.Step(1)
		begun[rules(m).Turn]++
	}
	if begun[1] < 3 || begun[2] < 3 {
		t.Fatalf("of 20 matches the first to come began %d, the second %d", begun[1], begun[2])
	}
}
