package lobby_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

func simulating() setup { return setup{config: func(c *lobby.Config) { c.Simulate = true }} }

func network(link string) []byte { return wire.AppendNetwork(nil, wire.Network{Link: link}) }

// trip pings and says how long the answer took.
func (c *client) trip() time.Duration {
	c.t.Helper()
	c.got = nil
	began := time.Now()
	for c.say(wire.AppendPing(nil, wire.Ping{ClientTime: 1})); time.Since(began) < time.Minute; {
		c.settle()
		if _, ok := c.last(wire.TypePong); ok {
			return time.Since(began)
		}
		<-time.After(10 * time.Millisecond)
	}
	c.t.Fatalf("%s got no pong", c.name)
	return 0
}

func TestHostSimulatesANetwork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t, simulating())
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{})
		bob := w.join("bob", ann.lobby, lobby.RolePlayer)
		eve := w.join("eve", ann.lobby, lobby.RoleChat)
		bob.sayAndSettle(network("1s"))
		bob.wantError(lobby.CodeNotHost)
		ann.sayAndSettle(network("1 furlong"))
		ann.wantError(lobby.CodeInvalid)
		ann.sayAndSettle(network("200ms"))
		cat := w.join("cat", ann.lobby, lobby.RoleSpectator)
		for _, c := range []*client{ann, bob, eve, cat} {
			c.sleep(time.Second)
			if got := c.trip(); got != 200*time.Millisecond {
				t.Errorf("%s: a round trip of %v", c.name, got)
			}
		}
		info, err := w.Get(t.Context(), who("ann"), ann.lobby)
		if err != nil || info.Network != "200ms" {
			t.Errorf("the lobby says %q, %v", info.Network, err)
		}
		if err := w.Act(t.Context(), who("ann"), ann.lobby, lobby.Action{Do: "network"}); err != nil {
			t.Fatal(err)
		}
		for _, c := range []*client{ann, bob, eve, cat} {
			if got := c.trip(); got != 0 {
				t.Errorf("%s: a round trip of %v when it is over", c.name, got)
			}
		}
	})
}

// Who is cut off comes back, behind the same network; with the lobby it is over.
func TestSimulatedCutsAndResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t, simulating())
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{})
		ann.sayAndSettle(network("100ms,cut=1s"))
		ann.sleep(2 * time.Second)
		ann.wantClosed(session.Lost)
		back, err := w.resume(ann)
		if err != nil {
			t.Fatal(err)
		}
		if got := back.trip(); got != 100*time.Millisecond {
			t.Errorf("a round trip of %v", got)
		}
		back.say(wire.AppendLeave(nil))
		back.sleep(time.Second)
		back.wantClosed(session.Bye)
	})
}

func TestNoSimulationUnlessConfigured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t)
		defer w.stop()
		ann := w.create("ann", lobby.CreateOptions{})
		ann.sayAndSettle(network("1s"))
		ann.wantError(lobby.CodeNetworkOff)
		if got := ann.trip(); got != 0 {
			t.Errorf("a round trip of %v", got)
		}
	})
}
