package cmd_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/cmd"
	"github.com/sandlot-server/sandlot/cmd/cmdtest"
	"github.com/sandlot-server/sandlot/net/client"
)

// A party and two strangers come into one match by tickets, one of them after
// an accept, over HTTP and on to the socket.
func TestTicketsToAMatch(t *testing.T) {
	s := cmdtest.Start(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	ann, bob, eve := s.Guest("ann"), s.Guest("bob"), s.Guest("eve")

	party, err := ann.CreateParty(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bob.JoinParty(ctx, party.Code); err != nil {
		t.Fatal(err)
	}
	ticket, err := ann.Queue(ctx, client.QueueOptions{Game: "arena", Mode: "duel", Party: party.Code, Key: "once"})
	if err != nil {
		t.Fatal(err)
	}
	if again, err := ann.Queue(ctx, client.QueueOptions{Game: "arena", Mode: "duel", Party: party.Code, Key: "once"}); err != nil || again.ID != ticket.ID {
		t.Errorf("the same key gave %v, %v", again, err)
	}
	seen, err := bob.Party(ctx, party.Code, 5*time.Second, party.Version)
	if err != nil || seen.Ticket != ticket.ID {
		t.Fatalf("bob sees %+v, %v", seen, err)
	}
	var p *client.Problem
	if _, err := eve.Ticket(ctx, ticket.ID, 0, 0); !errors.As(err, &p) || p.Code != "ticket_not_found" {
		t.Errorf("eve sees the ticket: %v", err)
	}

	// Each waits by its own request, accepts, and goes in with its own pass.
	type end struct {
		ticket *client.Ticket
		err    error
	}
	ends := make(chan end, 2)
	for _, api := range []*client.API{ann, bob} {
		go func() {
			k, err := api.Ticket(ctx, ticket.ID, 0, 0)
			if err == nil {
				k, err = api.Await(ctx, k, nil)
			}
			ends <- end{k, err}
		}()
	}
	lobby := ""
	for range 2 {
		e := <-ends
		if e.err != nil {
			t.Fatal(e.err)
		}
		if lobby == "" {
			lobby = e.ticket.Lobby
		}
		if len(e.ticket.Seats) != 1 || e.ticket.Lobby != lobby || e.ticket.Rating != 1500 {
			t.Fatalf("matched as %+v", e.ticket)
		}
		c, err := client.Dial(ctx, client.Options{URL: s.URL, Joined: e.ticket.Joined(), HTTP: ann.HTTP})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
	}
	info, err := eve.Get(ctx, lobby)
	if err != nil || info.Mode != "duel" || info.Players != 2 {
		t.Errorf("the lobby is %+v, %v", info, err)
	}
	if _, err := eve.Join(ctx, lobby, ""); !errors.As(err, &p) || p.Code != "tickets_only" || p.Status != 403 {
		t.Errorf("a stranger joins: %v", err)
	}
	games, err := eve.Games(ctx)
	if err != nil || len(games) == 0 || len(games[0].Modes) != 3 {
		t.Errorf("the games are %+v, %v", games, err)
	}
	late, err := eve.Queue(ctx, client.QueueOptions{Game: "arena", Mode: "ranked"})
	if err != nil {
		t.Fatal(err)
	}
	if err := eve.CancelTicket(ctx, late.ID); err != nil {
		t.Fatal(err)
	}
	var none *client.Unmatched
	if _, err := eve.Await(ctx, late, nil); !errors.As(err, &none) || none.Reason != "by_player" {
		t.Errorf("a cancelled ticket: %v", err)
	}
}

func TestBotsByTickets(t *testing.T) {
	s := cmdtest.Start(t, func(c *cmd.Config) { c.Queue.Every = 50 * time.Millisecond })
	code, out, errOut := run(t, "bots", "--url", s.URL, "--count", "6", "--queue", "duel", "--duration", "4s", "--json")
	var r struct {
		Connected int
		Matches   int
		Tickets   struct{ Matched int }
		Errors    int
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if code != 0 || r.Connected != 6 || r.Tickets.Matched < 6 || r.Matches < 3 || r.Errors != 0 {
		t.Errorf("%d %s %s", code, out, errOut)
	}
	if code, _, _ := run(t, "bots", "--url", s.URL, "--queue", "none"); code != 1 {
		t.Errorf("an unknown mode: %d", code)
	}
}

// Everything that a host does goes over HTTP as well, and lists need no polling.
func TestLobbyLifeOverHTTP(t *testing.T) {
	s := cmdtest.Start(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	ann, bob, eve := s.Guest("ann"), s.Guest("bob"), s.Guest("eve")
	patient := *ann
	patient.HTTP = &http.Client{Transport: ann.HTTP.Transport}
	changes := make(chan client.Changes, 64)
	watching, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() {
		done <- patient.Watch(watching, client.ListOptions{Game: "arena"}, func(c client.Changes) { changes <- c })
	}()
	if c := <-changes; !c.Whole || len(c.Lobbies) != 0 {
		t.Errorf("the list begins with %+v", c)
	}
	made, err := ann.Create(ctx, client.CreateOptions{Game: "arena", Approval: true, Level: 2})
	if err != nil {
		t.Fatal(err)
	}
	if c := <-changes; len(c.Lobbies) != 1 || c.Lobbies[0].ID != made.Lobby.ID || !c.Lobbies[0].Approval {
		t.Errorf("then %+v", c)
	}
	var p *client.Problem
	if _, err := bob.Join(ctx, made.Lobby.ID, ""); !errors.As(err, &p) || p.Code != "approval_pending" || p.RetryAfter == 0 {
		t.Errorf("bob joins: %v", err)
	}
	act := func(a client.Action) {
		t.Helper()
		if err := ann.Act(ctx, made.Lobby.ID, a); err != nil {
			t.Errorf("%+v: %v", a, err)
		}
	}
	act(client.Action{Do: "admit", Player: 1})
	if _, err := bob.Join(ctx, made.Lobby.ID, ""); err != nil {
		t.Errorf("bob joins: %v", err)
	}
	act(client.Action{Do: "approval"})
	party, err := eve.CreateParty(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := eve.JoinWith(ctx, made.Lobby.ID, party.Code); err != nil {
		t.Errorf("eve's party joins: %v", err)
	}
	if party, err = eve.Party(ctx, party.Code, 0, 0); err != nil || party.Lobby != made.Lobby.ID {
		t.Errorf("the party is %+v, %v", party, err)
	}
	info, err := ann.Get(ctx, made.Lobby.ID)
	if err != nil || len(info.Members) != 3 || !info.Members[0].Host {
		t.Fatalf("the lobby is %+v, %v", info, err)
	}
	act(client.Action{Do: "ban", Player: info.Members[1].Player})
	if _, err := bob.Join(ctx, made.Lobby.ID, ""); !errors.As(err, &p) || p.Code != "kicked" {
		t.Errorf("bob joins again: %v", err)
	}
	act(client.Action{Do: "private", Value: 1})
	for c := range changes {
		if len(c.Gone) == 1 && c.Gone[0] == made.Lobby.ID {
			break
		}
	}
	stop()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("watching ended with %v", err)
	}
}
