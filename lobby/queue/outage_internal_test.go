package queue

import (
	"errors"
	"strings"
	"testing"

	"github.com/sandlot-server/sandlot/lobby"
)

// An outage is timed by the monotonic clock: somebody who sets that of the wall
// meanwhile neither prolongs nor ends it.
func TestOutagesAreMonotonic(t *testing.T) {
	q := new(Queue)
	if err := q.failed(refuse(lobby.CodeQueued, "no outage")); err == nil || q.down.Load() != nil {
		t.Errorf("a refusal is taken for an outage until %v (%v)", q.down.Load(), err)
	}
	if err := q.failed(errors.New("gone")); !unavailable(err) {
		t.Error(err)
	}
	if until := q.down.Load(); until == nil || !strings.Contains(until.String(), " m=") {
		t.Errorf("new tickets are refused until %v", until)
	}
}
