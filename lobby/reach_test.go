package lobby_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/net/wire"
)

// partly is a bus of several servers, of which one may be away: that of the
// channels that end so.
type partly struct {
	bus.Bus
	lost *atomic.Pointer[string] // nil in it: none
}

func (p *partly) Healthy() error {
	if p.lost.Load() != nil {
		return errCut
	}
	return p.Bus.Healthy()
}

func (p *partly) Reach(channel string) error {
	if lost := p.lost.Load(); lost != nil && strings.HasSuffix(channel, *lost) {
		return errCut
	}
	return p.Bus.Reach(channel)
}

func (p *partly) Publish(ctx context.Context, channel string, payload []byte) error {
	if err := p.Reach(channel); err != nil {
		return err
	}
	return p.Bus.Publish(ctx, channel, payload)
}

// A server that a lobby's channels do not live on is away: that costs its members
// and its spectators on other instances nothing. If it is theirs, they are told at
// once that they are not heard.
func TestLossOfAnotherShard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, lost := memory(t), new(atomic.Pointer[string])
		a, b := over(t, "a", &partly{m, lost}, m), over(t, "b", &partly{m, lost}, m)
		ann, bob := a.begin(lobby.CreateOptions{})
		pass(time.Second, ann, bob)
		lose := func(suffix string) { lost.Store(&suffix) }

		lose(":another")
		if len(a.Ready()) == 0 || len(b.Ready()) == 0 {
			t.Error("they do not say that a server is away")
		}
		eve := b.join("eve", ann.lobby, lobby.RoleChat)
		fay := b.join("fay", ann.lobby, lobby.RoleSpectator)
		pass(time.Second, ann, bob, eve, fay)
		if fay.tick != ann.tick || !same(fay.rows(), ann.rows()) {
			t.Errorf("she sees %v of tick %d, and ann %v of %d", fay.rows(), fay.tick, ann.rows(), ann.tick)
		}
		eve.chat("hello")
		pass(100*time.Millisecond, ann, bob, eve, fay)
		for _, c := range []*client{ann, eve, fay} {
			if got := strings.Join(c.texts(), ", "); got != "eve: hello" {
				t.Errorf("%s reads %q", c.name, got)
			}
		}

		for _, own := range []string{":say", ":chat"} {
			lose(own)
			eve.got = nil
			eve.sayAndSettle(wire.AppendChat(nil, wire.Chat{Text: "lost"})) // no time passes
			eve.wantError(lobby.CodeUnavailable)
		}
		lost.Store(nil)
		pass(time.Second, ann, bob, eve, fay)
		if got := strings.Join(ann.texts(), ", "); got != "eve: hello" {
			t.Errorf("what was refused was heard: %q", got)
		}
	})
}
