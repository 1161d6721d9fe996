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
	was   *state.View // of the tick before
	me    Player
	round uint64 // the tables that Around was asked for
}

// Around has the player see what is near a point, as in
//
//	v.Around(me.X, me.Y, 40*Unit)
//
// It works on the tables whose rows say where they are: two of their fields are
// tagged pos, x before y, and x, y and radius count as those do. With tables
// given (pointers to the game's own), it works on these alone. Of them, the
// player sees the rows within radius, for as long as they are not an eighth
// further than that (so that one that walks along the edge does not come and go),
// and its own rows wherever they are. Of further calls for the same player each
// shows what is near another point. Call it before Hide and Show, which make
// exceptions.
//
// It looks in a grid: thousands of rows cost no more than those that are near.
// It panics if a table's rows do not say where they are.
func (v *Viewer) Around(x, y, radius int32, tables ...AnyTable) {
	if len(tables) == 0 {
		if len(v.sight.placed) == 0 {
			panic("game: Around: no table of the game says where its rows are: tag two fields of them pos")
		}
		for _, t := range v.sight.placed {
			v.around(t, x, y, radius)
		}
		return
	}
	for _, table := range tables {
		t := v.sight.index(table)
		if !v.sight.layout.Placed(t) {
			panic(fmt.Sprintf("game: Around: rows of %T do not say where they are: tag two of their fields pos", table))
		}
		v.around(t, x, y, radius)
	}
}

func (v *Viewer) around(t int, x, y, radius int32) {
	if v.round>>t&1 == 0 {
		v.round |= 1 << t
		v.view.HideAll(t)
		if v.me != 0 { // spectators are nobody, and so is the owner of rows without one
			v.view.ShowOwned(t, v.snap, v.me)
		}
	}
	enter := int64(max(radius, 0))
	circle := state.Circle{X: int64(x), Y: int64(y), Enter: enter, Leave: enter + enter/8}
	p := &v.sight.places[t]
	p.grid.Build(v.sight.layout, v.snap, t, circle.Leave)
	p.grid.Near(v.view, t, circle, func(pos int) bool {
		before := p.before(pos)
		return before >= 0 && v.was.Has(t, before)
	})
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

// Prefer has a row, if it is in sight, sent before others where a [Budget] does
// not let all be sent; what is near in Around is preferred as it is.
func (v *Viewer) Prefer(table AnyTable, id ID) {
	if t, pos := v.find(table, id); pos >= 0 {
		v.view.Prefer(t, pos)
	}
}

// HideAll takes every row of a table out of sight.
func (v *Viewer) HideAll(table AnyTable) { v.view.HideAll(v.sight.index(table)) }

func (v *Viewer) find(table AnyTable, id ID) (t, pos int) {
	t = v.sight.index(table)
	return t, v.snap.Find(t, id)
}

// sight works out views for games that have [Sight].
type sight struct {
	game    Sight
	layout  *state.Layout
	tables  []AnyTable // in the schema's order
	placed  []int      // the tables whose rows say where they are
	places  []place    // beside tables
	viewer  Viewer
	nothing state.View // for those without a seat
	public  eyes       // of player 0
}

// eyes are what one viewer sees, and what it saw the tick before.
type eyes struct {
	views [2]state.View
	now   uint8
}

func (e *eyes) sees() *state.View { return &e.views[e.now] }

func newSight(g Game, l *state.Layout) *sight {
	see, ok := g.(Sight)
	if !ok {
		return nil
	}
	s := &sight{game: see, layout: l}
	v := reflect.ValueOf(g).Elem()
	for _, f := range reflect.VisibleFields(v.Type()) {
		if !f.IsExported() || f.Anonymous {
			continue
		}
		if t, ok := v.FieldByIndex(f.Index).Addr().Interface().(AnyTable); ok {
			if l.Placed(len(s.tables)) {
				s.placed = append(s.placed, len(s.tables))
			}
			s.tables = append(s.tables, t)
		}
	}
	s.places = make([]place, len(s.tables))
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
	for _, t := range r.sight.placed {
		r.sight.places[t].step(snap, t)
	}
	r.sight.see(0, &r.sight.public, snap)
	for _, s := range r.seats {
		r.sight.see(s.Player, &s.eyes, snap)
	}
}

func (s *sight) see(p Player, e *eyes, snap *state.Snapshot) {
	was := e.sees()
	e.now ^= 1
	view := e.sees()
	view.Reset(snap)
	for t := range s.tables {
		view.ShowAll(t, snap)
	}
	v := &s.viewer
	v.snap, v.view, v.was, v.me, v.round = snap, view, was, p, 0
	s.game.See(p, v)
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
		return r.sight.public.sees()
	}
	if s := r.seat(p); s != nil {
		return s.eyes.sees() // empty before its first step
	}
	return &r.sight.nothing
}
