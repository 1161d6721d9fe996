package queue_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/queue"
)

func TestPartyIsMatchedTogether(t *testing.T) {
	each(t, func(t *testing.T, open opener) {
		w := open(t, nil)
		defer w.stop()
		p, err := w.NewParty(t.Context(), who("ann"))
		if err != nil {
			t.Fatal(err)
		}
		var seen sync.WaitGroup
		seen.Go(func() {
			if v, err := w.Party(t.Context(), who("ann"), p.Code, p.Version); err != nil || len(v.Members) != 2 {
				t.Errorf("ann sees %+v, %v", v, err)
			}
		})
		synctest.Wait()
		if _, err := w.JoinParty(t.Context(), who("bob"), "wrong"); err == nil {
			t.Error("a wrong code is good")
		}
		if _, err := w.JoinParty(t.Context(), who("bob"), p.Code[:4]+"-"+p.Code[4:]); err != nil {
			t.Fatal(err)
		}
		seen.Wait()
		request := queue.Request{Game: "tag", Mode: "teams", Party: p.Code}
		_, err = w.Queue.Queue(t.Context(), who("bob"), request)
		wantCode(t, err, lobby.CodeNotLeader)
		ticket, err := w.Queue.Queue(t.Context(), who("ann"), request)
		if err != nil {
			t.Fatal(err)
		}
		w.ticket("cat", "teams")
		w.ticket("dan", "teams")
		v, err := w.Party(t.Context(), who("bob"), p.Code, 0)
		if err != nil || v.Ticket != ticket.ID {
			t.Fatalf("bob sees %+v, %v", v, err)
		}
		pass(time.Second)
		bob := w.want("bob", v.Ticket, queue.Matched, "")
		if len(bob.Seats) != 1 || bob.Seats[0].Player.Name != "bob" || bob.Seats[0].Team == 0 {
			t.Errorf("bob's seats are %+v", bob.Seats)
		}
		if got := w.host.matches(); len(got) != 1 || got[0] != "teams[ann bob][cat dan]" && got[0] != "teams[cat dan][ann bob]" {
			t.Errorf("opened %v", got)
		}
	})
}

func TestPartiesChange(t *testing.T) {
	each(t, func(t *testing.T, open opener) {
		w := open(t, func(c *queue.Config) { c.PartySize = 3 })
		defer w.stop()
		p, _ := w.NewParty(t.Context(), who("ann"))
		for _, name := range []string{"bob", "cat"} {
			if _, err := w.JoinParty(t.Context(), who(name), p.Code); err != nil {
				t.Fatal(err)
			}
		}
		_, err := w.JoinParty(t.Context(), who("dan"), p.Code)
		wantCode(t, err, lobby.CodePartyFull)
		wantCode(t, w.LeaveParty(t.Context(), who("bob"), p.Code, "id-cat"), lobby.CodeNotLeader)
		ticket, err := w.Queue.Queue(t.Context(), who("ann"), queue.Request{Game: "tag", Mode: "open", Party: p.Code})
		if err != nil {
			t.Fatal(err)
		}
		// Who leaves takes the party out of the queue.
		if err := w.LeaveParty(t.Context(), who("ann"), p.Code, "id-cat"); err != nil {
			t.Fatal(err)
		}
		w.want("cat", ticket.ID, queue.Cancelled, queue.ByParty)
		if err := w.LeaveParty(t.Context(), who("ann"), p.Code, ""); err != nil {
			t.Fatal(err)
		}
		v, err := w.Party(t.Context(), who("bob"), p.Code, 0)
		if err != nil || len(v.Members) != 1 || v.Members[0].Name != "bob" {
			t.Errorf("bob sees %+v, %v", v, err)
		}
		// Another party takes bob out of this one, which is no more.
		if _, err := w.NewParty(t.Context(), who("bob")); err != nil {
			t.Fatal(err)
		}
		_, err = w.Party(t.Context(), who("bob"), p.Code, 0)
		wantCode(t, err, lobby.CodeNoParty)
		// One that nobody asks for is forgotten.
		old, _ := w.NewParty(t.Context(), who("eve"))
		pass(queue.Defaults().PartyTTL + 3*queue.Defaults().Keep)
		_, err = w.Party(t.Context(), who("eve"), old.Code, 0)
		wantCode(t, err, lobby.CodeNoParty)
	})
}

func TestPlayersWhoseTokensWereShown(t *testing.T) {
	each(t, func(t *testing.T, open opener) {
		w := open(t, nil)
		defer w.stop()
		v, err := w.Queue.Queue(t.Context(), who("ann"), queue.Request{Game: "tag", Mode: "duel", With: []lobby.Who{who("bob")}})
		if err != nil {
			t.Fatal(err)
		}
		pass(time.Second)
		if v = w.want("ann", v.ID, queue.Matched, ""); len(v.Seats) != 2 || v.Seats[1].Pass != "pass of bob" {
			t.Errorf("ann got %+v", v.Seats)
		}
		if v = w.get("bob", v.ID); len(v.Seats) != 1 {
			t.Errorf("bob got %+v", v.Seats)
		}
	})
}
