package state_test

import (
	"runtime"
	"testing"
	"weak"

	"github.com/sandlot-server/sandlot/game/state"
)

// A Differ that goes from match to match keeps none that is over in memory.
func TestDifferForgetsMatches(t *testing.T) {
	l := compile[world](t)
	d := state.NewDiffer(l.Tables())
	var tape state.Tape
	over := func() (states []weak.Pointer[state.Snapshot]) {
		w, r := &world{}, state.NewRing(l, 8)
		for tick := range uint32(6) {
			w.EndsAt++
			states = append(states, weak.Make(r.Capture(tick+1, w)))
		}
		for tick := range uint32(5) {
			d.Body(&tape, r.At(tick+1), r.Newest(), nil, nil)
		}
		return states
	}()
	w, r := &world{}, state.NewRing(l, 8)
	d.Body(&tape, nil, r.Capture(1, w), nil, nil)
	runtime.GC()
	for i, s := range over {
		if s.Value() != nil {
			t.Errorf("the state of tick %d of a match that is over is kept", i+1)
		}
	}
	runtime.KeepAlive(d)
}
