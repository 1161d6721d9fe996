package lobby_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
)

// quickly has a player for each name press the button at this instant, each by the
// next instance, and says how many are in which lobby.
func quickly(t *testing.T, at []*world, names ...string) map[string]int {
	t.Helper()
	var all sync.WaitGroup
	var mu sync.Mutex
	in := map[string]int{}
	for i, name := range names {
		all.Go(func() {
			j, err := at[i%len(at)].QuickPlay(t.Context(), who(name), lobby.QuickPlayOptions{Game: "tag", Region: "nowhere"})
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			mu.Lock()
			defer mu.Unlock()
			in[j.Lobby.ID+" at "+j.Lobby.Instance]++
		})
	}
	all.Wait()
	return in
}

// Players who press the button at the same instant by different instances, or before
// these have heard of each other's new lobbies, play together.
func TestQuickPlaysOfAllInstancesMeet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at, wires, airs := town(t, map[string]string{"a": "https://a.example.com"}, "a", "b", "c")
		all := []*world{at["a"], at["b"], at["c"]}
		if in := quickly(t, all, "p1", "p2", "p3", "p4"); len(in) != 1 {
			t.Errorf("four at once are in %v", in)
		}
		<-time.After(beat / 4) // no list is that new
		if in := quickly(t, all[1:], "p5", "p6", "p7", "p8"); len(in) != 1 {
			t.Errorf("four more are in %v", in)
		}
		in := quickly(t, all, "q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8", "q9")
		if len(in) != 2 {
			t.Errorf("nine, one more than a lobby takes, are in %v", in)
		}
		<-time.After(time.Minute) // they never came, and their lobbies are gone
		wires.sever("a", true)
		wires.sever("b", true)
		wires.sever("c", true)
		if in := quickly(t, all, "r1", "r2", "r3"); len(in) == 0 || len(in) > 3 {
			t.Errorf("when instances cannot ask each other, three are in %v", in)
		}
		for _, a := range airs {
			a.set(func(a *air) { a.cut = true })
		}
		<-time.After(20 * time.Second)
		for i, w := range all {
			in := quickly(t, []*world{w}, fmt.Sprint("s", i), fmt.Sprint("t", i))
			if len(in) != 1 {
				t.Errorf("without a store, two at one instance are in %v", in)
			}
		}
	})
}

// The instance that they agreed on stops taking lobbies: whoever presses the button then,
// by whichever instance, plays together elsewhere, and not where the match is the last.
func TestQuickPlaysMeetBesideADrainingInstance(t *testing.T) {
	for _, full := range []bool{false, true} { // the lobby that is there already
		synctest.Test(t, func(t *testing.T) {
			at, _, _ := town(t, map[string]string{"a": "https://a.example.com"}, "a", "b", "c")
			all := []*world{at["a"], at["b"], at["c"]}
			names := []string{"p1", "p2", "p3"}
			if full {
				names = []string{"p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8"}
			}
			first := quickly(t, all, names...)
			if len(first) != 1 {
				t.Fatalf("at first they are in %v", first)
			}
			for where := range first {
				_, home, _ := strings.Cut(where, " at ")
				at[home].Drain(true)
				in := quickly(t, all, "q1", "q2", "q3", "q4", "q5", "q6")
				for also := range in {
					if len(in) != 1 || strings.HasSuffix(also, " at "+home) {
						t.Errorf("full %t: as %s drains, six are in %v", full, home, in)
					}
				}
			}
		})
	}
}
