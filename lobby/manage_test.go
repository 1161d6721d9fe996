package lobby_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

func (c *client) manage(a wire.Action, p state.Player, value uint32) {
	c.t.Helper()
	c.sayAndSettle(wire.AppendManage(nil, wire.Manage{Action: a, Player: p, Value: value}))
}

func TestKickIsForAMinuteAndBanForGood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{})
		bob := w.join("bob", ann.lobby, lobby.RolePlayer)
		bob.manage(wire.ActBan, ann.welcome.Player, 0)
		bob.wantError(lobby.CodeNotHost)
		ann.sayAndSettle(wire.AppendKick(nil, wire.Kick{Player: bob.welcome.Player}))
		bob.wantClosed(session.Kicked)
		_, err := w.Join(t.Context(), who("bob"), ann.lobby, lobby.RolePlayer)
		wantCode(t, err, lobby.CodeKicked)
		ann.sleep(61 * time.Second)
		bob = w.join("bob", ann.lobby, lobby.RolePlayer)
		ann.manage(wire.ActBan, bob.welcome.Player, 0)
		bob.wantClosed(session.Kicked)
		ann.sleep(2 * time.Hour)
		_, err = w.Join(t.Context(), who("bob"), ann.lobby, lobby.RoleChat)
		wantCode(t, err, lobby.CodeKicked)
	})
}

func TestMute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{})
		bob := w.join("bob", ann.lobby, lobby.RolePlayer)
		ann.manage(wire.ActMute, bob.welcome.Player, 1)
		if got := ann.members(); got[1] != "bob:33" { // connected and muted
			t.Errorf("ann sees %v", got)
		}
		bob.chat("hello")
		bob.wantError(lobby.CodeMuted)
		// Coming anew does not help.
		bob.sayAndSettle(wire.AppendLeave(nil))
		bob = w.join("bob", ann.lobby, lobby.RolePlayer)
		bob.chat("hello")
		bob.wantError(lobby.CodeMuted)
		ann.manage(wire.ActMute, bob.welcome.Player, 0)
		bob.chat("hello")
		ann.settle()
		if got := ann.texts(); len(got) != 1 || got[0] != "bob: hello" {
			t.Errorf("ann reads %v", got)
		}
	})
}

func TestHostIsHandedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{})
		bob := w.join("bob", ann.lobby, lobby.RolePlayer)
		ann.manage(wire.ActHost, 99, 0)
		ann.wantError(lobby.CodeInvalid)
		ann.manage(wire.ActHost, bob.welcome.Player, 0)
		if m, _ := ann.last(wire.TypeLobby); m.Lobby.Host != bob.welcome.Player {
			t.Errorf("the host is %d", m.Lobby.Host)
		}
		ann.sayAndSettle(wire.AppendStart(nil))
		ann.wantError(lobby.CodeNotHost)
		bob.sayAndSettle(wire.AppendStart(nil))
		bob.wantPhase("countdown")
	})
}

// teamed has a game of two teams, and no other.
func teamed(t *testing.T) setup {
	d := define(t, "teams", game.Players(2, 4), game.Teams(2))
	return setup{deps: func(deps *lobby.Deps) {
		games := deps.Games
		deps.Games = func(name string) (*game.Definition, bool) {
			if name == "teams" {
				return d, true
			}
			return games(name)
		}
	}}
}

func TestTeams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t, teamed(t))
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{Game: "teams"})
		bob := w.join("bob", ann.lobby, lobby.RolePlayer)
		cat := w.join("cat", ann.lobby, lobby.RolePlayer)
		team := func(c *client) uint8 {
			c.settle()
			m, _ := c.member(c.welcome.Player)
			return m.Team
		}
		if team(ann) != 1 || team(bob) != 2 || team(cat) != 1 {
			t.Fatalf("teams %d %d %d", team(ann), team(bob), team(cat))
		}
		bob.manage(wire.ActTeam, bob.welcome.Player, 1) // ann and cat are there
		bob.wantError(lobby.CodeFull)
		bob.manage(wire.ActTeam, ann.welcome.Player, 2)
		bob.wantError(lobby.CodeNotHost)
		bob.manage(wire.ActTeam, bob.welcome.Player, 3)
		bob.wantError(lobby.CodeInvalid)
		cat.manage(wire.ActTeam, cat.welcome.Player, 2)
		if team(cat) != 2 {
			t.Errorf("cat is in team %d", team(cat))
		}
		// What a team says is kept for who comes to it later.
		cat.sayAndSettle(wire.AppendChat(nil, wire.Chat{Channel: wire.ChatTeam, Text: "for us"}))
		dan := w.join("dan", ann.lobby, lobby.RolePlayer)
		if team(dan) != 1 || len(dan.texts()) != 0 {
			t.Errorf("dan, of team %d, reads %v", team(dan), dan.texts())
		}
		bob.sayAndSettle(wire.AppendLeave(nil))
		eve := w.join("eve", ann.lobby, lobby.RolePlayer)
		if got := eve.texts(); team(eve) != 2 || len(got) != 1 || got[0] != "cat: for us" {
			t.Errorf("eve, of team %d, reads %v", team(eve), got)
		}
	})
}

func TestKnocking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{Approval: true})
		ask := func(name string) error {
			_, err := w.Join(t.Context(), who(name), ann.lobby, lobby.RolePlayer)
			ann.settle()
			return err
		}
		knock := func() wire.Knock { m, _ := ann.last(wire.TypeKnock); return m.Knock }
		wantCode(t, ask("bob"), lobby.CodeApproval)
		if k := knock(); k.Name != "bob" || !k.Waiting {
			t.Fatalf("ann hears %+v", k)
		}
		n := len(ann.got)
		wantCode(t, ask("bob"), lobby.CodeApproval)
		if len(ann.got) != n {
			t.Error("the same knock came twice")
		}
		ann.manage(wire.ActAdmit, state.Player(knock().Number), 0)
		if err := ask("bob"); err != nil {
			t.Fatal(err)
		}
		wantCode(t, ask("eve"), lobby.CodeApproval)
		ann.manage(wire.ActRefuse, state.Player(knock().Number), 0)
		wantCode(t, ask("eve"), lobby.CodeKicked)
		ann.manage(wire.ActRefuse, 99, 0)
		ann.wantError(lobby.CodeInvalid)
		// Who goes away no longer knocks.
		wantCode(t, ask("cat"), lobby.CodeApproval)
		ann.sleep(31 * time.Second)
		if k := knock(); k.Name != "cat" || k.Waiting {
			t.Errorf("ann hears %+v", k)
		}
		ann.manage(wire.ActApproval, 0, 0)
		if err := ask("dan"); err != nil {
			t.Error(err)
		}
	})
}

func TestOptions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{})
		w.join("bob", ann.lobby, lobby.RolePlayer)
		listed := func() int {
			list, err := w.List(t.Context(), lobby.Filter{Game: "tag"}, lobby.Page{})
			if err != nil {
				t.Fatal(err)
			}
			return len(list.Lobbies)
		}
		ann.manage(wire.ActPrivate, 0, 1)
		if m, _ := ann.last(wire.TypeLobby); !m.Lobby.Private || listed() != 0 {
			t.Errorf("private: %+v, %d listed", m.Lobby, listed())
		}
		ann.manage(wire.ActPrivate, 0, 0)
		if listed() != 1 {
			t.Error("it is not public again")
		}
		ann.manage(wire.ActPlayers, 0, 3)
		if m, _ := ann.last(wire.TypeLobby); m.Lobby.Max != 3 {
			t.Errorf("at most %d", m.Lobby.Max)
		}
		for _, bad := range []wire.Manage{{Action: wire.ActPlayers, Value: 1}, {Action: wire.ActPlayers, Value: 9}, {Action: wire.ActBots, Value: 4},
			{Action: wire.ActLevel, Value: 3}, {Action: wire.ActPrivate, Value: 2}, {Action: wire.ActApproval, Value: 2}, {Action: wire.ActMute, Player: 9}} {
			ann.manage(bad.Action, bad.Player, bad.Value)
			ann.wantError(lobby.CodeInvalid)
		}
		ann.manage(wire.ActBots, 0, 3)
		ann.manage(wire.ActLevel, 0, 2)
		info, err := w.Get(t.Context(), who("ann"), ann.lobby)
		if err != nil || info.Bots != 1 || info.Level != 2 || len(info.Members) != 3 || !info.Members[0].Host || !info.Members[2].Bot {
			t.Errorf("got %+v, %v", info, err)
		}
		if info, _ := w.Get(t.Context(), who("eve"), ann.lobby); info.Members != nil {
			t.Errorf("a stranger sees %+v", info.Members)
		}
		ann.manage(wire.ActBots, 0, 0)
		if info, _ := w.Get(t.Context(), who("ann"), ann.lobby); info.Bots != 0 {
			t.Errorf("%d bots stay", info.Bots)
		}
	})
}

func TestActionsOverHTTP(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{})
		bob := w.join("bob", ann.lobby, lobby.RolePlayer)
		act := func(name string, a lobby.Action) error { return w.Act(t.Context(), who(name), ann.lobby, a) }
		wantCode(t, act("ann", lobby.Action{Do: "dance"}), lobby.CodeInvalid)
		wantCode(t, act("eve", lobby.Action{Do: "ready", Value: 1}), lobby.CodeNotMember)
		wantCode(t, act("bob", lobby.Action{Do: "start"}), lobby.CodeNotHost)
		wantCode(t, act("ann", lobby.Action{Do: "setting", Name: "none", Value: 1}), lobby.CodeSetting)
		for _, a := range []lobby.Action{
			{Do: "setting", Name: "length", Value: 50}, {Do: "mute", Player: bob.welcome.Player, Value: 1}, {Do: "ready", Value: 1}, {Do: "start"},
		} {
			if err := act("ann", a); err != nil {
				t.Fatalf("%+v: %v", a, err)
			}
		}
		ann.settle()
		ann.wantPhase("countdown")
		if m, _ := ann.last(wire.TypeLobby); m.Lobby.Settings[0] != 50 {
			t.Errorf("the settings are %v", m.Lobby.Settings)
		}
		if err := act("ann", lobby.Action{Do: "kick", Player: bob.welcome.Player}); err != nil {
			t.Fatal(err)
		}
		bob.settle()
		bob.wantClosed(session.Kicked)
	})
}

func TestPartiesGetSeatsTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{MaxPlayers: 4})
		_, err := w.JoinAll(t.Context(), who("bob"), []lobby.Who{who("cat"), who("dan"), who("eve")}, ann.lobby)
		wantCode(t, err, lobby.CodeFull)
		ann.settle()
		if got := ann.members(); len(got) != 1 {
			t.Errorf("some of the party got in: %v", got)
		}
		bob := w.enter(w.JoinAll(t.Context(), who("bob"), []lobby.Who{who("cat"), who("dan")}, ann.lobby))
		_, err = w.Join(t.Context(), who("eve"), ann.lobby, lobby.RolePlayer)
		wantCode(t, err, lobby.CodeFull)
		if cat := w.join("cat", ann.lobby, lobby.RolePlayer); cat.lobby != bob.lobby {
			t.Error("cat is elsewhere")
		}
		ann.sleep(lobby.Defaults().Hold + time.Second) // dan does not come
		if _, err := w.Join(t.Context(), who("eve"), ann.lobby, lobby.RolePlayer); err != nil {
			t.Error(err)
		}
	})
}

// loud shouts, and lets nothing through that has a bad word in it.
type loud struct{}

func (loud) Chat(s lobby.Said) string {
	if strings.Contains(s.Text, "bad") {
		return ""
	}
	return strings.ToUpper(s.Text)
}

func TestModerator(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t, setup{deps: func(d *lobby.Deps) { d.Moderator = loud{} }})
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{})
		talker := w.join("eve", ann.lobby, lobby.RoleChat)
		ann.chat("hello")
		ann.chat("something bad")
		ann.wantError(lobby.CodeChatRefused)
		talker.chat("quiet")
		talker.chat("bad")
		talker.wantError(lobby.CodeChatRefused)
		late := w.join("bob", ann.lobby, lobby.RolePlayer)
		if got := late.texts(); len(got) != 2 || got[0] != "ann: HELLO" || got[1] != "eve: QUIET" {
			t.Errorf("bob reads %v", got)
		}
	})
}
