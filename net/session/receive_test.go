package session_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

func TestIncoming(t *testing.T) {
	now := time.Now()
	c := newClient(t, 1, nil, now)
	send := func(frame []byte) { c.s.Receive(frame, now) }
	send(wire.AppendCommand(nil, &wire.Command{N: 1, Fields: []state.Value{{Int: 3}}}, &schema.Commands[0]))
	send(wire.AppendChat(nil, wire.Chat{Channel: 1, Text: "hello"}))
	send(wire.AppendReady(nil, wire.Ready{Ready: true}))
	send(wire.AppendStart(nil))
	send(wire.AppendKick(nil, wire.Kick{Player: 4}))
	send(wire.AppendSetting(nil, wire.Setting{Index: 0, Value: 5}))
	send(wire.AppendLeave(nil))
	want := []session.Incoming{
		{Kind: session.Command, N: 1, Values: []state.Value{{Int: 3}}},
		{Kind: session.Chat, Channel: 1, Text: "hello"},
		{Kind: session.Ready, Ready: true},
		{Kind: session.Start},
		{Kind: session.Kick, Player: 4},
		{Kind: session.Setting, Value: 5},
		{Kind: session.Leave},
	}
	if len(c.inbox.in) != len(want) {
		t.Fatalf("%d messages, want %d", len(c.inbox.in), len(want))
	}
	for i, w := range want {
		got := c.inbox.in[i]
		if got.From != c.s {
			t.Errorf("message %d is not from its session", i)
		}
		if got.Kind != w.Kind || got.N != w.N || got.Index != w.Index || !slices.Equal(got.Values, w.Values) || got.Channel != w.Channel ||
			got.Text != w.Text || got.Ready != w.Ready || got.Player != w.Player || got.Value != w.Value {
			t.Errorf("message %d: %+v, want %+v", i, got, w)
		}
	}
}

func TestThirdBadMessageEnds(t *testing.T) {
	now := time.Now()
	bad := map[string][]byte{
		"empty":        {},
		"text":         []byte("hello"),
		"array bomb":   {0xdd, 0xff, 0xff, 0xff, 0xff},
		"map":          {0x81, 0x01, 0x02},
		"nested":       bytes.Repeat([]byte{0x91}, 4000),
		"trailing":     append(wire.AppendStart(nil), 1),
		"unknown type": {0x91, 0x63},
		"server type":  {0x91, 0x41},
		"out of range": wire.AppendCommand(nil, &wire.Command{N: 1, Fields: []state.Value{{Int: 3}}}, &state.Message{Fields: []state.MessageField{{Min: 0, Max: 99}, {Min: 0, Max: 99}}}),
		"hello":        wire.AppendHello(nil, wire.Hello{Credential: "x"}),
	}
	for name, frame := range bad {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, 1, nil, now)
			for i := range 3 {
				c.s.Receive(frame, now)
				if c.read(); len(c.errors) != i+1 {
					t.Fatalf("%d error messages after %d bad ones", len(c.errors), i+1)
				}
				if _, ended := c.s.Ended(); ended != (i == 2) {
					t.Fatalf("ended %v after %d bad messages", ended, i+1)
				}
			}
			if r, _ := c.s.Ended(); r != session.Bad || c.conn.reasons[0] != session.Bad {
				t.Fatalf("ended with %v", r)
			}
			if len(c.inbox.in) != 0 {
				t.Fatalf("%d bad messages reached the lobby", len(c.inbox.in))
			}
		})
	}
}

func TestFullInboxEnds(t *testing.T) {
	now := time.Now()
	c := newClient(t, 1, nil, now)
	c.inbox.full = true
	c.s.Receive(wire.AppendStart(nil), now)
	if r, ended := c.s.Ended(); !ended || r != session.Internal {
		t.Fatalf("ended %v with %v", ended, r)
	}
	if !slices.Equal(c.inbox.gone, []session.Reason{session.Internal}) {
		t.Fatalf("gone %v", c.inbox.gone)
	}
}

func TestPongCarriesBothTimes(t *testing.T) {
	now := time.Now()
	c := newClient(t, 1, nil, now)
	c.s.Receive(wire.AppendPing(nil, wire.Ping{ClientTime: 42}), now)
	c.read()
	if p := c.msg.Pong; c.msg.Type != wire.TypePong || p.ClientTime != 42 || p.ReceivedUS != uint64(now.UnixMicro()) || p.SentUS < p.ReceivedUS {
		t.Fatalf("got %v %+v", c.msg.Type, p)
	}
}

// While the socket is blocked only the newest ping is kept.
func TestNewestPingOnly(t *testing.T) {
	now := time.Now()
	c := newClient(t, 1, nil, now)
	c.conn.blocked = now
	for i := range uint64(10) {
		c.s.Receive(wire.AppendPing(nil, wire.Ping{ClientTime: i}), now)
		c.s.Ping([]byte{byte(i)}, now)
	}
	c.conn.blocked = time.Time{}
	c.s.Flush()
	c.read()
	if len(c.kinds) != 1 || c.msg.Pong.ClientTime != 9 || !bytes.Equal(c.conn.control, []byte{0x8a}) {
		t.Fatalf("got %v, pong %d, control frames %x", c.kinds, c.msg.Pong.ClientTime, c.conn.control)
	}
}

func TestInputRate(t *testing.T) {
	m := &metrics{}
	cfg := session.Config{Metrics: m}.Filled()
	now := time.Now()
	c := newClient(t, 1, cfg, now)
	sent := 0
	for ; sent < 100_000; sent++ {
		if c.input(0, now); len(c.conn.reasons) > 0 {
			break
		}
	}
	// The burst, then 10 s worth, then the end.
	worth := cfg.InputBurst + int(10*cfg.InputFactor*float64(schema.TickRate))
	if sent != worth {
		t.Errorf("ended after %d inputs at once, want %d", sent, worth)
	}
	if r, _ := c.s.Ended(); r != session.RateLimit {
		t.Errorf("ended with %v", r)
	}
	if m.dropped[session.InputRate] != worth-cfg.InputBurst+1 {
		t.Errorf("%d dropped", m.dropped[session.InputRate])
	}
}

// A client somewhat too fast loses what is too much and stays.
func TestInputRateSteady(t *testing.T) {
	m := &metrics{}
	cfg := session.Config{Metrics: m}.Filled()
	now := time.Now()
	c := newClient(t, 1, cfg, now)
	every := time.Second / time.Duration(schema.TickRate*3/2)
	for range 60 * schema.TickRate * 3 / 2 {
		now = now.Add(every)
		c.input(0, now)
	}
	if r, ended := c.s.Ended(); ended {
		t.Fatalf("ended with %v", r)
	}
	if d := m.dropped[session.InputRate]; d < 300 || d > 600 {
		t.Errorf("%d of 2700 dropped, want about 450", d)
	}
}

func TestOtherRate(t *testing.T) {
	now := time.Now()
	cfg := session.Config{}.Filled()
	c := newClient(t, 1, cfg, now)
	sent := 0
	for ; sent < 10_000 && len(c.conn.reasons) == 0; sent++ {
		c.s.Receive(wire.AppendChat(nil, wire.Chat{Text: "x"}), now)
	}
	c.read()
	if r, _ := c.s.Ended(); r != session.RateLimit {
		t.Fatalf("ended with %v", r)
	}
	if len(c.inbox.in) != cfg.OtherBurst || sent != 2*cfg.OtherBurst+1 {
		t.Errorf("%d of %d reached the lobby", len(c.inbox.in), sent)
	}
	if len(c.errors) != 1 || c.errors[0].Code != "rate_limited" || c.errors[0].About != wire.TypeChat {
		t.Errorf("told %+v", c.errors)
	}
}

func TestEventsLaneBound(t *testing.T) {
	now := time.Now()
	c := newClient(t, 1, nil, now)
	c.conn.blocked = now
	message := wire.AppendChatOut(nil, &wire.ChatOut{Text: string(bytes.Repeat([]byte("x"), 480))})
	n := 0
	for ; len(c.conn.reasons) == 0 && n < 1000; n++ {
		c.s.Event(message)
	}
	if r, _ := c.s.Ended(); r != session.Slow || n*len(message) < 60<<10 || n*len(message) > 66<<10 {
		t.Fatalf("ended with %v after %d bytes", r, n*len(message))
	}
	if c.conn.writes != 0 {
		t.Errorf("%d writes to a blocked socket", c.conn.writes)
	}
}
