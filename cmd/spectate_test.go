package cmd_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/cmd/cmdtest"
	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/wire"
)

// sights is what a spectator saw of the ships, tick by tick.
type sights struct {
	mu    sync.Mutex
	ticks map[uint32][]int64
}

func (s *sights) note(c *client.Client) {
	t := c.Mirror().Table("ships")
	var all []int64
	for pos := range t.Len() {
		all = append(all, int64(t.ID(pos)))
		for _, name := range []string{"x", "y", "hp"} {
			field, _, _ := t.Field(name)
			all = append(all, t.Int(pos, field))
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ticks[c.Tick()] = all
}

// common is how many ticks both saw, and in how many of them they differ.
func (s *sights) common(o *sights) (both, differ int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o.mu.Lock()
	defer o.mu.Unlock()
	for tick, ours := range s.ticks {
		theirs, known := o.ticks[tick]
		if !known {
			continue
		}
		both++
		for i := range ours {
			if len(ours) != len(theirs) || ours[i] != theirs[i] {
				differ++
				break
			}
		}
	}
	return both, differ
}

// One watches a match at its home, one through the other process: they see the
// same. Then the home is killed, and who watched elsewhere is told.
func TestSpectateThroughAnotherProcess(t *testing.T) {
	t.Parallel()
	// The home may stand still for seconds, on a busy machine, and is not gone.
	c := behind(t, 2, true, "--redis-beat", "500ms", "--redis-lease", "5s")
	yes := true
	ann := cmdtest.Guest(t, c.URL, "ann")
	made, err := ann.Create(t.Context(), client.CreateOptions{Game: "arena", Bots: &yes, Settings: map[string]int64{"seconds": 900, "kills": 0}})
	if err != nil {
		t.Fatal(err)
	}
	home, other := homeAndOther(t, c, made)
	p, ticks := playing(t, c, ann.Token, made, nil)
	if err := p.Ready(true); err != nil {
		t.Fatal(err)
	}
	wait(t, "a match", ticks, func(n uint32) bool { return n > 0 })

	watching := func(name, url string) (*client.Client, *sights, <-chan wire.ServerMessage) {
		s := &sights{ticks: map[uint32][]int64{}}
		watcher, said := watch(t, client.Options{
			URL: url, Token: cmdtest.Guest(t, url, name).Token, Lobby: made.Lobby.ID, Role: "spectator", OnState: s.note,
		}, func(m *wire.ServerMessage) (wire.ServerMessage, bool) {
			return wire.ServerMessage{Error: m.Error}, m.Type == wire.TypeError
		})
		return watcher, s, said
	}
	stranger := cmdtest.Guest(t, other.URL, "stranger")
	until(t, "the other knows the lobby", func() bool {
		_, err := stranger.Get(t.Context(), made.Lobby.ID)
		return err == nil
	})
	cat, here, _ := watching("cat", home.URL)
	eve, there, said := watching("eve", other.URL)
	if cat.Welcome().Instance != home.Name || eve.Welcome().Instance != other.Name {
		t.Errorf("they are served by %q and %q", cat.Welcome().Instance, eve.Welcome().Instance)
	}
	until(t, "both see a hundred ticks", func() bool { both, _ := here.common(there); return both > 100 })
	if both, differ := here.common(there); differ > 0 {
		t.Errorf("of %d ticks they see %d differently", both, differ)
	}
	if !metric(t, other, `sandlot_spectators_elsewhere{game="arena"} 1`) {
		t.Error("the other instance counts no spectator")
	}

	home.Kill()
	select {
	case <-eve.Done():
	case <-time.After(patience):
		t.Fatal("she watches a match that is gone")
	}
	if len(said) == 0 {
		t.Fatalf("she was not told; her client ended with %v", eve.Err())
	}
	if m := <-said; m.Error.Code != "match_lost" || !errors.Is(eve.Err(), client.ErrMatchLost) {
		t.Errorf("she was told %+v, and her client ended with %v", m.Error, eve.Err())
	}
}
