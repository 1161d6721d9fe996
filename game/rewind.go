package game

import (
	"time"

	"github.com/sandlot-server/sandlot/game/state"
)

// Past is a tick as of which rewindable tables can be read, with Table.Then.
type Past = state.Past

// rewindFor is how far back a player's view counts. Who lags more leads its aim
// by the rest: else those it aims at would be hit long after they took cover.
const rewindFor = 250 * time.Millisecond

// rewind is rewindFor in ticks, at least one.
func (d *Definition) rewind() int { return max(d.Rate*int(rewindFor/time.Millisecond)/1000, 1) }

// Rewind is the moment that a player was looking at when it made this tick's
// input: what it aimed at is where Table.Then of a table with rewind in its sync
// tag says for it.
//
//	for id, s := range a.Ships.Then(t.Rewind(p)) { … }
//
// It is the tick that the client said, which was clamped on arrival to what it
// can have had, and at most 250 ms before this one; without a claim, the tick
// before this one.
func (t *Tick) Rewind(p Player) Past {
	newest := t.N - min(t.N, 1)
	viewed := t.Viewed(p)
	if viewed == 0 {
		return Past(newest)
	}
	return Past(min(max(viewed, t.r.oldest()), newest))
}

// oldest is the oldest tick that a step under way can look back at.
func (r *Runner) oldest() uint32 { return r.tick.N - min(r.tick.N, uint32(r.d.rewind())) }

// seen clamps the tick that a client says it looks at, on arrival: not what is
// yet to come, and not longer ago than counts. 0 stays unknown.
func (r *Runner) seen(viewed uint32) uint32 {
	if viewed == 0 {
		return 0
	}
	least := r.tick.N + 1 - min(r.tick.N+1, uint32(r.d.rewind()))
	return min(max(viewed, least), r.tick.N)
}
