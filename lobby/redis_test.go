package lobby_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/bus/bustest"
	"github.com/sandlot-server/sandlot/lobby/bus/redisbus"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// linked is a link to a Redis.
func linked(t *testing.T, server *bustest.Redis) *redisbus.Redis {
	r, err := redisbus.New(redisbus.Config{
		URL: server.URL, Timeout: 300 * time.Millisecond, Beat: 50 * time.Millisecond, Silent: 300 * time.Millisecond,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var run sync.WaitGroup
	run.Go(func() { _ = r.Run(ctx) })
	t.Cleanup(func() { cancel(); run.Wait() })
	return r
}

// lasting has leases stand for long: that a Redis hangs shall be noticed well before a
// home could be taken for gone, however slow the machine is.
var lasting = setup{config: func(c *lobby.Config) { c.Lease = 10 * time.Second }}

// overRedis is two instances with a link of their own each.
func overRedis(t *testing.T, server *bustest.Redis) (a, b *world) {
	one, two := linked(t, server), linked(t, server)
	return over(t, "a", one, one, lasting), over(t, "b", two, two, lasting)
}

// reach opens a socket outside of a bubble, where there is no settling.
func (w *world) reach(j lobby.Joined, err error) *client {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	c, err := w.dial(session.Claim{Credential: j.Pass, Lobby: j.Lobby.ID})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// until reads until is holds; what it waits for has no event.
func (c *client) until(what string, is func() bool) {
	c.t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); ; <-tick.C {
		if c.read(); is() {
			return
		}
		if why, over := c.s.Ended(); over {
			c.t.Fatalf("%s waited for %s and was closed with %v", c.name, what, why)
		}
		if time.Now().After(deadline) {
			c.t.Fatalf("%s waited in vain for %s; it reads %q", c.name, what, c.texts())
		}
	}
}

func (c *client) reads(want ...string) {
	c.t.Helper()
	c.until("all messages", func() bool { return slices.Equal(c.texts(), want) })
}

// Redis is killed while people talk and play, and comes back empty: play and
// local chat go on, what needs another instance is refused at once, and then all
// is whole again, with what was said meanwhile.
func TestRedisGoneAndBackEmpty(t *testing.T) {
	server := bustest.StartRedis(t)
	a, b := overRedis(t, server)
	ann := a.reach(a.QuickPlay(t.Context(), who("ann"), lobby.QuickPlayOptions{Game: "tag"}))
	ann.until("a match", func() bool { return ann.tick > 0 })
	listed := func() bool {
		list, err := b.List(t.Context(), lobby.Filter{Game: "tag"}, lobby.Page{})
		return err == nil && len(list.Lobbies) == 1 && list.Lobbies[0].ID == ann.lobby
	}
	ann.until("b to list the lobby", listed)
	eve := b.reach(b.Join(t.Context(), who("eve"), ann.lobby, lobby.RoleChat))
	ann.say(wire.AppendChat(nil, wire.Chat{Text: "one"}))
	eve.reads("ann: one")
	eve.say(wire.AppendChat(nil, wire.Chat{Text: "two"}))
	eve.reads("ann: one", "eve: two")

	server.Kill()
	ann.until("the loss to be noticed", func() bool { return len(a.Ready()) > 0 && len(b.Ready()) > 0 })
	tick := ann.tick
	ann.say(wire.AppendChat(nil, wire.Chat{Text: "three"}))
	ann.reads("ann: one", "eve: two", "ann: three")
	ann.until("ticks", func() bool { return ann.tick > tick+10 })
	if _, err := b.Get(t.Context(), who("bob"), "elsewhere"); code(err) != lobby.CodeUnavailable {
		t.Errorf("what needs the store: %v", err)
	}
	if _, err := b.Create(t.Context(), who("bob"), lobby.CreateOptions{Game: "tag", Private: true}); err != nil {
		t.Errorf("what does not: %v", err)
	}
	eve.say(wire.AppendChat(nil, wire.Chat{Text: "lost"}))
	eve.until("to be told", func() bool { m, ok := eve.last(wire.TypeError); return ok && m.Error.Code == lobby.CodeUnavailable })

	server.Start()
	ann.until("health", func() bool { return len(a.Ready()) == 0 && len(b.Ready()) == 0 })
	eve.reads("ann: one", "eve: two", "ann: three")
	ann.until("b to list the lobby", listed)
	eve.say(wire.AppendChat(nil, wire.Chat{Text: "four"}))
	eve.reads("ann: one", "eve: two", "ann: three", "eve: four")
	ann.reads("ann: one", "eve: two", "ann: three", "eve: four")
	if _, over := eve.s.Ended(); over {
		t.Error("eve's session did not outlive it")
	}
}

// A Redis that hangs delays no tick and no request beyond its bound.
func TestRedisHangs(t *testing.T) {
	server := bustest.StartRedis(t)
	a, b := overRedis(t, server)
	ann := a.reach(a.QuickPlay(t.Context(), who("ann"), lobby.QuickPlayOptions{Game: "tag"}))
	ann.until("a match", func() bool { return ann.tick > 0 })
	server.Hang()
	ann.until("the silence to be noticed", func() bool { return len(a.Ready()) > 0 && len(b.Ready()) > 0 })
	tick := ann.tick
	for range 5 {
		ann.say(wire.AppendChat(nil, wire.Chat{Text: "x"}))
	}
	ann.until("the chat", func() bool { return len(ann.texts()) == 5 })
	ann.until("ticks", func() bool { return ann.tick > tick+10 })
	a.count.add(func() {
		if a.count.slipped > 0 {
			t.Errorf("%d ticks slipped", a.count.slipped)
		}
	})
	server.Thaw()
	ann.until("health", func() bool { return len(a.Ready()) == 0 && len(b.Ready()) == 0 })
}
