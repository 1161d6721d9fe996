package ws_test

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
	"github.com/sandlot-server/sandlot/net/ws"
)

// playing is a schema with an input, which sessions may send as fast as they
// like.
func playing(t testing.TB) (*server, *session.Group) {
	before := schema
	schema = &state.Schema{TickRate: 30, Input: state.Message{Name: "input", Fields: []state.MessageField{
		{Name: "x", Min: -127, Max: 127}, {Name: "y", Min: -127, Max: 127}, {Name: "aim", Min: 0, Max: 255},
	}}}
	t.Cleanup(func() { schema = before })
	cfg := session.Config{InputFactor: 1e6, InputBurst: 1 << 20}
	s := serve(t, ws.Config{Session: cfg}, nil)
	s.door.who = session.Identity{Player: 1}
	return s, session.NewGroup(schema, cfg.Filled())
}

// input is a client's frame of one input.
func input(seq, ack uint32) []byte {
	in := wire.Input{Seq: seq, Ack: ack, Fields: []state.Value{{Int: 100}, {Int: -100}, {Int: 200}}}
	return masked(0x82, wire.AppendInput(nil, &in, &schema.Input))
}

// An input that the Loop reads makes no garbage but the library's message.
func TestReadAllocatesTheMessageAlone(t *testing.T) {
	s, g := playing(t)
	r := s.good()
	g.Add(<-s.door.attached)
	m, frame := &idle{}, input(1, 0)
	more := func(n int) {
		for range n {
			if _, err := r.c.Write(frame); err != nil {
				t.Fatal(err)
			}
		}
		for want := m.inputs + n; m.inputs < want; {
			g.Read(m)
		}
	}
	more(1)
	for _, n := range []int{1, 4} {
		if got := testing.AllocsPerRun(200, func() { more(n) }); got > float64(n) && !racing {
			t.Errorf("%v allocations for %d inputs", got, n)
		}
	}
}

// What a tick of 8 members costs the Loop: an input of each read, a small state
// for each written.
func BenchmarkTick8(b *testing.B) {
	const members = 8
	s, _ := playing(b)
	m := newNoise(b, 16)
	g := session.NewGroup(&state.Schema{TickRate: 30, Tables: m.layout.Tables()}, nil)
	var clients []net.Conn
	for range members {
		r := s.good()
		clients = append(clients, r.c)
		g.Add(<-s.door.attached)
	}
	taken := make([]byte, 4096)
	var spent time.Duration
	b.ReportAllocs()
	for b.Loop() {
		frame := input(m.tick+1, m.tick)
		for _, c := range clients {
			if _, err := c.Write(frame); err != nil {
				b.Fatal(err)
			}
		}
		began := time.Now()
		g.Read(m)
		m.step()
		g.Send(m, began)
		spent += time.Since(began)
		for _, c := range clients {
			if _, err := c.Read(taken); err != nil && err != io.EOF {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(spent.Nanoseconds())/float64(b.N)/members, "ns/snapshot")
}
