package ws_test

import (
	"crypto/tls"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
	"github.com/sandlot-server/sandlot/net/ws"
)

// bothWays runs a test with connections that their own goroutines read, and
// with such that a Loop reads.
func bothWays(t *testing.T, f func(t *testing.T, gated bool)) {
	t.Run("polled", func(t *testing.T) { f(t, false) })
	t.Run("gated", func(t *testing.T) { f(t, true) })
}

// idle is a match that only counts its inputs.
type idle struct{ inputs int }

func (*idle) Tick() uint32                                        { return 0 }
func (*idle) Ring() *state.Ring                                   { return nil }
func (*idle) Applied(state.Player) (uint32, int)                  { return 0, 0 }
func (*idle) View(state.Player) *state.View                       { return nil }
func (m *idle) Input(state.Player, uint32, uint32, []state.Value) { m.inputs++ }

// gate gives every session a Loop of its own that reads it, very often.
func (s *server) gate(gated bool) {
	if !gated {
		return
	}
	var loops sync.WaitGroup
	s.t.Cleanup(loops.Wait)
	s.door.onAttach = func(c *session.Session) {
		g := session.NewGroup(schema, nil)
		g.Add(c)
		loops.Go(func() {
			tick := time.NewTicker(200 * time.Microsecond)
			defer tick.Stop()
			for {
				g.Read(&idle{})
				select {
				case <-c.Done():
					return
				case <-tick.C:
				}
			}
		})
	}
}

// A connection goes to and fro between its goroutine and the Loop while
// messages come, in order, whole or in parts; none is lost.
func TestGateToAndFro(t *testing.T) {
	cfg := certificate(t)
	for name, wrap := range map[string]func(net.Listener) net.Listener{
		"tcp": nil,
		"tls": func(l net.Listener) net.Listener { return tls.NewListener(l, cfg) },
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, ws.Config{Session: session.Config{OtherRate: 1e9, OtherBurst: 1e9}}, wrap)
			c, err := net.Dial("tcp", s.addr)
			if err != nil {
				t.Fatal(err)
			}
			if wrap != nil {
				c = tls.Client(c, &tls.Config{InsecureSkipVerify: true}) // our own certificate of this second
			}
			r := s.over(c, request("/v1/ws?token=good", speaks))
			r.welcome()
			sess := <-s.door.attached
			g := session.NewGroup(schema, nil)
			g.Add(sess)

			const messages = 400
			var sender, loop sync.WaitGroup
			done := make(chan struct{})
			loop.Go(func() {
				for i := 0; ; i++ {
					select {
					case <-done:
						return
					default:
					}
					if i%7 == 0 {
						g.Release()
					}
					g.Read(&idle{})
				}
			})
			sender.Go(func() {
				for i := range messages {
					f := masked(0x82, wire.AppendKick(nil, wire.Kick{Player: state.Player(i + 1)}))
					at := i % len(f)
					r.send(f[:at], masked(0x89, []byte("hi"))[:0], f[at:])
				}
			})
			for i := range messages {
				if in := <-s.door.in; in.Player != state.Player(i+1) {
					t.Fatalf("message %d: %+v", i, in)
				}
			}
			sender.Wait()
			close(done)
			loop.Wait()
			sess.Close(session.Bye)
			if code, _ := r.closes(); code != 1000 {
				t.Errorf("closed with %d", code)
			}
		})
	}
}
