package lobby_test

import (
	"testing"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/bus/bustest"
)

// Over a real Redis that is killed and comes back empty, and then hangs: the match goes on, who
// watches it elsewhere waits, and then sees the same again.
func TestSpectateOverRedis(t *testing.T) {
	server := bustest.StartRedis(t)
	a, b := overRedis(t, server)
	ann := a.reach(a.QuickPlay(t.Context(), who("ann"), lobby.QuickPlayOptions{Game: "tag"}))
	ann.until("a match", func() bool { return ann.tick > 0 })
	ann.until("b to list the lobby", func() bool {
		list, err := b.List(t.Context(), lobby.Filter{Game: "tag"}, lobby.Page{})
		return err == nil && len(list.Lobbies) == 1
	})
	eve := b.reach(b.Join(t.Context(), who("eve"), ann.lobby, lobby.RoleSpectator))
	history := map[uint32][][2]int64{}
	sees := func(what string, from uint32) {
		t.Helper()
		matched := 0
		eve.until(what, func() bool {
			ann.read()
			history[ann.tick] = ann.rows()
			want, known := history[eve.tick]
			if !known || eve.tick < from {
				return false
			}
			if !same(eve.rows(), want) {
				t.Fatalf("%s: she sees %v of tick %d, which was %v", what, eve.rows(), eve.tick, want)
			}
			matched++
			return matched > 20
		})
	}
	sees("the match", 1)

	for _, fault := range []struct {
		name       string
		begin, end func()
	}{{"killed", server.Kill, server.Start}, {"hung", server.Hang, server.Thaw}} {
		fault.begin()
		ann.until("the loss to be noticed", func() bool { return len(a.Ready()) > 0 && len(b.Ready()) > 0 })
		tick := ann.tick
		ann.until("ticks", func() bool {
			eve.read()
			history[ann.tick] = ann.rows()
			return ann.tick > tick+10
		})
		fault.end()
		sees("the match after Redis was "+fault.name, ann.tick)
	}
	if _, over := eve.s.Ended(); over {
		t.Error("her session did not outlive it")
	}
	a.count.add(func() {
		if a.count.slipped > 0 {
			t.Logf("%d ticks slipped", a.count.slipped)
		}
	})
}
