package lobby_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// answers are the codes of the done messages that the client got, by number.
func (c *client) answers() map[uint32]string {
	all := map[uint32]string{}
	for _, m := range c.got {
		if m.Type == wire.TypeDone {
			all[m.Done.N] = m.Done.Code
		}
	}
	return all
}

// shouts is how often the client heard the game say that somebody shouted.
func (c *client) shouts() (n int) {
	for _, m := range c.got {
		if m.Type == wire.TypeEvent {
			n++
		}
	}
	return n
}

// Each command gets an answer and its own: in one tick with others, above what the
// match and the rate let through, and when it is sent again.
func TestCommandsAreAnsweredByNumber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, ann, bob := inMatch(t)
		defer w.stop()
		bob.settle()
		ann.got, bob.got = nil, nil
		for range 60 { // 40 are within the rate, 32 within a tick
			ann.command(doShout)
		}
		ann.sleep(200 * time.Millisecond)
		first := ann.answers()
		for n := uint32(1); n <= 60; n++ {
			code, ok := first[n]
			switch {
			case !ok:
				t.Errorf("command %d was not answered", n)
			case n <= 32 && code != "":
				t.Errorf("command %d was refused: %s", n, code)
			case n > 32 && n <= 40 && !strings.HasPrefix(code, "command_"):
				t.Errorf("command %d, one too many for the tick, got %q", n, code)
			case n > 40 && code != "rate_limited":
				t.Errorf("command %d, above the rate, got %q", n, code)
			}
		}

		ann.s.Close(session.Lost)
		back, err := w.resume(ann)
		if err != nil {
			t.Fatal(err)
		}
		back.commands = 30
		for range 30 {
			back.command(doShout)
		}
		back.sleep(200 * time.Millisecond)
		again := back.answers()
		for n := uint32(31); n <= 60; n++ {
			if code, ok := again[n]; !ok || code != first[n] {
				t.Errorf("command %d, sent again, got %q after %q", n, code, first[n])
			}
		}
		bob.settle()
		if n := bob.shouts(); n != 32 {
			t.Errorf("%d commands were applied, want 32", n)
		}

		// Who lost count knows it before anything lets it think that it may begin.
		ann = w.join("ann", back.lobby, lobby.RolePlayer)
		if m := ann.got[1]; m.Type != wire.TypeDone || m.Done.N != 60 {
			t.Errorf("after the welcome comes %v, %+v", m.Type, m.Done)
		}
	})
}
