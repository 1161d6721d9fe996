package lobby

import (
	"context"
	"errors"
	"testing"

	"github.com/sandlot-server/sandlot/game"
)

// Who waits in vain for a turn at quick play is refused in the words of this
// package: anything else would be told as a fault of the instance.
func TestQuickPlayWaitsInVain(t *testing.T) {
	d := &Directory{
		games: func(string) (*game.Definition, bool) { return &game.Definition{}, true },
		turns: map[string]*turn{},
	}
	d.turnOf("tag").free <- struct{}{} // somebody else's
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := d.quickHere(ctx, Who{ID: "ann"}, "tag")
	e := new(Error)
	if !errors.As(err, &e) || e.Code != CodeUnavailable || e.RetryAfter == 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("refused with %v", err)
	}
}
