package gametest

import (
	"fmt"
	"slices"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
)

// private changes, in a copy of the match, everything that a viewer may not
// know, and wants what that viewer is sent to stay as it was.
func (k *kit) private() error { return k.each(playing, k.watch) }

// watch follows one run with a client for a spectator and for each player.
func (k *kit) watch(r *run) error {
	differ := state.NewDiffer(k.d.Schema().Tables)
	var clients []*client
	for i := range k.ticks {
		if err := r.step(); err != nil {
			return err
		}
		if r.r.Tick() == 1 { // a match began
			clients = []*client{newClient(k.d, 0)}
		}
		for _, s := range r.crowd.here {
			if !slices.ContainsFunc(clients, func(c *client) bool { return c.me == s.Player }) {
				clients = append(clients, newClient(k.d, s.Player))
			}
		}
		for _, c := range clients {
			err := c.receive(differ, r.r)
			if err == nil && i%10 == 0 { // what goes wrong stays wrong: now and then will do
				err = k.sees(r.r, c)
			}
			if err == nil && i%10 == 0 {
				err = k.leaks(r, c.me)
			}
			if err != nil {
				return fmt.Errorf("tick %d, player %d: %w", r.r.Tick(), c.me, err)
			}
		}
	}
	return nil
}

// sees holds what deltas led a client to equal to what it may see.
func (k *kit) sees(r *game.Runner, c *client) error {
	want := state.NewMirror(k.d.Schema().Tables)
	want.Fill(r.Ring().Newest(), r.View(c.me), c.me)
	snap, view := r.Ring().Newest(), r.View(c.me)
	for i, t := range k.d.Schema().Tables {
		got := c.mirror.Table(t.Name)
		if line, a, b := firstDifference(rowsText(t, want.Table(t.Name)), rowsText(t, got)); line > 0 {
			return fmt.Errorf("deltas led its table %s elsewhere\nwant %s\ngot  %s", t.Name, a, b)
		}
		for pos := range got.Len() {
			if !t.One && !view.Has(i, snap.Find(i, got.ID(pos))) {
				return fmt.Errorf("it was sent row %d of %s, which is out of its sight", got.ID(pos), t.Name)
			}
		}
	}
	return nil
}

// leaks compares what p is sent of the match with what it is sent of a copy in
// which all that it may not know is different.
func (k *kit) leaks(r *run, p game.Player) error {
	twin, err := game.Restore(k.d, r.r.Save(nil))
	if err != nil {
		return err
	}
	layout, err := layoutOf(twin.Game())
	if err != nil {
		return err
	}
	view := r.r.View(p)
	var was, is state.Snapshot
	layout.Capture(twin.Game(), &was)
	scramble(r.chance, twin.Game(), &was, view, p)
	layout.Capture(twin.Game(), &is)
	a, b := k.sent(&was, view, p), k.sent(&is, view, p)
	if !slices.Equal(a, b) {
		return fmt.Errorf("what it is sent depends on what it may not see")
	}
	return nil
}

// sent is all that p is sent of a snapshot.
func (k *kit) sent(s *state.Snapshot, view *state.View, p game.Player) []state.Value {
	var all record
	d := state.NewDiffer(k.d.Schema().Tables)
	d.Body(&all, nil, s, nil, view)
	d.Owner(&all, nil, s, nil, view, p)
	return all
}

// record is a sink that can be compared.
type record []state.Value

func (r *record) Int(v int64)  { *r = append(*r, state.Value{Int: v}) }
func (r *record) Str(s string) { *r = append(*r, state.Value{Str: s}) }
