package lobby_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// paired opens a match for players of those names, each for itself.
func (w *world) paired(o lobby.MatchOptions, names ...string) string {
	w.t.Helper()
	if o.Game == "" {
		o.Game = "tag"
	}
	if o.Mode == "" {
		o.Mode = "open"
	}
	if o.Max == 0 {
		o.Max = len(names)
	}
	o.Gather = 15 * time.Second
	var all []lobby.Placed
	for i, name := range names {
		all = append(all, lobby.Placed{Who: who(name), Points: 1500 + 100*i})
	}
	o.Teams = [][]lobby.Placed{all}
	id, err := w.OpenMatch(w.t.Context(), o)
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func TestPairedPlayersBeginWhenAllAreHere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		id := w.paired(lobby.MatchOptions{
			Settings: map[string]int64{"length": 20}, Ranked: true, Mode: "ranked",
		}, "ann", "bob", "cat")
		ann := w.join("ann", id, lobby.RolePlayer)
		bob := w.join("bob", id, lobby.RolePlayer)
		ann.sleep(5 * time.Second)
		ann.wantPhase("waiting") // for cat
		ann.sayAndSettle(wire.AppendStart(nil))
		ann.wantError(lobby.CodeNotHost)

		_, err := w.Join(t.Context(), who("eve"), id, lobby.RolePlayer)
		wantCode(t, err, lobby.CodeTicketsOnly)
		if list, _ := w.List(t.Context(), lobby.Filter{Open: true}, lobby.Page{}); len(list.Lobbies) != 0 {
			t.Errorf("it is listed as open: %+v", list.Lobbies)
		}
		if eve := w.join("eve", id, lobby.RoleSpectator); eve.welcome.Role != wire.RoleSpectator {
			t.Error("nobody may watch")
		}

		cat := w.join("cat", id, lobby.RolePlayer)
		cat.sleep(lobby.Defaults().Countdown + 100*time.Millisecond)
		cat.wantPhase("running")
		if rooms := w.Rooms(); len(rooms) != 0 {
			t.Errorf("a ranked match takes more: %+v", rooms)
		}
		bob.sayAndSettle(wire.AppendLeave(nil)) // loses by it
		for range 25 {
			ann.sleep(50 * time.Millisecond)
			cat.settle()
		}
		ann.wantPhase("results")
		ends := w.ends
		if len(ends) != 1 || len(ends[0].Players) != 3 || ends[0].CalledOff || ends[0].Lobby != id || ends[0].Mode != "ranked" || !ends[0].Ranked {
			t.Fatalf("it ended with %+v", ends)
		}
		for i, want := range []lobby.Ranked{{ID: "id-ann", Rank: 1}, {ID: "id-bob", Rank: 2}, {ID: "id-cat", Rank: 1}} {
			if ends[0].Players[i] != want {
				t.Errorf("got %+v, want %+v", ends[0].Players[i], want)
			}
		}
		ann.sleep(lobby.Defaults().Results + time.Second)
		ann.wantClosed(session.Closed)
	})
}

func TestPairedPlayersWhoDoNotCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		o := lobby.MatchOptions{Mode: "ranked", Ranked: true}
		ann := w.join("ann", w.paired(o, "ann", "bob"), lobby.RolePlayer)
		ann.sleep(16 * time.Second)
		ann.wantError("match_called_off")
		ann.wantClosed(session.Closed)
		if len(w.ends) != 1 || !w.ends[0].CalledOff {
			t.Errorf("it ended with %+v", w.ends)
		}
		// With enough of them it begins all the same.
		id := w.paired(o, "ann", "bob", "cat")
		ann, bob := w.join("ann", id, lobby.RolePlayer), w.join("bob", id, lobby.RolePlayer)
		for range 38 {
			ann.sleep(500 * time.Millisecond)
			bob.settle()
		}
		ann.wantPhase("running")
	})
}

func TestPairedMatchesFillUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		id := w.paired(lobby.MatchOptions{Max: 4, Bots: true, Key: "k"}, "ann", "bob")
		ann, bob := w.join("ann", id, lobby.RolePlayer), w.join("bob", id, lobby.RolePlayer)
		ann.sleep(lobby.Defaults().Countdown + time.Second)
		bob.settle()
		ann.wantPhase("running")
		if n := ann.mirror.Table("runners").Len(); n != 4 {
			t.Errorf("%d in the match, want two people and two bots", n)
		}
		rooms := w.Rooms()
		if len(rooms) != 1 || rooms[0].ID != id || rooms[0].Key != "k" || rooms[0].Mode != "open" || rooms[0].Points != 1550 || rooms[0].Free[0] != 2 {
			t.Fatalf("the rooms are %+v", rooms)
		}
		if err := w.FillMatch(t.Context(), id, 0, []lobby.Placed{{Who: who("cat")}, {Who: who("dan")}}); err != nil {
			t.Fatal(err)
		}
		cat := w.join("cat", id, lobby.RolePlayer)
		cat.sleep(200 * time.Millisecond)
		if n := cat.mirror.Table("runners").Len(); n != 3 || cat.x() < 0 { // dan has not come yet
			t.Errorf("%d in the match", n)
		}
		if rooms := w.Rooms(); len(rooms) != 0 {
			t.Errorf("a full match is a room: %+v", rooms)
		}
		wantCode(t, w.FillMatch(t.Context(), id, 0, []lobby.Placed{{Who: who("eve")}}), lobby.CodeFull)
		wantCode(t, w.FillMatch(t.Context(), "none", 0, nil), lobby.CodeNotFound)
		// Quick play does not go there.
		q, err := w.QuickPlay(t.Context(), who("eve"), lobby.QuickPlayOptions{Game: "tag"})
		if err != nil || q.Lobby.ID == id {
			t.Errorf("quick play goes to %v, %v", q.Lobby.ID, err)
		}
	})
}

func wantCode(t *testing.T, err error, want string) {
	t.Helper()
	if code(err) != want {
		t.Fatalf("got %v, want %s", err, want)
	}
}
