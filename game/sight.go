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
	nothing *state.View // for those without a seat
	public  viewing     // of player 0
	keep    int         // bound on views kept by each viewer
}

func newSight(g Game, d *Definition) *sight {
	see, ok := g.(Sight)
	if !ok {
		return nil
	}
	s := &sight{game: see, nothing: new(state.View), keep: 4 * d.Rate}
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

// viewing is one viewer's views: what it sees now, and those before it that may
// still be the base of a delta.
type viewing struct {
	now  *state.View
	last uint32 // the newest tick at which now held
	next *state.View
	past []pastView // oldest first
}

type pastView struct {
	last uint32
	view *state.View
}

// look works out what everyone sees of snap, the state of this tick.
func (r *Runner) look(snap *state.Snapshot) {
	r.sight.see(0, &r.sight.public, r.ring, snap, r.tick.N)
	for _, s := range r.seats {
		r.sight.see(s.Player, &s.sees, r.ring, snap, r.tick.N)
	}
}

func (s *sight) see(p Player, of *viewing, ring *state.Ring, snap *state.Snapshot, tick uint32) {
	if of.next == nil {
		of.next = new(state.View)
	}
	of.next.Reset(snap)
	for t := range s.tables {
		of.next.ShowAll(t, snap)
	}
	s.viewer.snap, s.viewer.view = snap, of.next
	s.game.See(p, &s.viewer)
	if of.now.Equal(of.next) {
		of.last = tick
		return
	}
	if of.now != nil {
		of.past = append(of.past, pastView{of.last, of.now})
	}
	of.now, of.last, of.next = of.next, tick, of.reuse(ring, s.keep)
}

// reuse gives back a view that can no longer be the base of a delta, because its
// ticks left the ring; nil if there is none. Where states last longer than views,
// views above the bound are left to the garbage collector instead.
func (v *viewing) reuse(ring *state.Ring, keep int) *state.View {
	if len(v.past) == 0 {
		return nil
	}
	oldest := v.past[0]
	free := ring.At(oldest.last) == nil
	if !free && len(v.past) <= keep {
		return nil
	}
	copy(v.past, v.past[1:])
	v.past = v.past[:len(v.past)-1]
	if !free {
		return nil
	}
	return oldest.view
}

// View is the set of rows of the newest snapshot that p sees; player 0 stands
// for spectators, and one without a seat sees nothing. Nil means everything, for
// games without [Sight]. It is never changed before its ticks have left the Ring.
func (r *Runner) View(p Player) *state.View {
	if r.sight == nil {
		return nil
	}
	of := &r.sight.public
	if p != 0 {
		s := r.seat(p)
		if s == nil {
			return r.sight.nothing
		}
		of = &s.sees
	}
	if of.now == nil {
		return r.sight.nothing // joined since the last step
	}
	return of.now
}
