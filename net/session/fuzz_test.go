package session_test

import (
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// Whatever a client sends, what reaches the lobby and the match is within the
// schema, and the session ends at most once and for a reason that is the
// client's own.
func FuzzReceive(f *testing.F) {
	in := wire.Input{Seq: 1, Ack: 1, Fields: []state.Value{{Int: 1}, {Int: -1}}}
	for _, m := range [][]byte{
		wire.AppendInput(nil, &in, &schema.Input),
		wire.AppendAck(nil, wire.Ack{Tick: 1}),
		wire.AppendCommand(nil, &wire.Command{N: 1, Fields: []state.Value{{Int: 6}}}, &schema.Commands[0]),
		wire.AppendChat(nil, wire.Chat{Text: "hi"}),
		wire.AppendSetting(nil, wire.Setting{Value: 9}),
		wire.AppendKick(nil, wire.Kick{Player: 2}),
		wire.AppendPing(nil, wire.Ping{ClientTime: 1}),
		wire.AppendKeyframe(nil),
		{0xdd, 0xff, 0xff, 0xff, 0xff},
	} {
		f.Add(m, uint8(3))
	}
	f.Fuzz(func(t *testing.T, message []byte, times uint8) {
		r := newRoom(t, 2)
		c := r.clients[0]
		for range times % 64 {
			c.s.Receive(message, r.now)
			r.tick()
			c.read()
		}
		for _, in := range c.inbox.in {
			if in.Kind == session.Command && (in.Index != 0 || len(in.Values) != 1 || in.Values[0].Int < 0 || in.Values[0].Int > 6) {
				t.Errorf("command %+v", in)
			}
			if in.Kind == session.Setting && (in.Index != 0 || in.Value < 1 || in.Value > 9) {
				t.Errorf("setting %+v", in)
			}
			if len(in.Text) > wire.MaxChat {
				t.Errorf("chat of %d bytes", len(in.Text))
			}
		}
		for i, in := range r.m.inputs {
			if in.player != 1 || in.x < -1 || in.x > 1 {
				t.Errorf("input %d: %+v", i, in)
			}
		}
		if n := len(c.conn.reasons); n > 1 || n == 1 && c.conn.reasons[0] != session.Bad && c.conn.reasons[0] != session.RateLimit {
			t.Errorf("ended with %v", c.conn.reasons)
		}
		if len(r.clients[1].conn.reasons) != 0 {
			t.Errorf("the other one ended with %v", r.clients[1].conn.reasons)
		}
	})
}

// panicking is a lobby with a fault.
type panicking struct{ inbox }

func (*panicking) Post(session.Incoming) bool { panic("a fault") }

// A fault in the lobby's code does not leave a session that hangs the Loop.
func TestPanicLeavesNoLock(t *testing.T) {
	r := newRoom(t, 1)
	in := &panicking{}
	c := &conn{}
	s := session.New(c, session.Identity{Player: 2}, schema, nil, time.Now())
	s.Bind(in)
	r.g.Add(s)
	func() {
		defer func() { _ = recover() }()
		s.Receive(wire.AppendStart(nil), time.Now())
	}()
	r.tick()
	s.Close(session.Internal)
	if len(in.gone) != 1 {
		t.Errorf("gone %v", in.gone)
	}
}
