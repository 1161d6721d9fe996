package lobby_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/lobby/bus/bustest"
	"github.com/sandlot-server/sandlot/lobby/bus/redisbus"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// waiting is a session.Conn that says when a text was written to it.
type waiting struct {
	conn
	text  atomic.Pointer[string]
	heard chan time.Time
}

func (w *waiting) Write(p []byte) error {
	if bytes.Contains(p, []byte(*w.text.Load())) {
		w.heard <- time.Now()
	}
	return nil
}

// at is the value below which a part of all is.
func at(all []time.Duration, part float64) float64 {
	slices.Sort(all)
	return float64(all[int(part*float64(len(all)-1))].Nanoseconds()) / 1000
}

// BenchmarkChatAcross is the time from the moment at which a session at one
// instance receives a chat message until it is written to the socket of a member
// at another, who is there to talk only; beside it, in turns, a bare message over
// the same Redis.
func BenchmarkChatAcross(b *testing.B) {
	server := bustest.StartRedis(b)
	var buses []*redisbus.Redis
	instance := func(name string) *world {
		r, err := redisbus.New(redisbus.Config{URL: server.URL}, nil)
		if err != nil {
			b.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		var run sync.WaitGroup
		run.Go(func() { _ = r.Run(ctx) })
		b.Cleanup(func() { cancel(); run.Wait() })
		buses = append(buses, r)
		return open(b, setup{
			config: func(c *lobby.Config) {
				c.Instance, c.AdvertiseURL, c.Beat, c.Lease = name, "https://"+name+".example.com", beat, lease
				c.ChatEvery, c.ChatBurst = time.Microsecond, 1000
			},
			deps: func(d *lobby.Deps) { d.Bus, d.Store = r, r },
		})
	}
	one, two := instance("one"), instance("two")
	one.sessions = session.Config{OtherRate: 1e6, OtherBurst: 1e6}.Filled()
	ann := one.reach(one.QuickPlay(b.Context(), who("ann"), lobby.QuickPlayOptions{Game: "tag"}))
	ann.until("two to know", func() bool { _, err := two.Get(b.Context(), who("x"), ann.lobby); return err == nil })
	j, err := two.Join(b.Context(), who("eve"), ann.lobby, lobby.RoleChat)
	if err != nil {
		b.Fatal(err)
	}
	a, err := two.Claim(b.Context(), session.Claim{Credential: j.Pass, Lobby: ann.lobby})
	if err != nil {
		b.Fatal(err)
	}
	eve := &waiting{heard: make(chan time.Time, 1)}
	text := "none yet"
	eve.text.Store(&text)
	a.Attach(session.New(eve, a.Identity(), a.Schema(), nil, time.Now()))

	bare := make(chan time.Time, 1)
	sub := buses[1].Subscribe("bare", bus.Handler{Message: func(p []byte) { bare <- time.Now() }})
	defer sub.Close()
	bustest.Well(b, buses[0])
	ann.until("a bare message", func() bool {
		_ = buses[0].Publish(b.Context(), "bare", nil) // until it is subscribed
		select {
		case <-bare:
			return true
		case <-time.After(10 * time.Millisecond):
			return false
		}
	})
	var chats, controls []time.Duration
	payload := make([]byte, 128)
	say := func() (since time.Duration) {
		text := fmt.Sprintf("<%d>", len(chats))
		eve.text.Store(&text)
		began := time.Now()
		ann.s.Receive(wire.AppendChat(nil, wire.Chat{Text: text}), began)
		return (<-eve.heard).Sub(began)
	}
	chats = append(chats, say()) // what the relay begins with, which is forgotten
	for b.Loop() {
		chats = append(chats, say())
		// Meanwhile the history is written: the control does not wait for that.
		if _, err := buses[0].Newest(b.Context(), "none", 1); err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		if err := buses[0].Publish(b.Context(), "bare", payload); err != nil {
			b.Fatal(err)
		}
		controls = append(controls, (<-bare).Sub(began))
		ann.conn.take()
	}
	chats = chats[1:]
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(at(chats, 0.5), "p50-µs")
	b.ReportMetric(at(chats, 0.99), "p99-µs")
	b.ReportMetric(at(controls, 0.5), "bare-p50-µs")
	b.ReportMetric(at(controls, 0.99), "bare-p99-µs")
}
