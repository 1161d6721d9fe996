package lobby_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

func TestChat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{})
		bob := w.join("bob", ann.lobby, lobby.RolePlayer)
		eve := w.join("eve", ann.lobby, lobby.RoleChat)
		if eve.welcome.Role != wire.RoleChat || eve.welcome.Player != 0 || eve.welcome.Resume != "" {
			t.Errorf("a chat-only member is welcomed as %+v", eve.welcome)
		}
		bob.chat("  hi\x00 \u202ethere ")
		eve.chat("hello <b>")
		want := []string{"bob: hi there", "eve: hello <b>"}
		for _, c := range []*client{ann, bob, eve} {
			c.settle()
			if got := c.texts(); !slices.Equal(got, want) {
				t.Errorf("%s reads %q", c.name, got)
			}
		}
		m, _ := ann.last(wire.TypeChatOut)
		if m.Chat.Offset != 2 || m.Chat.Player != 0 || m.Chat.TimeMS == 0 {
			t.Errorf("the second message is %+v", m.Chat)
		}
		bob.chat("\u200b\u202e")
		bob.wantError(lobby.CodeInvalid)
		bob.sayAndSettle(wire.AppendChat(nil, wire.Chat{Channel: wire.ChatTeam, Text: "x"}))
		bob.wantError(lobby.CodeNotMember)
		eve.sayAndSettle(wire.AppendReady(nil, wire.Ready{Ready: true}))
		eve.wantError(lobby.CodeNotMember)
		<-time.After(10 * time.Second)
		for range lobby.Defaults().ChatBurst {
			bob.chat("flood")
		}
		bob.chat("flood")
		bob.wantError(lobby.CodeChatRate)
		bob.sayAndSettle(wire.AppendLeave(nil))

		// The last 100 are for who comes later.
		for i := range 150 {
			ann.chat(fmt.Sprint(i))
			<-time.After(lobby.Defaults().ChatEvery)
		}
		cid := w.join("cid", ann.lobby, lobby.RolePlayer)
		got := cid.texts()
		if len(got) != 100 || got[0] != "ann: 50" || got[99] != "ann: 149" {
			t.Errorf("cid reads %d messages, %q to %q", len(got), got[0], got[len(got)-1])
		}
	})
}

// Two instances list each other's lobbies, send players to the right one, and
// talk across.
func TestTwoInstances(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := pair(t)
		ann := a.create("ann", lobby.CreateOptions{Title: "here"})
		ann.chat("before")
		<-time.After(time.Second)

		list, err := b.List(t.Context(), lobby.Filter{}, lobby.Page{})
		if err != nil || len(list.Lobbies) != 1 || list.Lobbies[0].Title != "here" || list.Lobbies[0].Instance != "a" {
			t.Fatalf("b lists %+v, %v", list, err)
		}
		j, err := b.Join(t.Context(), who("bob"), ann.lobby, lobby.RolePlayer)
		if err != nil || j.URL != "wss://a.example.com/v1/ws?lobby="+ann.lobby {
			t.Fatalf("joining at b answers %+v, %v", j, err)
		}
		if _, err := b.Claim(t.Context(), session.Claim{Credential: j.Pass, Lobby: ann.lobby}); status(err) != 421 || url(err) != j.URL {
			t.Errorf("the pass at b: %v", err)
		}
		bob := a.enter(j, nil) // unspent

		// Chat-only members are served where they are.
		j, err = b.Join(t.Context(), who("eve"), ann.lobby, lobby.RoleChat)
		if err != nil || j.URL != "ws://b.example.com:7777/v1/ws?lobby="+ann.lobby {
			t.Fatalf("talking at b answers %+v, %v", j, err)
		}
		eve := b.enter(j, nil)
		eve.sleep(2 * time.Second)
		eve.chat("from afar")
		eve.sleep(time.Second)
		bob.chat("welcome")
		eve.sleep(time.Second)
		want := []string{"ann: before", "eve: from afar", "bob: welcome"}
		if got := eve.texts(); !slices.Equal(got, want) {
			t.Errorf("eve reads %q", got)
		}
		ann.settle()
		if got := ann.texts(); !slices.Equal(got, want) {
			t.Errorf("ann reads %q", got)
		}
		// A second one at b gets what was said from the relay.
		fay := b.enter(b.Join(t.Context(), who("fay"), ann.lobby, lobby.RoleChat))
		if got := fay.texts(); !slices.Equal(got, want) {
			t.Errorf("fay reads %q", got)
		}
		// A resume token shown at b leads home.
		if _, err := b.Claim(t.Context(), session.Claim{Credential: ann.welcome.Resume, Resuming: true}); status(err) != 421 {
			t.Errorf("a resume token at the wrong instance: %v", err)
		}
		if reasons := b.Ready(); len(reasons) > 0 {
			t.Errorf("b is not well: %v", reasons)
		}

		// Leaving works from anywhere.
		if err := b.Leave(t.Context(), who("bob"), ann.lobby); err != nil {
			t.Error(err)
		}
		<-time.After(time.Second)
		bob.wantClosed(session.Bye)

		// When the home stops, those elsewhere are told and lists forget.
		a.stop()
		eve.sleep(2 * time.Second)
		eve.wantClosed(session.Closed)
		if list, _ := b.List(t.Context(), lobby.Filter{}, lobby.Page{}); len(list.Lobbies) > 0 {
			t.Errorf("b lists %v", list)
		}
	})
}

// A private lobby is found at another instance by its code alone.
func TestPrivateLobbyElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := pair(t)
		ann := a.create("ann", lobby.CreateOptions{Private: true})
		<-time.After(time.Second)
		m, _ := ann.last(wire.TypeLobby)
		if _, err := b.Join(t.Context(), who("bob"), ann.lobby, lobby.RolePlayer); code(err) != lobby.CodeNotFound {
			t.Errorf("by its id: %v", err)
		}
		if _, err := b.Join(t.Context(), who("bob"), m.Lobby.Code, lobby.RolePlayer); err != nil {
			t.Errorf("by its code: %v", err)
		}
	})
}

// offsetOf is the offset of the newest message with that text.
func (c *client) offsetOf(text string) uint32 {
	c.t.Helper()
	c.settle()
	for i := len(c.got) - 1; i >= 0; i-- {
		if m := c.got[i].Chat; c.got[i].Type == wire.TypeChatOut && m.Text == text {
			return uint32(m.Offset)
		}
	}
	c.t.Fatalf("%s never read %q", c.name, text)
	return 0
}

// Who only talks has no number: the host names such a member by what it said.
func TestHostModeratesWhoHasNoSeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t, setup{config: func(c *lobby.Config) { c.ChatEvery = time.Millisecond }})
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{})
		bob := w.join("bob", ann.lobby, lobby.RolePlayer)
		eve := w.join("eve", ann.lobby, lobby.RoleChat)
		ann.chat("welcome")
		eve.chat("spam")
		offset := ann.offsetOf("spam")
		bob.manage(wire.ActMuteSender, 0, offset)
		bob.wantError(lobby.CodeNotHost)
		for _, bad := range []uint32{0, offset + 1, ann.offsetOf("welcome")} { // the last is ann's own
			ann.manage(wire.ActBanSender, 0, bad)
			ann.wantError(lobby.CodeInvalid)
		}
		ann.manage(wire.ActMuteSender, 0, offset)
		eve.chat("more spam")
		eve.wantError(lobby.CodeMuted)
		ann.manage(wire.ActUnmuteSender, 0, offset)
		eve.chat("sorry")
		ann.manage(wire.ActKickSender, 0, ann.offsetOf("sorry"))
		eve.wantClosed(session.Kicked)
		_, err := w.Join(t.Context(), who("eve"), ann.lobby, lobby.RoleChat)
		wantCode(t, err, lobby.CodeKicked)
		ann.sleep(61 * time.Second)
		eve = w.join("eve", ann.lobby, lobby.RoleChat)
		ann.manage(wire.ActBanSender, 0, offset)
		eve.wantClosed(session.Kicked)
		ann.sleep(time.Hour)
		_, err = w.Join(t.Context(), who("eve"), ann.lobby, lobby.RoleChat)
		wantCode(t, err, lobby.CodeKicked)
		// The same for who has a seat.
		bob.chat("I am next")
		ann.manage(wire.ActKickSender, 0, ann.offsetOf("I am next"))
		bob.wantClosed(session.Kicked)
		for i := range 101 {
			ann.chat(fmt.Sprint(i))
			ann.sleep(50 * time.Millisecond)
		}
		ann.manage(wire.ActMuteSender, 0, offset) // no longer kept
		ann.wantError(lobby.CodeInvalid)
	})
}

// The same across instances.
func TestHostModeratesWhoTalksElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := pair(t)
		ann := a.create("ann", lobby.CreateOptions{})
		<-time.After(time.Second)
		eve := b.join("eve", ann.lobby, lobby.RoleChat)
		eve.sleep(time.Second)
		eve.chat("spam")
		eve.sleep(time.Second)
		offset := ann.offsetOf("spam")
		ann.manage(wire.ActMuteSender, 0, offset)
		eve.sleep(time.Second)
		eve.chat("more spam")
		eve.wantError(lobby.CodeMuted)
		ann.manage(wire.ActUnmuteSender, 0, offset)
		eve.sleep(time.Second)
		eve.chat("sorry")
		eve.sleep(time.Second)
		ann.manage(wire.ActBanSender, 0, ann.offsetOf("sorry"))
		eve.sleep(time.Second)
		eve.wantClosed(session.Kicked)
		// Where nobody knew of it, the home says so as soon as it is talked to.
		eve = b.join("eve", ann.lobby, lobby.RoleChat)
		eve.chat("back")
		eve.sleep(time.Second)
		eve.wantClosed(session.Kicked)
	})
}
