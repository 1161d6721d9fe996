package gametest

import (
	"fmt"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
)

// difference says where two matches that should be equal are not.
func difference(one, two *game.Runner) string {
	for _, t := range one.Definition().Schema().Tables {
		a, b := tableText(one, t), tableText(two, t)
		if line, was, is := firstDifference(a, b); line > 0 {
			return fmt.Sprintf("in table %s\none %s\ntwo %s", t.Name, was, is)
		}
	}
	return "in what is not synced: a field without a sync tag, or how often chance was asked"
}

// tableText is what everyone sees of a table.
func tableText(r *game.Runner, t state.TableSchema) string {
	m := state.NewMirror(r.Definition().Schema().Tables)
	m.Fill(r.Ring().Newest(), nil, 0)
	return rowsText(t, m.Table(t.Name))
}
