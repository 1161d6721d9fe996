package game

import (
	"slices"

	"github.com/sandlot-server/sandlot/game/state"
)

// Tick is the number of the last Step, 0 before the first.
func (r *Runner) Tick() uint32 { return r.tick.N }

// Definition is the game that runs.
func (r *Runner) Definition() *Definition { return r.d }

// Game is the running game, for tests and tools to look at. It must not be
// changed.
func (r *Runner) Game() Game { return r.game }

// Ring holds about a second of distinct states; the newest is that of Tick.
func (r *Runner) Ring() *state.Ring { return r.ring }

// Budget is how many bytes a client's state message has at most; 0 is no bound.
func (r *Runner) Budget() int { return r.d.Budget }

// Applied is the number of the newest of p's inputs that was applied or skipped,
// and p's margin: the inputs left in the buffer after this tick, or minus the
// number of ticks, up to 127, that repeated the last one.
func (r *Runner) Applied(p Player) (seq uint32, margin int) {
	s := r.seat(p)
	if s == nil || r.d.input == nil {
		return 0, 0
	}
	return s.inputs.applied, s.inputs.margin()
}

// Events are what the game sent in the last Step, in order. They are valid until
// the next one.
func (r *Runner) Events() []Outgoing { return r.out }

// Result is how the match ended; false while it goes on.
func (r *Runner) Result() (Result, bool) {
	return Result{Places: slices.Clone(r.result.Places)}, r.over
}

// Dropped counts inputs that made room in full buffers.
func (r *Runner) Dropped() uint64 { return r.dropped }

// Hash stands for the whole state: it is that of what Save writes. Matches with
// equal hashes go on equally.
func (r *Runner) Hash() uint64 {
	r.scratch = r.Save(r.scratch[:0])
	return state.Hash(r.scratch)
}
