package game_test

import (
	"strings"
	"testing"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/gametest"
	"pgregory.net/rapid"
)

// Meadow is a game whose players see what is near their pawns.
type Meadow struct {
	Rocks game.Table[Rock]
	Pawns game.Table[Pawn] `sync:"max=64"`
	Seeds game.Table[Row]

	see  func(p game.Player, v *game.Viewer) `sandlot:"scratch"`
	step func()                              `sandlot:"scratch"`
}

type Rock struct {
	Size uint8  `sync:""`
	X    uint16 `sync:"pos"`
	Y    int8   `sync:"owner,pos"`
}

type Pawn struct {
	Aim  uint8 `sync:""`
	X, Y int32 `sync:"step=8,lerp,predict,pos"`
}

func (f *Meadow) Step(*game.Tick) {
	if f.step != nil {
		f.step()
	}
}

func (f *Meadow) See(p game.Player, v *game.Viewer) { f.see(p, v) }

var _ game.Sight = (*Meadow)(nil)

func meadow(t testing.TB) *game.Definition {
	t.Helper()
	fresh := func() game.Game { return &Meadow{see: func(game.Player, *game.Viewer) {}} }
	d, err := game.Define("meadow", fresh, game.LateJoin())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// near8 rounds to the nearest 8, halves up, as clients see pawns.
func near8(v int32) int64 { return (int64(v) + 4) >> 3 << 3 }

// TestAround compares the grid with the plain way of doing it: over any world
// and walk, the rows within the radius are seen, those that were seen stay until
// they are an eighth further away, and nothing else is.
func TestAround(t *testing.T) {
	d := meadow(t)
	rapid.Check(t, func(t *rapid.T) {
		r, err := game.NewRunner(d, 7, nil)
		if err != nil {
			t.Fatal(err)
		}
		f := r.Game().(*Meadow)
		for p := game.Player(1); p <= 2; p++ {
			if err := r.Join(p, "ann", false, 0); err != nil {
				t.Fatal(err)
			}
		}
		wide := rapid.SampledFrom([]int32{50, 3000, 1 << 20, 1<<31 - 1}).Draw(t, "wide")
		at := rapid.Int32Range(-wide, wide)
		type circle struct{ x, y, radius int32 }
		circles := make([]circle, rapid.IntRange(1, 3).Draw(t, "circles"))
		f.see = func(p game.Player, v *game.Viewer) {
			if p == 2 {
				return // sees all
			}
			for _, c := range circles {
				v.Around(c.x, c.y, c.radius)
			}
		}
		f.Rocks.Add(0, Rock{X: 60000, Y: 100})
		f.Seeds.Add(0, Row{})
		seen := map[game.ID]bool{} // pawns that player 1 saw
		for range rapid.IntRange(1, 6).Draw(t, "ticks") {
			for range rapid.IntRange(0, 12).Draw(t, "new") {
				f.Pawns.Add(game.Player(rapid.IntRange(0, 2).Draw(t, "owner")), Pawn{X: at.Draw(t, "x"), Y: at.Draw(t, "y")})
			}
			for id, p := range f.Pawns.All() {
				switch rapid.IntRange(0, 7).Draw(t, "moves") {
				case 0:
					f.Pawns.Remove(id)
				case 1, 2, 3:
					p.X, p.Y = at.Draw(t, "x"), at.Draw(t, "y")
				}
			}
			for i := range circles {
				circles[i] = circle{at.Draw(t, "cx"), at.Draw(t, "cy"), at.Draw(t, "radius")}
			}
			r.Step()
			snap, now := r.Ring().Newest(), map[game.ID]bool{}
			for id, p := range f.Pawns.All() {
				want := f.Pawns.Owner(id) == 1
				for _, c := range circles {
					enter := int64(max(c.radius, 0))
					leave := enter + enter/8
					dx, dy := float64(near8(p.X)-int64(c.x)), float64(near8(p.Y)-int64(c.y))
					within := func(d int64) bool { return dx*dx+dy*dy <= float64(d)*float64(d) }
					want = want || within(enter) || seen[id] && within(leave)
				}
				if now[id] = want; r.View(1).Has(1, snap.Find(1, id)) != want {
					t.Fatalf("pawn %d at %d, %d: in sight %v, want %v of %v", id, p.X, p.Y, !want, want, circles)
				}
				if !r.View(2).Has(1, snap.Find(1, id)) {
					t.Fatal("player 2 does not see all")
				}
			}
			if !r.View(1).Has(2, 0) {
				t.Fatal("a row that is nowhere is out of sight")
			}
			seen = now
		}
	})
}

func TestAroundChosenTables(t *testing.T) {
	r := start(t, meadow(t))
	f := r.Game().(*Meadow)
	f.see = func(_ game.Player, v *game.Viewer) { v.Around(0, 0, 10, &f.Rocks) }
	f.step = func() {
		f.Rocks.Add(0, Rock{X: 3, Y: -4})
		f.Rocks.Add(0, Rock{X: 8, Y: 8})
		f.Pawns.Add(0, Pawn{X: 1000})
	}
	r.Step()
	if got := sees(r, r.View(0)); got != "|1|1|" {
		t.Errorf("sees %s", got)
	}
	f.see = func(_ game.Player, v *game.Viewer) { v.Around(0, 0, 10, &f.Seeds) }
	f.step = nil
	if got := panics(r.Step); !strings.Contains(got, "do not say where they are") {
		t.Errorf("got %q", got)
	}
}

func TestAroundAllocatesNothing(t *testing.T) {
	r := start(t, meadow(t))
	f := r.Game().(*Meadow)
	for p := game.Player(1); p <= 8; p++ {
		if err := r.Join(p, "ann", false, 0); err != nil {
			t.Fatal(err)
		}
		f.Pawns.Add(p, Pawn{X: int32(p) * 100})
	}
	f.see = func(p game.Player, v *game.Viewer) {
		for _, me := range f.Pawns.Owned(p) {
			v.Around(me.X, me.Y, 250)
		}
	}
	f.step = func() {
		for id, p := range f.Pawns.All() {
			if p.X = (p.X + 30*int32(id)) % 1000; p.X < 10 {
				owner := f.Pawns.Owner(id)
				f.Pawns.Remove(id)
				f.Pawns.Add(owner, Pawn{X: 500})
			}
		}
	}
	for range 2000 {
		r.Step()
	}
	if n := testing.AllocsPerRun(200, r.Step); n != 0 {
		t.Errorf("%v allocations a tick", n)
	}
}

func TestHerdConforms(t *testing.T) {
	gametest.Conform(t, newHerd, gametest.With(herdOptions...))
}
