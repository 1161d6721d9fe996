package session_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

const period = time.Second / 30

// room is a group with its match and clients.
type room struct {
	t       testing.TB
	m       *match
	g       *session.Group
	now     time.Time
	metrics *metrics
	clients []*client
}

func newRoom(t testing.TB, n int) *room {
	r := &room{t: t, m: newMatch(), now: time.Now(), metrics: &metrics{}}
	cfg := session.Config{Metrics: r.metrics}.Filled()
	r.g = session.NewGroup(schema, cfg)
	for i := range n {
		c := newClient(t, state.Player(i+1), cfg, r.now)
		r.clients = append(r.clients, c)
		r.g.Add(c.s)
		r.m.world.Ships.Add(state.Player(i+1), ship{X: int32(i), Ammo: 9})
	}
	return r
}

// tick runs one tick as the Loop does, without reading the clients.
func (r *room) tick() {
	r.now = r.now.Add(period)
	r.g.Read(r.m)
	r.m.step()
	r.g.Send(r.m, r.now)
}

func (r *room) move() {
	for id, s := range r.m.world.Ships.All() {
		s.X += int32(id)
	}
}

func (r *room) read() {
	for _, c := range r.clients {
		c.read()
	}
}

// In a healthy lobby a body is made once, and each client gets one write.
func TestBodiesAreShared(t *testing.T) {
	r := newRoom(t, 8)
	r.tick()
	if r.read(); r.metrics.bodies != 1 || r.metrics.keys != 8 {
		t.Fatalf("%d bodies for %d keyframes", r.metrics.bodies, r.metrics.keys)
	}
	for range 20 {
		r.move()
		for _, c := range r.clients {
			c.input(1, r.now)
		}
		r.g.Event(said(1))
		r.tick()
		r.read()
		if r.metrics.bodies != 1 {
			t.Fatalf("%d bodies", r.metrics.bodies)
		}
		for i, c := range r.clients {
			c.holds(r.m, state.Player(i+1))
		}
	}
	for _, c := range r.clients {
		if c.conn.writes != 21 {
			t.Fatalf("%d writes in 21 ticks", c.conn.writes)
		}
	}
	if r.metrics.keys != 8 {
		t.Fatalf("%d keyframes", r.metrics.keys)
	}
}

// A still world costs a heartbeat a second.
func TestHeartbeat(t *testing.T) {
	r := newRoom(t, 1)
	c := r.clients[0]
	for range 10 * schema.TickRate {
		r.tick()
		if c.read(); len(c.kinds) > 0 {
			c.ack(r.now)
		}
	}
	if n := len(c.kinds); n < 10 || n > 11 {
		t.Fatalf("%d states in 10 s of a still world", n)
	}
	if c.tick < r.m.tick-uint32(schema.TickRate) {
		t.Fatalf("client is at %d of %d", c.tick, r.m.tick)
	}
	c.holds(r.m, 1)
}

func TestInputsReachTheMatchInOrder(t *testing.T) {
	r := newRoom(t, 2)
	for i := range 3 {
		r.clients[0].input(int64(i-1), r.now)
	}
	for range 10 { // two more than fit
		r.clients[1].input(0, r.now)
	}
	r.tick()
	var got []uint32
	for _, in := range r.m.inputs {
		if in.player == 1 && in.x != int64(in.seq)-2 {
			t.Errorf("input %+v", in)
		}
		got = append(got, in.seq)
	}
	if want := []uint32{1, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if r.metrics.dropped[session.InputQueue] != 2 {
		t.Errorf("%d counted as dropped", r.metrics.dropped[session.InputQueue])
	}
	r.read()
	if r.clients[0].got != 3 || r.clients[1].got != 10 || r.clients[0].margin != 1 {
		t.Errorf("told that %d and %d were applied", r.clients[0].got, r.clients[1].got)
	}
}

// A client that acks nothing is skipped after its window and dropped after
// 10 s; the other gets every state.
func TestStalledClient(t *testing.T) {
	r := newRoom(t, 2)
	good, bad := r.clients[0], r.clients[1]
	ticks := 0
	for ; len(bad.conn.reasons) == 0 && ticks < 20*schema.TickRate; ticks++ {
		r.move()
		r.tick()
		good.read()
		good.ack(r.now)
		good.holds(r.m, 1)
		bad.s.Pong(r.now)
	}
	if !slices.Equal(bad.conn.reasons, []session.Reason{session.Slow}) || len(good.conn.reasons) != 0 {
		t.Fatalf("ended %v and %v", bad.conn.reasons, good.conn.reasons)
	}
	if d := time.Duration(ticks) * period; d < 10*time.Second || d > 10100*time.Millisecond {
		t.Errorf("dropped after %v", d)
	}
	bad.read()
	if n := len(bad.kinds); n < schema.TickRate || n > schema.TickRate+2 {
		t.Errorf("the stalled one was sent %d states, want about a second of them", n)
	}
	if len(good.kinds) != ticks {
		t.Errorf("the good one got %d of %d", len(good.kinds), ticks)
	}
	if r.metrics.dropped[session.StateWindow] < 8*schema.TickRate {
		t.Errorf("%d counted as skipped", r.metrics.dropped[session.StateWindow])
	}
}

// With a known round trip the window is that and a quarter of a second.
func TestWindowFollowsRoundTrip(t *testing.T) {
	r := newRoom(t, 1)
	c := r.clients[0]
	for range 30 {
		r.move()
		r.tick()
		c.read()
		c.ack(r.now.Add(20 * time.Millisecond))
	}
	if d := c.s.RoundTrip(); d != 20*time.Millisecond {
		t.Fatalf("round trip %v", d)
	}
	before := len(c.kinds)
	for range 30 { // a second of silence
		r.move()
		r.tick()
	}
	c.read()
	if n := len(c.kinds) - before; n < 8 || n > 10 {
		t.Fatalf("%d states went out within 270 ms of 30 Hz", n)
	}
	c.ack(r.now)
	r.move()
	r.tick()
	c.read()
	c.holds(r.m, 1)
}

func TestBlockedSocketIsSkippedThenDropped(t *testing.T) {
	r := newRoom(t, 2)
	bad := r.clients[1]
	r.tick()
	bad.read()
	writes := bad.conn.writes
	bad.conn.blocked = r.now
	ticks := 0
	for ; len(bad.conn.reasons) == 0 && ticks < 300; ticks++ {
		r.move()
		r.tick()
		r.clients[0].read()
		r.clients[0].ack(r.now)
	}
	if d := time.Duration(ticks) * period; d < 5*time.Second || d > 5100*time.Millisecond {
		t.Errorf("dropped after %v", d)
	}
	if !slices.Equal(bad.conn.reasons, []session.Reason{session.Slow}) || bad.conn.writes != writes {
		t.Fatalf("ended %v after %d writes", bad.conn.reasons, bad.conn.writes-writes)
	}
}

// A match begins: everything held is void, and inputs on their way to the old
// match do not reach the new one.
func TestNewMatch(t *testing.T) {
	r := newRoom(t, 1)
	c := r.clients[0]
	for range 40 {
		r.move()
		c.input(1, r.now)
		r.tick()
		c.read()
	}
	old := c.seq
	r.m = newMatch()
	r.m.world.Ships.Add(1, ship{X: 5})
	r.g.NewMatch(wire.AppendMatch(nil, wire.Match{Number: 2, TickRate: 30}))
	c.input(1, r.now) // still on its way
	r.tick()
	if len(r.m.inputs) != 0 {
		t.Fatalf("input %d of the old match in the new one", r.m.inputs[0].seq)
	}
	c.read()
	if c.holds(r.m, 1); c.seq != 0 || c.tick != 1 {
		t.Fatalf("client is at input %d, tick %d", c.seq, c.tick)
	}
	c.input(-1, r.now)
	r.tick()
	if len(r.m.inputs) != 1 || r.m.inputs[0].seq != 1 {
		t.Fatalf("after input %d of the old match got %+v", old, r.m.inputs)
	}
}

// A page that was loaded anew counts its inputs from 1; the match goes on
// counting, and the client is told in its own numbers.
func TestInputsAfterReload(t *testing.T) {
	r := newRoom(t, 1)
	old := r.clients[0]
	for range 50 {
		old.input(1, r.now)
		r.tick()
		old.read()
	}
	old.s.Close(session.Replaced)
	r.g.Remove(old.s)
	c := newClient(t, 1, nil, r.now)
	r.clients[0] = c
	r.g.Add(c.s)
	r.tick()
	c.read()
	c.input(0, r.now)
	c.input(0, r.now)
	r.tick()
	if n := len(r.m.inputs); n != 52 || r.m.inputs[51].seq != 52 {
		t.Fatalf("%d inputs reached the match, the last %+v", n, r.m.inputs[n-1])
	}
	if c.read(); c.got != 2 {
		t.Fatalf("the client is told that its input %d was applied, want 2", c.got)
	}

	// One that goes on counting keeps its numbers.
	c.s.Close(session.Lost)
	r.g.Remove(c.s)
	d := newClient(t, 1, nil, r.now)
	r.g.Add(d.s)
	r.clients[0] = d
	d.seq = 60
	d.input(0, r.now)
	r.tick()
	if d.read(); d.got != 61 {
		t.Fatalf("told that %d was applied, want 61", d.got)
	}
}

// Whatever changes, stalls and acks there are, a client that is sent to holds
// exactly the server's state.
func TestStateConverges(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := newRoom(t, 3)
		for range rapid.IntRange(1, 80).Draw(rt, "ticks") {
			for range rapid.IntRange(0, 4).Draw(rt, "changes") {
				switch rapid.IntRange(0, 4).Draw(rt, "change") {
				case 0:
					r.m.world.Ships.Add(state.Player(rapid.IntRange(0, 3).Draw(rt, "owner")), ship{X: 1, Ammo: 2})
				case 1:
					r.m.world.Ships.Remove(state.ID(rapid.IntRange(1, 20).Draw(rt, "id")))
				case 2:
					r.m.world.Round++
				default:
					if s := r.m.world.Ships.Get(state.ID(rapid.IntRange(1, 20).Draw(rt, "id"))); s != nil {
						s.X += rapid.Int32Range(-1000, 1000).Draw(rt, "dx")
						s.Ammo++
					}
				}
			}
			for _, c := range r.clients {
				switch rapid.IntRange(0, 9).Draw(rt, "client") {
				case 0:
					c.conn.blocked = r.now
				case 1:
					c.s.Receive(wire.AppendKeyframe(nil), r.now)
				case 2, 3, 4:
					c.ack(r.now)
				case 5:
					c.s.Event(said(1))
				default:
					c.conn.blocked = time.Time{}
				}
			}
			r.tick()
			for i, c := range r.clients {
				if c.read(); c.tick == r.m.tick {
					c.holds(r.m, state.Player(i+1))
				}
			}
		}
	})
}

// Reading inputs, encoding and sending cost no garbage in the steady state.
func TestSteadyStateAllocatesNothing(t *testing.T) {
	r := newRoom(t, 8)
	r.m.keep = false
	frames := make([][]byte, 400)
	for i := range frames {
		in := wire.Input{Seq: uint32(i + 1), Ack: uint32(i), Fields: []state.Value{{Int: 1}, {}}}
		frames[i] = wire.AppendInput(nil, &in, &schema.Input)
	}
	next := 0
	step := func() {
		r.move()
		for _, c := range r.clients {
			c.conn.mute = true
			c.s.Receive(frames[next], r.now)
		}
		next++
		r.tick()
	}
	for range 100 {
		step()
	}
	if n := testing.AllocsPerRun(200, step); n != 0 && !racing {
		t.Errorf("%v allocations a tick of 8 clients", n)
	}
	if r.metrics.keys != 8 || r.metrics.states < 8*290 || r.metrics.bodies != 1 {
		t.Errorf("%d states, %d keyframes, %d bodies", r.metrics.states, r.metrics.keys, r.metrics.bodies)
	}
}

func BenchmarkSend(b *testing.B) {
	r := newRoom(b, 8)
	for _, c := range r.clients {
		c.conn.mute = true
	}
	b.ReportAllocs()
	for b.Loop() {
		r.move()
		r.tick()
		for _, c := range r.clients {
			c.tick = r.m.tick
			c.s.Receive(wire.AppendAck(nil, wire.Ack{Tick: c.tick}), r.now)
		}
	}
}
