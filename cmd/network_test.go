package cmd_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/cmd"
	"github.com/sandlot-server/sandlot/cmd/cmdtest"
	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/wire"
)

// In a running match, whose connections are read at the tick, a host makes the
// network bad for all, and good again.
func TestHostSimulatesANetwork(t *testing.T) {
	s := cmdtest.Start(t, func(c *cmd.Config) { c.Lobby.Simulate, c.Lobby.ChatEvery = true, 10*time.Millisecond })
	ann := s.Guest("ann")
	made, err := ann.Create(t.Context(), client.CreateOptions{Game: "arena", Settings: map[string]int64{"seconds": 300}})
	if err != nil {
		t.Fatal(err)
	}
	type said struct {
		text  string
		phase wire.Phase
	}
	pick := func(m *wire.ServerMessage) (said, bool) {
		return said{m.Chat.Text, m.Lobby.Phase}, m.Type == wire.TypeChatOut || m.Type == wire.TypeLobby
	}
	a, toAnn := watch(t, client.Options{URL: s.URL, Token: ann.Token, Joined: made}, pick)
	b, toBob := watch(t, client.Options{URL: s.URL, Name: "bob", Lobby: made.Lobby.Code}, pick)
	if err := a.Start(); err != nil {
		t.Fatal(err)
	}
	wait(t, "the match", toAnn, func(m said) bool { return m.phase == wire.PhaseRunning })
	echoes := 0
	echo := func(c *client.Client, seen <-chan said) time.Duration { // there and back
		t.Helper()
		echoes++
		text, began := fmt.Sprint("echo ", echoes), time.Now()
		if err := c.Chat(wire.ChatLobby, text); err != nil {
			t.Fatal(err)
		}
		wait(t, text, seen, func(m said) bool { return m.text == text })
		return time.Since(began)
	}
	const ping = 150 * time.Millisecond
	if err := ann.Act(t.Context(), made.Lobby.ID, client.Action{Do: "network", Link: "150ms,1%"}); err != nil {
		t.Fatal(err)
	}
	if d := echo(a, toAnn); d < ping {
		t.Errorf("ann's echo took %v", d)
	}
	if d := echo(b, toBob); d < ping {
		t.Errorf("bob's echo took %v", d)
	}
	if err := a.Network(""); err != nil {
		t.Fatal(err)
	}
	for limit := time.Now().Add(patience); echo(b, toBob) >= ping; {
		if time.Now().After(limit) {
			t.Fatal("the network stays bad")
		}
	}
}
