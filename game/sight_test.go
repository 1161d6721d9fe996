package game_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
)

// Fog is a game in which players see their own rows and those of their side.
type Fog struct {
	Stones game.Table[Row]
	Rows   game.Table[Row]
	Far    int32

	wrong bool `sandlot:"scratch"`
}

func (f *Fog) Step(t *game.Tick) {
	for _, e := range t.Events {
		if e.Kind == game.Joined {
			f.Rows.Add(e.Player, Row{X: int32(e.Player) * 10})
			f.Stones.Add(0, Row{X: int32(e.Player)})
		}
	}
	for _, row := range f.Rows.All() {
		row.X++
	}
}

func (f *Fog) See(p game.Player, v *game.Viewer) {
	if f.wrong {
		var other game.Table[Row]
		v.HideAll(&other)
	}
	if p == 0 {
		v.HideAll(&f.Rows)
		v.Show(&f.Rows, 1)
		v.Show(&f.Rows, 99)
		return
	}
	for id := range f.Rows.All() {
		if d := f.Rows.Owner(id); d > p && int32(d-p) > f.Far {
			v.Hide(&f.Rows, id)
		}
	}
	v.Hide(&f.Stones, 99)
}

var _ game.Sight = (*Fog)(nil)

func fog(t testing.TB) *game.Runner {
	t.Helper()
	d, err := game.Define("fog", func() game.Game { return new(Fog) }, game.Rate(5), game.LateJoin())
	if err != nil {
		t.Fatal(err)
	}
	if !d.HasSight() {
		t.Fatal("no sight")
	}
	return start(t, d)
}

// sees lists what a view shows, by table.
func sees(r *game.Runner, v *state.View) string {
	snap := r.Ring().Newest()
	var b strings.Builder
	for table := range snap.Tables() {
		b.WriteString("|")
		for pos := range snap.Len(table) {
			if v.Has(table, pos) {
				fmt.Fprint(&b, snap.ID(table, pos))
			}
		}
	}
	return b.String()
}

func TestSight(t *testing.T) {
	r := fog(t)
	join(t, r) // none
	for p := game.Player(1); p <= 3; p++ {
		if err := r.Join(p, "ann", false, 0); err != nil {
			t.Fatal(err)
		}
	}
	if got := sees(r, r.View(1)); got != "||" {
		t.Errorf("before the first step: %s", got)
	}
	r.Step()
	for p, want := range []string{"|123|1", "|123|1", "|123|12", "|123|123", "||"} {
		if got := sees(r, r.View(game.Player(p))); got != want {
			t.Errorf("player %d sees %s, want %s", p, got, want)
		}
	}
	r.Game().(*Fog).Far = 1
	r.Step()
	if got := sees(r, r.View(1)); got != "|123|12" {
		t.Errorf("sees further: %s", got)
	}
	if err := r.Join(4, "ann", false, 0); err != nil {
		t.Fatal(err)
	}
	if got := sees(r, r.View(4)); got != "||" {
		t.Errorf("joined since the last step: %s", got)
	}
	r.Leave(1)
	if got := sees(r, r.View(1)); got != "||" {
		t.Errorf("left: %s", got)
	}
}

func TestSightOfAnotherTablePanics(t *testing.T) {
	r := fog(t)
	r.Game().(*Fog).wrong = true
	if got := panics(r.Step); !strings.Contains(got, "not the address of one of the game's tables") {
		t.Errorf("got %q", got)
	}
}

func TestRestoredSees(t *testing.T) {
	r := fog(t)
	if err := r.Join(2, "ann", false, 0); err != nil {
		t.Fatal(err)
	}
	r.Step()
	c, err := game.Restore(r.Definition(), r.Save(nil))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := sees(c, c.View(2)), sees(r, r.View(2)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
