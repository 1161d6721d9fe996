package state_test

import (
	"testing"

	"github.com/sandlot-server/sandlot/game/state"
)

// Whatever there is can be prefetched, nothing too, and nothing is allocated.
func TestPrefetch(t *testing.T) {
	var none struct{}
	wide := new([1000]byte)
	allocs := testing.AllocsPerRun(10, func() {
		state.Prefetch[int](nil)
		state.Prefetch(&none)
		for at := range 200 { // however it lies to the lines
			state.Prefetch(&wide[999-at])
			state.PrefetchSlice(wide[at:])
			state.PrefetchSlice(wide[:at])
		}
		state.PrefetchSlice([]string(nil))
		state.PrefetchSlice(wide[1000:])
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}
