package lobby_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/sandlot-server/sandlot/lobby"
)

// Players who press the button at the same instant play together: tag has room
// for eight, so twenty are in three lobbies, whoever of them was first.
func TestQuickPlaysAtOnceMeet(t *testing.T) {
	for range 10 {
		w := open(t)
		var all sync.WaitGroup
		var mu sync.Mutex
		in := map[string]int{}
		start := make(chan struct{})
		for i := range 20 {
			all.Go(func() {
				<-start
				j, err := w.QuickPlay(t.Context(), who(fmt.Sprint("p", i)), lobby.QuickPlayOptions{Game: "tag"})
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				in[j.Lobby.ID]++
			})
		}
		close(start)
		all.Wait()
		w.stop()
		if len(in) != 3 {
			t.Fatalf("20 players are in %d lobbies: %v", len(in), in)
		}
	}
}

func TestTwoQuickPlaysAtOnceAreOneLobby(t *testing.T) {
	for range 20 {
		w := open(t)
		ids := make(chan string, 2)
		start := make(chan struct{})
		for _, name := range []string{"ann", "bob"} {
			go func() {
				<-start
				j, _ := w.QuickPlay(t.Context(), who(name), lobby.QuickPlayOptions{Game: "duel"})
				ids <- j.Lobby.ID
			}()
		}
		close(start)
		if a, b := <-ids, <-ids; a != b || a == "" {
			t.Fatalf("ann and bob are in %q and %q", a, b)
		}
		w.stop()
	}
}
