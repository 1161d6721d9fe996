package lobby_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/wire"
)

func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{Title: "first"})
		w.create("bob", lobby.CreateOptions{Private: true})
		ctx, cancel := context.WithCancel(t.Context())
		var got []lobby.Changes
		var watch sync.WaitGroup
		watch.Go(func() {
			if err := w.Watch(ctx, lobby.Filter{Game: "tag"}, func(c lobby.Changes) error { got = append(got, c); return nil }); !errors.Is(err, context.Canceled) {
				t.Errorf("watching ended with %v", err)
			}
		})
		ann.sleep(2 * time.Second)
		if len(got) != 1 || !got[0].Whole || len(got[0].Lobbies) != 1 || got[0].Lobbies[0].Title != "first" {
			t.Fatalf("at first %+v", got)
		}
		// What happens soon after a change comes with what follows it; of other games
		// nothing comes.
		got = nil
		cat := w.create("cat", lobby.CreateOptions{Title: "second"})
		w.create("dan", lobby.CreateOptions{Game: "duel"})
		ann.sleep(2 * time.Second)
		if n := len(got); n < 1 || n > 2 || got[n-1].Whole || len(got[n-1].Lobbies) != 1 || got[n-1].Lobbies[0].Title != "second" || got[n-1].Lobbies[0].Players != 1 {
			t.Fatalf("then %+v", got)
		}
		got = nil
		cat.sayAndSettle(wire.AppendLeave(nil))
		ann.sleep(lobby.Defaults().EmptyAfter + 2*time.Second)
		last := got[len(got)-1]
		if len(last.Gone) != 1 || last.Gone[0] != cat.lobby {
			t.Errorf("in the end %+v", got)
		}
		cancel()
		watch.Wait()
		full := errors.New("full")
		if err := w.Watch(t.Context(), lobby.Filter{}, func(lobby.Changes) error { return full }); !errors.Is(err, full) {
			t.Errorf("watching ended with %v", err)
		}
	})
}
