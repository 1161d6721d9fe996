package feed_test

import (
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/lobby/feed"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// viewer is a spectator's connection, and what its client has of the states.
type viewer struct {
	t      *testing.T
	schema *state.Schema
	mirror *state.Mirror
	states int
	tick   uint32 // of the newest
}

// Write implements session.Conn. Each state must apply to what came before it.
func (v *viewer) Write(p []byte) error {
	for len(p) > 0 {
		n, head := int(p[1]), 2
		switch n {
		case 126:
			n, head = int(p[2])<<8|int(p[3]), 4
		case 127:
			n, head = int(p[6])<<24|int(p[7])<<16|int(p[8])<<8|int(p[9]), 10
		}
		if p[0] == 0x82 {
			v.read(p[head : head+n])
		}
		p = p[head+n:]
	}
	return nil
}

func (v *viewer) read(message []byte) {
	var m wire.ServerMessage
	if err := wire.DecodeServer(message, v.schema, &m); err != nil {
		v.t.Fatalf("a viewer is sent %x: %v", message, err)
	}
	if m.Type != wire.TypeState {
		return
	}
	v.states++
	if v.tick += m.State.Tick; m.State.Keyframe {
		v.tick = m.State.Tick
	}
	if err := v.mirror.Apply(m.Body(), m.State.Keyframe); err != nil {
		v.t.Fatalf("a viewer is sent a state that does not apply: %v", err)
	}
}

func (*viewer) Blocked() (time.Time, bool)   { return time.Time{}, false }
func (*viewer) Close(session.Reason, string) {}
func (*viewer) RemoteAddr() string           { return "192.0.2.1:1" }

// hear takes a frame in as an instance does that has viewers.
func hear(g *feed.Gallery, f *feed.Frame) {
	for _, m := range f.Messages {
		kind, err := g.Hear(m)
		switch {
		case err != nil || kind == wire.TypeState:
			return
		case kind == wire.TypeMatch:
			g.Group.NewMatch(m)
		default:
			g.Group.Event(m)
		}
	}
	if f.Whole {
		fresh, err := g.Begin(f.Standing, g.Group.Event)
		if err != nil {
			return
		}
		if fresh {
			g.Group.All((*session.Session).NewMatch)
		}
	}
	if f.State != nil {
		_, _ = g.Hear(f.State)
	}
}

// FuzzFrame reads a frame that comes after two good ones: it is taken or not, and
// who watches is sent nothing that cannot be read, and sees what the home says with
// its next whole frame.
func FuzzFrame(f *testing.F) {
	for _, frame := range frames() {
		f.Add(frame.Append(nil))
	}
	h := newHome(f, 1)
	h.sender.Ask()
	now := time.Unix(1000, 0)
	var good [][]byte
	for range 6 {
		h.runner.Step()
		if frame, did := h.sender.Append(nil, h.runner, h, now, true); did {
			good = append(good, frame)
			f.Add(frame)
		}
		now = now.Add(50 * time.Millisecond)
	}
	far := feed.Frame{Seq: 3, Messages: [][]byte{}, State: []byte{0x95, 0x41, 0xcd, 0x03, 0xe8, 0, 0, 0}}
	f.Add(far.Append(nil)) // a delta that leads far ahead
	for range 10 {
		h.runner.Step()
	}
	h.sender.Ask()
	last, _ := h.sender.Append(nil, h.runner, h, now.Add(feed.WholeGap), true)
	whole, err := feed.Decode(last)
	if err != nil || !whole.Whole || whole.State == nil {
		f.Fatalf("the last good frame is %+v, %v", whole, err)
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		frame, err := feed.Decode(payload)
		if err != nil {
			return
		}
		// What is read is written alike.
		if again, err := feed.Decode(frame.Append(nil)); err != nil || again.Seq != frame.Seq {
			t.Fatalf("it cannot be read again: %v", err)
		}
		g := feed.NewGallery(h.def.Schema(), nil, 0)
		v := &viewer{t: t, schema: h.def.Schema(), mirror: state.NewMirror(h.def.Schema().Tables)}
		at := time.Now()
		s := session.New(v, session.Identity{Role: session.Spectator}, h.def.Schema(), nil, at)
		g.Group.Add(s)
		s.Open(wire.AppendWelcome(nil, &wire.Welcome{Schema: h.def.Schema()}), nil, 0)
		for _, payload := range good[:2] {
			one, err := feed.Decode(payload)
			if err != nil {
				t.Fatal(err)
			}
			hear(g, &one)
			g.Send(at)
		}
		if v.states == 0 {
			t.Fatal("the viewer sees nothing of the good frames")
		}
		for _, next := range []*feed.Frame{&frame, &whole} {
			hear(g, next)
			g.Standing(s.Tell)
			s.Receive(wire.AppendAck(nil, wire.Ack{Tick: v.tick}), at)
			at = at.Add(1100 * time.Millisecond) // a heartbeat
			g.Send(at)
		}
		if why, over := s.Ended(); over {
			t.Fatalf("the viewer's session ended: %v", why)
		}
		ring := state.NewRing(nil, 2)
		if newest := g.Ring().Newest(); newest == nil || !ring.Copy(1, v.mirror).Equal(newest) {
			t.Fatal("the viewer does not see what the home has said last")
		}
	})
}
