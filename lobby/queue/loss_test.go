package queue_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/queue"
)

// Who comes to lead just after a loss, for the first time ever, waits for what
// others write again as well.
func TestNewLeaderHoldsAfterALoss(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := together(t, 2)
		defer c.stop()
		ann := c.at(1).ticket("ann", "duel")
		pass(2200 * time.Millisecond)
		c.links[1].set(true) // the first one leads on
		c.shared.lose()
		pass(600 * time.Millisecond)
		c.links[1].set(false)
		pass(600 * time.Millisecond) // the second one has seen the loss
		c.stops[0]()
		pass(600 * time.Millisecond)
		if !c.queues[1].Matches() {
			t.Fatal("nobody matches")
		}
		bob := c.at(1).ticket("bob", "duel")
		pass(time.Second)
		c.wantOpened(0, 0)
		pass(2 * time.Second)
		c.wantOpened(0, 1)
		c.at(1).want("ann", ann.ID, queue.Matched, "")
		c.at(1).want("bob", bob.ID, queue.Matched, "")
	})
}

// Until all had time to write again what was lost, nobody is told that a ticket or
// party is not there: it cannot be asked for now.
func TestNothingIsMissedAfterALoss(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := together(t, 2)
		defer c.stop()
		ann := c.at(1).ticket("ann", "polite")
		p, err := c.queues[1].NewParty(t.Context(), who("eve"))
		if err != nil {
			t.Fatal(err)
		}
		pass(2200 * time.Millisecond)
		c.shared.lose()
		for i, q := range c.queues { // at once, before any poll
			_, err := q.Get(t.Context(), who("ann"), ann.ID, 0)
			wantCode(t, err, lobby.CodeUnavailable)
			wantCode(t, q.Cancel(t.Context(), who("ann"), ann.ID), lobby.CodeUnavailable)
			_, err = q.Answer(t.Context(), who("ann"), ann.ID, true)
			wantCode(t, err, lobby.CodeUnavailable)
			_, err = q.Party(t.Context(), who("eve"), p.Code, 0)
			wantCode(t, err, lobby.CodeUnavailable)
			_, err = q.NewParty(t.Context(), who("eve"))
			wantCode(t, err, lobby.CodeUnavailable)
			if i == 0 {
				c.links[1].set(true) // it writes nothing again
				pass(time.Second)    // the first one has, and knew of none
				c.links[1].set(false)
			}
		}
		c.links[1].set(false)
		pass(5 * time.Second)
		for _, q := range c.queues {
			if v, err := q.Get(t.Context(), who("ann"), ann.ID, 0); err != nil || v.State != queue.Queued {
				t.Errorf("ann has %+v, %v", v, err)
			}
			if v, err := q.Party(t.Context(), who("eve"), p.Code, 0); err != nil || len(v.Members) != 1 {
				t.Errorf("eve sees %+v, %v", v, err)
			}
			_, err := q.Get(t.Context(), who("ann"), "other", 0)
			wantCode(t, err, lobby.CodeNoTicket)
		}
	})
}

// A party that was dissolved elsewhere does not come back after a loss, whether
// the others heard of its end or not.
func TestDissolvedPartiesStayAway(t *testing.T) {
	for how, deaf := range map[string]bool{"heard": false, "not heard": true} {
		t.Run(how, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := together(t, 2)
				defer c.stop()
				p, err := c.queues[0].NewParty(t.Context(), who("eve"))
				if err != nil {
					t.Fatal(err)
				}
				pass(1200 * time.Millisecond)
				after := 1200 * time.Millisecond
				c.links[0].set(deaf)
				if err := c.queues[1].LeaveParty(t.Context(), who("eve"), p.Code, ""); err != nil {
					t.Fatal(err)
				}
				synctest.Wait() // it was told
				c.links[0].set(false)
				if deaf {
					after = 11 * time.Second
				}
				pass(after)
				c.shared.lose()
				pass(5 * time.Second)
				_, err = c.queues[0].Party(t.Context(), who("eve"), p.Code, 0)
				wantCode(t, err, lobby.CodeNoParty)
			})
		})
	}
}
