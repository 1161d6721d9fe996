package lobby_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/wire"
)

// crowds serves a game of very many players, and asks said before each chat message.
func crowds(t *testing.T, said func(lobby.Said)) setup {
	d := define(t, "crowd", game.Players(2, 1000))
	return setup{
		deps: func(deps *lobby.Deps) {
			deps.Games = func(string) (*game.Definition, bool) { return d, true }
			if said != nil {
				deps.Moderator = moderator(said)
			}
		},
		config: func(c *lobby.Config) { c.Hold = time.Minute },
	}
}

type moderator func(lobby.Said)

func (m moderator) Chat(s lobby.Said) string {
	m(s)
	return s.Text
}

// told counts the messages of a type that reached the clients, and their writes.
func told(all []*client, of wire.Type) (messages, writes int) {
	for _, c := range all {
		c.read()
		writes += c.conn.writes
		for i := range c.got {
			if c.got[i].Type == of {
				messages++
			}
		}
	}
	return messages, writes
}

// 300 players who come within three seconds are told of each other some thirty
// times, not ninety thousand times.
func TestJoinsOfACrowdAreToldTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const players, every = 300, 10 * time.Millisecond
		w := open(t, crowds(t, nil))
		defer w.stop()
		all := []*client{w.create("p0", lobby.CreateOptions{Game: "crowd"})}
		for i := 1; i < players; i++ {
			all = append(all, w.join(fmt.Sprint("p", i), all[0].lobby, lobby.RolePlayer))
			<-time.After(every)
		}
		<-time.After(time.Second)
		synctest.Wait()
		for _, c := range []*client{all[0], all[players/2], all[players-1]} {
			c.read()
			if got := c.members(); len(got) != players || got[players-1] != "p299:1" {
				t.Fatalf("%s knows %d members, the last %v", c.name, len(got), got[len(got)-1])
			}
		}
		messages, writes := told(all, wire.TypeMember)
		lobbies, _ := told(all, wire.TypeLobby)
		t.Logf("%d member messages, %d lobby messages, %d writes; one for each change would be %d", messages, lobbies, writes, 2*players*players/2)
		// To each: two as it comes, and one for each 100 ms; while few are there, each change.
		if most := players * (2 + 32 + players/10 + 2); messages > most/2 || writes > most/2 {
			t.Errorf("%d member messages and %d writes for %d joins", messages, writes, players)
		}
		if lobbies > 2*players {
			t.Errorf("%d lobby messages, where nothing of the lobby changed", lobbies)
		}
	})
}

// The Loop is held up while a thousand players say that they are ready: none of
// them is closed for it.
func TestAThousandReadyAtOnce(t *testing.T) {
	const players = 1000
	held, release := make(chan struct{}), make(chan struct{})
	w := open(t, crowds(t, func(s lobby.Said) {
		if s.Text == "hold" {
			close(held)
			<-release
		}
	}))
	defer w.stop()
	all := make([]*client, players)
	all[0] = w.reach(w.Create(t.Context(), who("p0"), lobby.CreateOptions{Game: "crowd"}))
	for i := 1; i < players; i++ {
		all[i] = w.reach(w.Join(t.Context(), who(fmt.Sprint("p", i)), all[0].lobby, lobby.RolePlayer))
	}
	all[0].say(wire.AppendChat(nil, wire.Chat{Text: "hold"}))
	<-held
	for _, c := range all {
		c.say(wire.AppendReady(nil, wire.Ready{Ready: true}))
	}
	close(release)
	ready, read := map[state.Player]bool{}, 0
	all[0].until("all are ready", func() bool {
		for ; read < len(all[0].got); read++ {
			for _, m := range all[0].got[read].Members {
				ready[m.Player] = m.Flags&wire.MemberReady != 0
			}
		}
		for p := state.Player(1); p <= players; p++ {
			if !ready[p] {
				return false
			}
		}
		return true
	})
	for _, c := range all {
		if r, over := c.s.Ended(); over {
			t.Fatalf("%s was closed: %v", c.name, r)
		}
	}
	w.count.add(func() {
		if w.count.inboxRefused != 0 {
			t.Error("the inbox was full")
		}
	})
}

// A long history of chat and many members with long names are no reason to close
// who comes.
func TestThereIsMuchToTell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t, crowds(t, nil), setup{config: func(c *lobby.Config) { c.ChatEvery = time.Millisecond }})
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{Game: "crowd"})
		for range 100 {
			ann.chat(strings.Repeat("𝓪", 125))
			ann.sleep(time.Second)
		}
		for i := range 400 {
			if _, err := w.Join(t.Context(), who(strings.Repeat("𝓪", 20)+fmt.Sprint(i)), ann.lobby, lobby.RolePlayer); err != nil {
				t.Fatal(err)
			}
		}
		bob := w.join("bob", ann.lobby, lobby.RolePlayer)
		bob.sleep(time.Second)
		if r, over := bob.s.Ended(); over {
			t.Fatalf("bob was closed: %v", r)
		}
		if len(bob.members()) != 402 || len(bob.texts()) != 100 {
			t.Errorf("bob knows %d members and %d messages", len(bob.members()), len(bob.texts()))
		}
	})
}
