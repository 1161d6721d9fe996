package cmd_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/cmd"
	"github.com/sandlot-server/sandlot/cmd/cmdtest"
	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/wire"
)

// All that a host does, by the names that the Go client has for it.
func TestHostByTheClient(t *testing.T) {
	t.Parallel()
	s := cmdtest.Start(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	chats := make(chan wire.ChatOut, 8)
	all := func(m *wire.ServerMessage) (wire.Type, bool) {
		if m.Type == wire.TypeChatOut && m.Chat.Text == "hello" && len(chats) < cap(chats) {
			chats <- m.Chat
		}
		return m.Type, true
	}
	ann, said := watch(t, client.Options{URL: s.URL, Name: "Ann", Create: &client.CreateOptions{Game: "arena", Approval: true, MaxPlayers: 6}}, all)
	lobby := ann.Welcome().Lobby
	until := func(what string, enough func() bool) {
		t.Helper()
		if !enough() {
			wait(t, what, said, func(wire.Type) bool { return enough() })
		}
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	knocker := func(name string) uint16 {
		number := uint16(0)
		until("the knock of "+name, func() bool {
			for n, who := range ann.Knocks() {
				if who == name {
					number = n
				}
			}
			return number > 0
		})
		return number
	}
	enter := func(api *client.API) (joined chan *client.Joined, failed chan error) {
		joined, failed = make(chan *client.Joined, 1), make(chan error, 1)
		go func() {
			j, err := api.Knock(ctx, lobby, "", nil)
			joined <- j
			failed <- err
		}()
		return joined, failed
	}
	eve, bob := s.Guest("Eve"), s.Guest("Bob")
	_, failed := enter(eve)
	do(ann.Deny(knocker("Eve")))
	var p *client.Problem
	if err := <-failed; !errors.As(err, &p) || p.Code != "kicked" {
		t.Errorf("turned away: %v", err)
	}
	joined, failed := enter(bob)
	do(ann.Approve(knocker("Bob")))
	j := <-joined
	if err := <-failed; err != nil {
		t.Fatalf("let in: %v", err)
	}
	other, heard := watch(t, client.Options{URL: s.URL, Joined: j}, all)
	until("Bob", func() bool { return ann.Members()[other.Me()].Flags&wire.MemberConnected != 0 })

	yes, four, two, none := true, 4, 2, 0
	do(ann.SetOptions(client.LobbyOptions{Private: &yes, MaxPlayers: &four, FillTo: &none, Level: &two, Delay: &two}))
	do(ann.SetSetting("seconds", 77))
	do(ann.SetColour(9))
	do(ann.Mute(other.Me(), true))
	until("what was changed", func() bool {
		l, members := ann.Lobby(), ann.Members()
		return l.Private && l.Max == 4 && l.Settings[0] == 77 && members[ann.Me()].Colour == 9 && members[other.Me()].Flags&wire.MemberMuted != 0
	})
	if info, err := bob.Get(ctx, lobby); err != nil || info.Delay != 2 || info.Open != true {
		t.Errorf("%+v, %v", info, err)
	}
	if err := ann.SetSetting("weather", 1); err == nil {
		t.Error("a setting that is none")
	}
	do(other.Chat(0, "muted, so nobody hears it"))
	do(ann.Mute(other.Me(), false))
	until("bob's voice", func() bool { return ann.Members()[other.Me()].Flags&wire.MemberMuted == 0 })
	do(other.Chat(0, "hello"))
	m := wait(t, "bob's words", chats, func(wire.ChatOut) bool { return true })
	do(ann.Moderate(m.Offset, wire.ActMuteSender))
	until("bob's silence", func() bool { return ann.Members()[other.Me()].Flags&wire.MemberMuted != 0 })
	do(ann.MakeHost(other.Me()))
	wait(t, "the host's place", heard, func(wire.Type) bool { return other.Lobby().Host == other.Me() })
	do(other.Ban(ann.Me()))
	<-ann.Done()
	if e := new(client.Ending); !errors.As(ann.Err(), &e) || e.Word != "kicked" {
		t.Errorf("banned: %v", ann.Err())
	}
}

// A party and its ticket, followed by streams.
func TestStreamsOfTheQueue(t *testing.T) {
	t.Parallel()
	s := cmdtest.Start(t, func(c *cmd.Config) { c.Queue.Every = 50 * time.Millisecond })
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	ann, bob := s.Guest("Ann"), s.Guest("Bob")
	patient := *bob
	patient.HTTP = &http.Client{Transport: bob.HTTP.Transport}
	party, err := ann.CreateParty(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bob.JoinParty(ctx, party.Code); err != nil {
		t.Fatal(err)
	}
	tickets, over := make(chan string, 1), make(chan error, 1)
	go func() {
		over <- patient.WatchParty(ctx, party.Code, func(p *client.Party) {
			if p.Ticket != "" && len(tickets) == 0 {
				tickets <- p.Ticket
			}
		})
	}()
	made, err := ann.Queue(ctx, client.QueueOptions{Game: "arena", Mode: "duel", Party: party.Code})
	if err != nil {
		t.Fatal(err)
	}
	id := <-tickets
	if id != made.ID {
		t.Errorf("the party's ticket is %s, not %s", id, made.ID)
	}
	done := make(chan error, 1)
	go func() {
		_, err := ann.Await(ctx, made, nil)
		done <- err
	}()
	var last *client.Ticket
	err = patient.WatchTicket(ctx, id, func(k *client.Ticket) {
		if last = k; k.Offer != nil && !k.Offer.You {
			if _, err := bob.Answer(ctx, id, true); err != nil {
				t.Error(err)
			}
		}
	})
	if err != nil || last.State != "matched" || last.Joined() == nil {
		t.Errorf("the ticket ended as %+v, %v", last, err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := ann.LeaveParty(ctx, party.Code, last.Seats[0].Player.ID); err != nil {
		t.Error(err)
	}
	var p *client.Problem
	if err := <-over; !errors.As(err, &p) || p.Code != "party_not_found" {
		t.Errorf("removed: %v", err)
	}
}
