package ws_test

import (
	"encoding/binary"
	"reflect"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
	"github.com/sandlot-server/sandlot/net/ws"
)

// noise is a game whose every state is new: up to 5 KB a tick.
type noise struct {
	Cells [1024]int32 `sync:""`
}

type noiseMatch struct {
	layout *state.Layout
	game   noise
	ring   *state.Ring
	tick   uint32
	cells  int // how many change each tick
}

func newNoise(t testing.TB, cells int) *noiseMatch {
	layout, err := state.Compile(reflect.TypeFor[noise]())
	if err != nil {
		t.Fatal(err)
	}
	m := &noiseMatch{layout: layout, ring: state.NewRing(layout, 32), cells: cells}
	layout.Bind(&m.game)
	return m
}

func (m *noiseMatch) step() {
	m.tick++
	for i := range m.cells {
		m.game.Cells[i] += int32(i)*7919%100_000 - 50_000
	}
	m.ring.Capture(m.tick, &m.game)
}

func (m *noiseMatch) Tick() uint32                                      { return m.tick }
func (m *noiseMatch) Ring() *state.Ring                                 { return m.ring }
func (m *noiseMatch) Applied(state.Player) (uint32, int)                { return 0, 0 }
func (m *noiseMatch) View(state.Player) *state.View                     { return nil }
func (m *noiseMatch) Input(state.Player, uint32, uint32, []state.Value) {}

// state reads the next state message of a raw client and keeps its tick; false
// when the connection is over.
func (r *raw) state(tick *uint32, schema *state.Schema) bool {
	var m wire.ServerMessage
	for {
		op, payload, err := r.next()
		if err != nil || op == 8 {
			return false
		}
		if op != 2 {
			continue
		}
		if err := wire.DecodeServer(payload, schema, &m); err != nil {
			r.t.Error(err)
			return false
		}
		if m.Type != wire.TypeState {
			continue
		}
		if m.State.Keyframe {
			*tick = 0
		}
		*tick += m.State.Tick
		return true
	}
}

// ack may fail: the connection may be over.
func (r *raw) ack(tick uint32) {
	_, _ = r.c.Write(masked(0x82, wire.AppendAck(nil, wire.Ack{Tick: tick})))
}

// skipped counts by queue.
type skipped struct {
	session.NoMetrics
	by [session.Queues]atomic.Int64
}

func (s *skipped) Dropped(q session.Queue) { s.by[q].Add(1) }

// Two clients over loopback, one of which reads nothing: it is skipped, then
// dropped with 4008, and the other gets every state.
func TestStalledClient(t *testing.T) { bothWays(t, stalledClient) }

func stalledClient(t *testing.T, gated bool) {
	for _, c := range []struct {
		name  string
		cells int
		acks  bool // it acks what it never read, so that its socket fills up
		why   session.Queue
		cfg   session.Config
	}{
		{"says nothing", 4, false, session.StateWindow, session.Config{InputFactor: 1e6, Unacked: 300 * time.Millisecond, WindowMax: 100 * time.Millisecond}},
		{"acks without reading", 1024, true, session.StateBlocked, session.Config{InputFactor: 1e6, BlockedWrite: 300 * time.Millisecond}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newNoise(t, c.cells)
			skips := &skipped{}
			c.cfg.Metrics = skips
			schema = &state.Schema{TickRate: 30, Tables: m.layout.Tables()}
			defer func() { schema = &state.Schema{TickRate: 30} }()
			s := serve(t, ws.Config{Session: c.cfg}, nil)
			s.door.who = session.Identity{Role: session.Spectator}
			good := s.good()
			goodSession := <-s.door.attached
			bad := s.good()
			badSession := <-s.door.attached
			g := session.NewGroup(schema, c.cfg.Filled())
			g.Add(goodSession)
			g.Add(badSession)

			ticks := make(chan uint32, 1)
			go func() {
				var at uint32
				for good.state(&at, schema) {
					good.ack(at)
					ticks <- at
				}
				close(ticks)
			}()
			var at, got uint32
			for ended := false; !ended; {
				if gated {
					g.Read(m)
				}
				m.step()
				g.Send(m, time.Now())
				for at < m.tick {
					select {
					case at = <-ticks:
						got++
					case <-time.After(2 * time.Millisecond): // its ack was not yet read
						if gated {
							g.Read(m)
						}
						g.Send(m, time.Now())
					}
				}
				if c.acks {
					bad.ack(at)
				}
				_, ended = badSession.Ended()
			}
			if got := <-s.door.gone; got != session.Slow {
				t.Fatalf("gone with %v", got)
			}
			if r, ended := goodSession.Ended(); ended {
				t.Fatalf("the good one ended with %v", r)
			}
			if got != m.tick {
				t.Errorf("the good one got %d of %d states", got, m.tick)
			}
			if skips.by[c.why].Load() == 0 {
				t.Errorf("never skipped for %v", c.why)
			}
			goodSession.Close(session.Bye)
			for range ticks {
			}

			// What it did not read is still there, whole frames, and the reason last.
			states := 0
			for {
				op, payload := bad.frame()
				if op == 8 {
					if code := binary.BigEndian.Uint16(payload); code != 4008 || string(payload[2:]) != "slow" {
						t.Errorf("closed with %d %q", code, payload[2:])
					}
					break
				}
				states++
			}
			if states == 0 || states >= int(m.tick) {
				t.Errorf("%d states of %d were sent to the stalled one", states, m.tick)
			}
		})
	}
}
