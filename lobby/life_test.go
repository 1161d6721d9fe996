package lobby_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// A person who presses the button plays, with bots, within two seconds.
func TestQuickPlayIsInAMatchAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.enter(w.QuickPlay(t.Context(), who("ann"), lobby.QuickPlayOptions{Game: "tag"}))
		ann.sleep(2 * time.Second)
		ann.wantPhase("running")
		if ann.tick == 0 {
			t.Fatal("no state came")
		}
		if n := len(ann.members()); n != 6 {
			t.Errorf("%d members, want 6: one person and five bots", n)
		}
		for range 10 {
			ann.walk(1)
			ann.sleep(50 * time.Millisecond)
		}
		if x := ann.x(); x < 8 {
			t.Errorf("ten inputs moved the player to %d", x)
		}
		if rows := ann.mirror.Table("runners"); rows.Int(rows.Len()-1, 0) == 0 {
			t.Error("the bots do not move")
		}

		// The next one joins the same match, and a bot makes room.
		bob := w.enter(w.QuickPlay(t.Context(), who("bob"), lobby.QuickPlayOptions{Game: "tag"}))
		if bob.lobby != ann.lobby {
			t.Fatal("the second player is in a match of its own")
		}
		bob.sleep(200 * time.Millisecond)
		bob.wantPhase("running")
		if n := bob.mirror.Table("runners").Len(); n != 6 {
			t.Errorf("%d in the match, want 6", n)
		}
		if bob.x() < 0 {
			t.Error("the second player is not in the match")
		}
	})
}

func TestQuickPlayComesBackToTheSameSeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		first := w.enter(w.QuickPlay(t.Context(), who("ann"), lobby.QuickPlayOptions{Game: "tag"}))
		again := w.enter(w.QuickPlay(t.Context(), who("ann"), lobby.QuickPlayOptions{Game: "tag"}))
		if again.lobby != first.lobby || again.welcome.Player != first.welcome.Player {
			t.Error("another place was given")
		}
		first.wantClosed(session.Replaced)
	})
}

// Waiting, countdown, running, results and waiting again.
func TestLifeOfALobby(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{Settings: map[string]int64{"length": 20}})
		ann.wantPhase("waiting")
		ann.sayAndSettle(wire.AppendStart(nil))
		ann.wantError(lobby.CodePlayers)

		bob := w.join("bob", ann.lobby, lobby.RolePlayer)
		ann.settle()
		if got := ann.members(); !slices.Equal(got[len(got)-1:], []string{"bob:1"}) {
			t.Fatalf("ann sees %v", got)
		}
		bob.sayAndSettle(wire.AppendStart(nil))
		bob.wantError(lobby.CodeNotHost)
		ann.sayAndSettle(wire.AppendReady(nil, wire.Ready{Ready: true}))
		bob.sayAndSettle(wire.AppendReady(nil, wire.Ready{Ready: true}))
		bob.wantPhase("countdown") // all are ready
		bob.sleep(lobby.Defaults().Countdown + 100*time.Millisecond)
		bob.wantPhase("running")
		bob.sleep(time.Second)
		bob.wantPhase("results")
		m, ok := bob.last(wire.TypeResult)
		if !ok || len(m.Result.Places) != 2 {
			t.Fatalf("the result is %+v", m.Result)
		}
		bob.sleep(lobby.Defaults().Results)
		bob.wantPhase("waiting")

		// The same people again, by the host's wish.
		ann.sayAndSettle(wire.AppendStart(nil))
		bob.got = nil
		bob.sleep(lobby.Defaults().Countdown + time.Second/2)
		if m, ok := bob.last(wire.TypeMatch); !ok || m.Match.Number != 2 {
			t.Errorf("the second match is %+v", m.Match)
		}
		bob.say(wire.AppendSetting(nil, wire.Setting{Index: 0, Value: 30}))
		bob.sleep(100 * time.Millisecond) // in a match answers go out with the tick
		bob.wantError(lobby.CodeNotHost)
	})
}

func TestCountdownStopsWhenPlayersLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{})
		bob := w.join("bob", ann.lobby, lobby.RolePlayer)
		ann.sayAndSettle(wire.AppendStart(nil))
		ann.wantPhase("countdown")
		bob.sayAndSettle(wire.AppendLeave(nil))
		bob.wantClosed(session.Bye)
		ann.settle()
		ann.wantPhase("waiting")
	})
}

func TestHostRights(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{})
		bob := w.join("bob", ann.lobby, lobby.RolePlayer)
		eve := w.join("eve", ann.lobby, lobby.RolePlayer)

		ann.sayAndSettle(wire.AppendSetting(nil, wire.Setting{Index: 0, Value: 40}))
		if m, _ := ann.last(wire.TypeLobby); m.Lobby.Settings[0] != 40 {
			t.Errorf("the setting is %v", m.Lobby.Settings)
		}
		bob.sayAndSettle(wire.AppendKick(nil, wire.Kick{Player: eve.welcome.Player}))
		bob.wantError(lobby.CodeNotHost)
		ann.sayAndSettle(wire.AppendKick(nil, wire.Kick{Player: eve.welcome.Player}))
		eve.wantClosed(session.Kicked)
		if m, ok := ann.last(wire.TypeGone); !ok || m.Gone.Why != wire.GoneKicked {
			t.Errorf("the others are told %+v", m.Gone)
		}
		if _, err := w.Join(t.Context(), who("eve"), ann.lobby, lobby.RolePlayer); code(err) != lobby.CodeKicked {
			t.Errorf("who was kicked comes back with %v", err)
		}
		ann.sayAndSettle(wire.AppendKick(nil, wire.Kick{Player: ann.welcome.Player}))
		ann.wantError(lobby.CodeInvalid)

		// Bob is the next host.
		if err := w.Leave(t.Context(), who("ann"), ann.lobby); err != nil {
			t.Fatal(err)
		}
		ann.wantClosed(session.Bye)
		bob.settle()
		if m, _ := bob.last(wire.TypeLobby); m.Lobby.Host != bob.welcome.Player {
			t.Errorf("the host is %d, not %d", m.Lobby.Host, bob.welcome.Player)
		}
	})
}

func TestPrivateLobbies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{Private: true})
		m, _ := ann.last(wire.TypeLobby)
		code8 := m.Lobby.Code
		if len(code8) != 8 || !m.Lobby.Private {
			t.Fatalf("the lobby is %+v", m.Lobby)
		}
		if list, err := w.List(t.Context(), lobby.Filter{}, lobby.Page{}); err != nil || len(list.Lobbies) > 0 {
			t.Errorf("it is listed: %v, %v", list, err)
		}
		for _, wrong := range []string{ann.lobby, "ABCDEFGH", "", "nonsense that is far too long for any code"} {
			if _, err := w.Get(t.Context(), who("bob"), wrong); code(err) != lobby.CodeNotFound {
				t.Errorf("get %q: %v", wrong, err)
			}
		}
		if i, err := w.Get(t.Context(), who("ann"), ann.lobby); err != nil || i.Code != code8 {
			t.Errorf("its member sees %+v, %v", i, err)
		}
		bob := w.join("bob", " "+code8[:4]+"-"+code8[4:], lobby.RolePlayer)
		if bob.lobby != ann.lobby {
			t.Error("the code led elsewhere")
		}
	})
}

func TestBotsFillAndMakeRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{Bots: true, FillTo: 4})
		if n := len(ann.members()); n != 1 {
			t.Errorf("bots came before people could: %d members", n)
		}
		ann.sleep(lobby.Defaults().BotsAfter + time.Second/10)
		if n := len(ann.members()); n != 4 {
			t.Errorf("%d members, want 4", n)
		}
		ann.wantPhase("waiting") // the host has not started it
		bob := w.join("bob", ann.lobby, lobby.RolePlayer)
		if got := bob.members(); len(got) != 4 {
			t.Errorf("bob sees %v", got)
		}
		bob.sayAndSettle(wire.AppendLeave(nil))
		ann.settle()
		if n := len(ann.members()); n != 4 {
			t.Errorf("%d members after bob left, want 4", n)
		}
		ann.sayAndSettle(wire.AppendStart(nil))
		ann.sleep(time.Second + lobby.Defaults().CountdownAlone)
		ann.wantPhase("running")
		// A person takes a bot's place in the running match.
		cid := w.join("cid", ann.lobby, lobby.RolePlayer)
		cid.sleep(time.Second / 5)
		if n := cid.mirror.Table("runners").Len(); n != 4 || cid.x() < 0 {
			t.Errorf("%d in the match, cid at %d", n, cid.x())
		}
	})
}

func TestEmptyLobbiesAreReaped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{Bots: true})
		ann.s.Close(session.Lost)
		c := lobby.Defaults()
		<-time.After(c.Hold + c.EmptyAfter + time.Second)
		if _, err := w.Get(t.Context(), who("ann"), ann.lobby); code(err) != lobby.CodeNotFound {
			t.Errorf("the lobby is there: %v", err)
		}
		w.count.add(func() {
			if w.count.lobbies != 0 || w.count.people != 0 || w.count.bots != 0 {
				t.Errorf("%d lobbies, %d people and %d bots are counted", w.count.lobbies, w.count.people, w.count.bots)
			}
		})
	})
}

func TestMatchWithoutLateJoin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{Game: "duel", Bots: true})
		ann.sayAndSettle(wire.AppendStart(nil))
		ann.sleep(2 * time.Second)
		ann.wantPhase("running")
		if _, err := w.Join(t.Context(), who("bob"), ann.lobby, lobby.RolePlayer); code(err) != lobby.CodeRunning {
			t.Errorf("a player joins: %v", err)
		}
		eve := w.join("eve", ann.lobby, lobby.RoleSpectator)
		eve.sleep(time.Second / 5)
		if eve.tick == 0 || eve.mirror.Table("runners").Len() != 2 {
			t.Error("a spectator sees nothing")
		}
		if eve.welcome.Role != wire.RoleSpectator {
			t.Errorf("its role is %d", eve.welcome.Role)
		}
	})
}
