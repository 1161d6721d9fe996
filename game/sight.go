package game

import (
	"fmt"
	"reflect"

	"github.com/sandlot-server/sandlot/game/state"
)

// AnyTable is a pointer to any of a game's tables.
type AnyTable interface {
	Len() int
	Max() int
	Owner(ID) Player
}

// Viewer is what [Sight] fills in: the rows that one player sees after this
// tick. The one row of top-level fields is always seen.
type Viewer struct {
	sight *sight
	snap  *state.Snapshot
	view  *state.View
}

// Hide takes a row of a table of the game (as in v.Hide(&g.Ships, id)) out of
// sight. It does nothing if the row does not exist.
func (v *Viewer) Hide(table AnyTable, id ID) {
	if t, pos := v.find(table, id); pos >= 0 {
		v.view.Hide(t, pos)
	}
}

// Show brings a row back into sight. It does nothing if the row does not exist.
func (v *Viewer) Show(table AnyTable, id ID) {
	if t, pos := v.find(table, id); pos >= 0 {
		v.view.Show(t, pos)
	}
}

// HideAll takes every row of a table out of sight.
func (v *Viewer) HideAll(table AnyTable) {
	t := v.sight.index(table)
	for pos := range v.snap.Len(t) {
		v.view.Hide(t, pos)
	}
}

func (v *Viewer) find(table AnyTable, id ID) (t, pos int) {
	t = v.sight.index(table)
	return t, v.snap.Find(t, id)
}

// sight works out views for games that have [Sight].
type sight struct {
	game    Sight
	tables  []AnyTable // in the schema's order
	viewer  Viewer
	nothing state.View // for those without a seat
	public  state.View // of player 0
}

func newSight(g Game) *sight {
	see, ok := g.(Sight)
	if !ok {
		return nil
	}
	s := &sight{game: see}
	v := reflect.ValueOf(g).Elem()
	for _, f := range reflect.VisibleFields(v.Type()) {
		if !f.IsExported() || f.Anonymous {
			continue
		}
		if t, ok := v.FieldByIndex(f.Index).Addr().Interface().(AnyTable); ok {
			s.tables = append(s.tables, t)
		}
	}
	s.viewer.sight = s
	return s
}

func (s *sight) index(table AnyTable) int {
	for i, t := range s.tables {
		if t == table {
			return i
		}
	}
	panic(fmt.Sprintf("game: %T is not the address of one of the game's tables", table))
}

// look works out what everyone sees of snap, the state of this tick.
func (r *Runner) look(snap *state.Snapshot) {
	r.sight.see(0, &r.sight.public, snap)
	for _, s := range r.seats {
		r.sight.see(s.Player, &s.sees, snap)
	}
}

func (s *sight) see(p Player, v *state.View, snap *state.Snapshot) {
	v.Reset(snap)
	for t := range s.tables {
		v.ShowAll(t, snap)
	}
	s.viewer.snap, s.viewer.view = snap, v
	s.game.See(p, &s.viewer)
}

// View is the set of rows of the newest snapshot that p sees; player 0 stands
// for spectators, and one who has no seat, or none since before the last Step,
// sees nothing. Nil means everything, for games without [Sight]. A View is valid
// until the next Step: copy it with Set to keep it.
func (r *Runner) View(p Player) *state.View {
	if r.sight == nil {
		return nil
	}
	if p == 0 {
		return &r.sight.public
	}
	if s := r.seat(p); s != nil {
		return &s.sees // empty before its first step
	}
	return &r.sight.nothing
}
