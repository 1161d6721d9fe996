package gametest

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"reflect"
	"runtime/debug"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
)

// run is a match of a conformance run, and the ones that follow it when it ends.
type run struct {
	kit    *kit
	seed   uint64
	chance *rand.Rand // for what the kit does; players have their own
	r      *game.Runner
	crowd  *crowd
	tables []*history // in the schema's order
}

// history is what a table's rows are held against.
type history struct {
	rows    map[game.ID]bool // of the last tick
	highest game.ID
	max     int
}

func (k *kit) start(seed uint64, m manner) (*run, error) {
	r := &run{kit: k, seed: seed, chance: rand.New(rand.NewPCG(seed, 1)), crowd: newCrowd(k.d, seed, m)}
	return r, r.begin()
}

func (r *run) begin() (err error) {
	err = calm(func() error {
		r.r, err = game.NewRunner(r.kit.d, r.seed, r.kit.settings)
		return err
	})
	if err != nil {
		return err
	}
	r.tables = nil
	for _, t := range tablesOf(r.r.Game()) {
		r.tables = append(r.tables, &history{max: t.Max()})
	}
	return nil
}

// step lets the crowd act and advances the match by a tick.
func (r *run) step() error {
	if _, over := r.r.Result(); over {
		r.seed += 1000
		if err := r.begin(); err != nil {
			return err
		}
		r.crowd.leave()
	}
	err := calm(func() error {
		if err := r.crowd.act(r.r); err != nil {
			return err
		}
		r.r.Step()
		return nil
	})
	if err == nil {
		err = r.check()
	}
	if err != nil {
		return fmt.Errorf("tick %d: %w", r.r.Tick(), err)
	}
	return nil
}

// restore puts a restored match in the place of the one that runs.
func (r *run) restore() error {
	return calm(func() error {
		restored, err := game.Restore(r.kit.d, r.r.Save(nil))
		if err != nil {
			return err
		}
		if restored.Hash() != r.r.Hash() {
			return fmt.Errorf("a match restored at tick %d is not the one saved: %s", r.r.Tick(), difference(r.r, restored))
		}
		r.r = restored
		return nil
	})
}

// check holds the tables to their bounds and ids to being new.
func (r *run) check() error {
	i, snap := 0, r.r.Ring().Newest()
	for name, table := range tablesOf(r.r.Game()) {
		h := r.tables[i]
		if table.Max() != h.max {
			return fmt.Errorf("table %s was replaced as a whole: its bound and ids began anew; remove its rows instead", name)
		}
		if table.Len() > h.max {
			return fmt.Errorf("table %s has %d rows, its bound is %d", name, table.Len(), h.max)
		}
		if id := h.follow(snap, i); id != 0 {
			return fmt.Errorf("table %s used the id %d again: remove rows instead of replacing the table", name, id)
		}
		i++
	}
	return nil
}

// follow moves on to the rows of snap and returns an id that was used again, or 0.
func (h *history) follow(snap *state.Snapshot, table int) game.ID {
	rows, highest := make(map[game.ID]bool, snap.Len(table)), h.highest
	for pos := range snap.Len(table) {
		id := snap.ID(table, pos)
		if id <= h.highest && !h.rows[id] {
			return id
		}
		rows[id] = true
		highest = max(highest, id)
	}
	h.rows, h.highest = rows, highest
	return 0
}

// tablesOf yields the tables of a game, by their Go names.
func tablesOf(g game.Game) iter.Seq2[string, game.AnyTable] {
	return func(yield func(string, game.AnyTable) bool) {
		v := reflect.ValueOf(g).Elem()
		for _, f := range reflect.VisibleFields(v.Type()) {
			if !f.IsExported() || f.Anonymous {
				continue
			}
			if t, ok := v.FieldByIndex(f.Index).Addr().Interface().(game.AnyTable); ok && !yield(f.Name, t) {
				return
			}
		}
	}
}

// calm turns a panic of the game into an error.
func calm(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return f()
}
