package game

import (
	"fmt"
	"math/rand/v2"

	"github.com/sandlot-server/sandlot/game/state"
)

// Runner is a running Game with its tick counter, chance, inputs and snapshots.
// It steps when told: it holds no timer and starts no goroutine. Its methods
// belong to one goroutine. A panic of the game goes through to the caller; the
// match is beyond use then.
type Runner struct {
	d        *Definition
	game     Game
	pcg      *rand.PCG
	tick     Tick
	seats    []*seat // by player
	numbered []*seat // at their player's number, else nil
	ring     *state.Ring
	history  *state.History // nil: no table is rewindable
	sight    *sight         // nil if everyone sees everything

	pending []Event // for the next Step
	events  []Event // of the last one; its memory takes turns with pending

	out     []Outgoing
	values  []state.Value // of out
	nobody  any           // an input for those without a seat
	started bool
	over    bool
	result  Result
	dropped uint64
	scratch []byte
}

// NewRunner makes a match of d. Everything it does by chance follows from seed.
// Settings are in the schema's order; nil means the defaults. The error names
// the settings that are out of range.
func NewRunner(d *Definition, seed uint64, settings []int64) (*Runner, error) {
	if settings == nil {
		settings = d.settings.defaults()
	}
	if err := d.settings.check(settings); err != nil {
		return nil, fmt.Errorf("start %s: %w", d.Name, err)
	}
	r := newRunner(d)
	r.pcg.Seed(seed, 0x9e3779b97f4a7c15) // any constant: seed alone decides
	d.settings.set(r.game, settings)
	r.capture()
	return r, nil
}

func newRunner(d *Definition) *Runner {
	r := &Runner{d: d, game: d.newGame(), pcg: rand.NewPCG(0, 0), ring: state.NewRing(d.layout, d.Rate)}
	d.layout.Bind(r.game)
	r.history = d.layout.History(r.game, d.rewind())
	r.tick = Tick{Rand: rand.New(r.pcg), r: r}
	r.sight = newSight(r.game, d.layout)
	if d.input != nil {
		r.nobody = d.input.blank()
	}
	return r
}

// Prefetch has the processor fetch what Input and Step are about to touch; see
// [state.Prefetch]. It pays where many matches have their turns.
func (r *Runner) Prefetch() {
	for _, s := range r.seats {
		state.Prefetch(s)
	}
	for _, s := range r.seats {
		state.PrefetchSlice(s.inputs.values)
		state.PrefetchSlice(s.inputs.queue[0].values)
	}
	r.ring.Prefetch()
}

// Step advances the match by one tick. It does nothing once the match is over.
func (r *Runner) Step() {
	if r.over {
		return
	}
	clear(r.out)
	r.out, r.values = r.out[:0], r.values[:0]
	r.run()
	r.capture()
}

// run is the game's part of a step.
func (r *Runner) run() {
	r.tick.live = true
	defer func() { r.tick.live = false }()
	if !r.started {
		r.started = true
		if s, ok := r.game.(Starter); ok {
			s.Start(&r.tick)
		}
	}
	clear(r.events)
	r.events, r.pending = r.pending, r.events[:0]
	for _, s := range r.seats {
		s.commands = 0
		if r.d.input != nil {
			s.inputs.step(r.d.input, r.d.Rate)
		}
	}
	r.tick.N++
	r.tick.Events = r.events
	r.game.Step(&r.tick)
}

// capture takes a snapshot of this tick and works out who sees what of it.
func (r *Runner) capture() {
	snap := r.ring.Capture(r.tick.N, r.game)
	r.history.Remember(r.tick.N)
	if r.sight != nil {
		r.look(snap)
	}
}

// Input hands in a player's input: its number, the tick the player was looking
// at (0 if unknown) and its fields in the schema's order, which are copied. Of at
// most 8 that wait the oldest makes room; see [Runner.Dropped]. What is out of
// range, not above the newest number, or from nobody in the match is ignored.
func (r *Runner) Input(p Player, seq, viewed uint32, fields []state.Value) {
	m, s := r.d.input, r.seat(p)
	if m == nil || s == nil || m.shape.Check(fields) != nil {
		return
	}
	if s.inputs.push(m, seq, r.seen(viewed), fields) {
		r.dropped++
	}
}

// Idle lets go of a player's controls: from the next Step on its input is what it
// was before the first one, until another comes. Inputs that wait are forgotten.
// It is for players who cannot be heard, whose last input would else be repeated.
func (r *Runner) Idle(p Player) {
	if m, s := r.d.input, r.seat(p); m != nil && s != nil {
		s.inputs.letGo(m)
	}
}

// Command hands in a player's command, by its index and with its fields in the
// schema's order; the game hears of it in the next Step. Refusals are an *Error
// with CodeInvalid (no such command, or a value out of range), CodeUnseated,
// CodeOver, CodeBusy (32 of this player wait already) or CodeRefused (the game's
// Refuser said no).
func (r *Runner) Command(p Player, index int, fields []state.Value) error {
	if index < 0 || index >= len(r.d.commands) {
		return refuse(CodeInvalid, fmt.Sprintf("no command %d", index))
	}
	command, err := r.d.commands[index].load(fields)
	if err != nil {
		return err
	}
	s := r.seat(p)
	switch {
	case s == nil:
		return refuse(CodeUnseated, "not in the match")
	case r.over:
		return refuse(CodeOver, "the match has ended")
	case s.commands >= maxCommands || r.crowded():
		return refuse(CodeBusy, "too many commands wait for the next tick")
	}
	if judge, ok := r.game.(Refuser); ok {
		if err := judge.Refuse(p, command); err != nil {
			return refuse(CodeRefused, err.Error())
		}
	}
	s.commands++
	r.pending = append(r.pending, Event{Kind: Commanded, Player: p, Name: s.Name, Bot: s.Bot, Team: s.Team, Command: command})
	return nil
}

// send puts out an event.
func (r *Runner) send(to Player, event any) {
	index := find(r.d.events, event)
	if index < 0 {
		panic(fmt.Sprintf("game: %T is not one of %s's events: give it to game.Events", event, r.d.Name))
	}
	start := len(r.values)
	r.values = r.d.events[index].layout.Store(r.values, event)
	r.out = append(r.out, Outgoing{To: to, Index: index, Values: r.values[start:len(r.values):len(r.values)]})
}
