package queue_test

import (
	"testing"
	"testing/synctest"
	"time"

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
