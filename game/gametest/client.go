package gametest

import (
	"fmt"
	"reflect"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
)

// client stands for one player's client: it sends an input for each tick and
// keeps the state that deltas lead to.
type client struct {
	me     game.Player
	d      *game.Definition
	gone   bool
	seq    uint32
	held   []state.Value // nil: sends nothing
	mirror *state.Mirror
	tape   state.Tape
	tick   uint32 // of the newest state it has
	late   uint32 // ticks that what it looks at is older than that
	has    bool
	view   *state.View // what was in sight then; nil is everything
	kept   state.View  // view's memory
	heard  []any
}

func newClient(d *game.Definition, me game.Player) *client {
	return &client{me: me, d: d, mirror: state.NewMirror(d.Schema().Tables)}
}

// hold takes a value of the input type, or a pointer to one.
func (c *client) hold(d *game.Definition, in any) error {
	values, err := d.InputValues(nil, in)
	if err != nil {
		return err
	}
	if err := inRange(in, values); err != nil {
		return err
	}
	c.held = values
	return nil
}

// send sends what is held; what was pressed is let go of.
func (c *client) send(r *game.Runner) {
	if c.held == nil || c.gone {
		return
	}
	c.seq++
	r.Input(c.me, c.seq, c.tick-min(c.tick, c.late), c.held)
	i := 0
	for _, f := range c.d.Schema().Input.Fields {
		for range max(f.Len, 1) {
			if f.Flags&state.Press != 0 {
				c.held[i].Int = 0
			}
			i++
		}
	}
}

// receive takes the state and the events of the last step, as a session would
// send them.
func (c *client) receive(d *state.Differ, r *game.Runner) error {
	if c.gone {
		return nil
	}
	if err := c.hear(r); err != nil {
		return err
	}
	now, view := r.Ring().Newest(), r.View(c.me)
	var base *state.Snapshot
	if c.has {
		base = r.Ring().At(c.tick)
	}
	c.tape.Reset()
	d.Body(&c.tape, base, now, c.view, view)
	d.Owner(&c.tape, base, now, c.view, view, c.me)
	if err := c.mirror.Apply(c.tape.Source(), base == nil); err != nil {
		return fmt.Errorf("apply the state: %w", err)
	}
	c.tick, c.has, c.view = now.Tick, true, nil
	if view != nil {
		c.kept.Set(view)
		c.view = &c.kept
	}
	return nil
}

func (c *client) hear(r *game.Runner) error {
	for _, out := range r.Events() {
		if out.To != 0 && out.To != c.me {
			continue
		}
		event, err := c.d.NewEvent(out.Index, out.Values)
		if err != nil {
			return fmt.Errorf("event %d: %w", out.Index, err)
		}
		c.heard = append(c.heard, event)
	}
	return nil
}

// inRange refuses a message whose values had to be brought into their ranges.
func inRange(message any, values []state.Value) error {
	want := reflect.Indirect(reflect.ValueOf(message))
	layout, err := state.CompileMessage("message", want.Type())
	if err != nil {
		return fmt.Errorf("compile %s: %w", want.Type(), err)
	}
	got := reflect.New(want.Type())
	layout.Load(values, got.Interface())
	if !reflect.DeepEqual(got.Elem().Interface(), want.Interface()) {
		return fmt.Errorf("%T%+v is out of its ranges; the nearest is %+v", want.Interface(), want, got.Elem())
	}
	return nil
}
