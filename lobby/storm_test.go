package lobby_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/lobby/bus/bustest"
	"github.com/sandlot-server/sandlot/net/wire"
)

// storm is a bus that loses a tenth of what is published, says a tenth twice, and
// a fifth late, so that it comes after what was published later.
type storm struct {
	bus.Bus
	bus.Store
	late sync.WaitGroup

	mu     sync.Mutex
	chance *rand.Rand
	lost   int
}

func (s *storm) Publish(ctx context.Context, channel string, payload []byte) error {
	s.mu.Lock()
	roll, wait := s.chance.IntN(10), time.Duration(s.chance.IntN(30))*time.Millisecond
	if roll == 0 {
		s.lost++
	}
	s.mu.Unlock()
	switch roll {
	case 0:
		return nil
	case 1:
		if err := s.Bus.Publish(ctx, channel, payload); err != nil {
			return err
		}
	case 2, 3:
		payload = slices.Clone(payload) // a Bus keeps none
		s.late.Add(1)
		time.AfterFunc(wait, func() {
			defer s.late.Done()
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			_ = s.Bus.Publish(ctx, channel, payload) // lost, if not
		})
		return nil
	}
	return s.Bus.Publish(ctx, channel, payload)
}

// stormy is an instance whose way to the others is a storm over a Redis.
func stormy(t *testing.T, server *bustest.Redis, name string, seed uint64) *world {
	r := linked(t, server)
	s := &storm{Bus: r, Store: r, chance: rand.New(rand.NewPCG(seed, uint64(len(name))))}
	t.Cleanup(s.late.Wait)
	return over(t, name, s, s, lasting, setup{config: func(c *lobby.Config) { c.ChatEvery, c.ChatBurst = time.Millisecond, 100 }})
}

// chats are the messages that the client got, "epoch/offset name: text".
func (c *client) chats() (all []wire.ChatOut) {
	for _, m := range c.got {
		if m.Type == wire.TypeChatOut {
			all = append(all, m.Chat)
		}
	}
	return all
}

// refusals is how often the client was told that it was not heard.
func (c *client) refusals() (n int) {
	for _, m := range c.got {
		if m.Type == wire.TypeError && m.Error.Code == lobby.CodeUnavailable {
			n++
		}
	}
	return n
}

// inOrder checks that no message came twice, that offsets rise, and that each
// sender's come in the order in which they were said.
func (c *client) inOrder() {
	c.t.Helper()
	var offset uint64
	last := map[string]int{}
	for _, m := range c.chats() {
		if m.Offset <= offset {
			c.t.Errorf("%s got the offset %d after %d", c.name, m.Offset, offset)
		}
		offset = m.Offset
		n := 0
		if _, err := fmt.Sscan(m.Text, &n); err != nil || n <= last[m.Name] {
			c.t.Errorf("%s got %q of %s after number %d", c.name, m.Text, m.Name, last[m.Name])
		}
		last[m.Name] = n
	}
}

// Members on three instances talk at once through a bus that loses, repeats and
// reorders, and whose Redis is killed and comes back empty: everyone sees each
// message once, in the sender's order and all in the same; and what nobody sees,
// its sender was told of.
func TestChatInAStorm(t *testing.T) {
	for _, seed := range []uint64{1, 2, 3} {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			chatInAStorm(t, seed)
		})
	}
}

func chatInAStorm(t *testing.T, seed uint64) {
	server := bustest.StartRedis(t)
	a, b, c := stormy(t, server, "a", seed), stormy(t, server, "bb", seed), stormy(t, server, "ccc", seed)
	ann := a.reach(a.QuickPlay(t.Context(), who("ann"), lobby.QuickPlayOptions{Game: "tag"}))
	knows := func(w *world) func() bool {
		return func() bool { _, err := w.Get(t.Context(), who("x"), ann.lobby); return err == nil }
	}
	ann.until("b to know", knows(b))
	ann.until("c to know", knows(c))
	talker := func(w *world, name string) *client {
		return w.reach(w.Join(t.Context(), who(name), ann.lobby, lobby.RoleChat))
	}
	all := []*client{ann, talker(b, "eve"), talker(b, "gus"), talker(c, "hal")}

	const rounds = 24 // so that all is within what is kept: nothing may be missing
	said := time.NewTicker(10 * time.Millisecond)
	defer said.Stop()
	for n := range rounds {
		<-said.C
		switch n {
		case rounds / 3:
			server.Kill()
		case 2 * rounds / 3:
			server.Start()
		}
		for _, c := range all {
			c.say(wire.AppendChat(nil, wire.Chat{Text: fmt.Sprint(n + 1)}))
			c.read()
		}
	}
	heard := func(of []wire.ChatOut, name string) (n int) {
		for _, m := range of {
			if m.Name == name {
				n++
			}
		}
		return n
	}
	ann.until("all that was said, or word of it", func() bool {
		for _, c := range all {
			if c.read(); heard(ann.chats(), c.name)+c.refusals() < rounds {
				return false
			}
		}
		return true
	})
	ann.until("health", func() bool { return len(a.Ready())+len(b.Ready())+len(c.Ready()) == 0 })
	for _, c := range all { // when all harm is done everyone is heard
		c.say(wire.AppendChat(nil, wire.Chat{Text: fmt.Sprint(rounds + 1)}))
		ann.until("the last word of "+c.name, func() bool {
			return slices.Contains(ann.texts(), fmt.Sprintf("%s: %d", c.name, rounds+1))
		})
	}
	same := func(a, b wire.ChatOut) bool { return a.Offset == b.Offset && a.Name == b.Name && a.Text == b.Text }
	for _, c := range all {
		c.until("what ann has", func() bool {
			ann.read()
			return slices.EqualFunc(c.chats(), ann.chats(), same)
		})
		c.inOrder()
	}
	if heard(ann.chats(), "ann") != rounds+1 {
		t.Errorf("at home %d of ann's %d messages were heard", heard(ann.chats(), "ann"), rounds+1)
	}
}
