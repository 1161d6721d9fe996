package lobby_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// drain is a session.Conn that takes everything and keeps nothing.
type drain struct{ conn }

func (*drain) Write([]byte) error { return nil }

// A running lobby allocates nothing a tick but what its game and bots do.
func TestTicksDoNotAllocate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t, setup{deps: func(d *lobby.Deps) { d.Metrics = nil }})
		defer w.stop()
		first := w.playing("ann")
		sessions := []*session.Session{first.s}
		for i := range 5 {
			j, err := w.Join(t.Context(), who(fmt.Sprint("p", i)), first.lobby, lobby.RolePlayer)
			if err != nil {
				t.Fatal(err)
			}
			a, err := w.Claim(t.Context(), session.Claim{Credential: j.Pass})
			if err != nil {
				t.Fatal(err)
			}
			s := session.New(&drain{}, a.Identity(), a.Schema(), nil, time.Now())
			a.Attach(s)
			sessions = append(sessions, s)
		}
		seq := uint32(0)
		var buf []byte
		second := func() {
			for range 20 {
				seq++
				for _, s := range sessions {
					buf = wire.AppendInput(buf[:0], &wire.Input{Seq: seq, Ack: seq}, &first.schema.Input)
					s.Receive(buf, time.Now())
				}
				<-time.After(50 * time.Millisecond)
				first.conn.take()
			}
		}
		second()
		second()
		const ticks = 20
		perTick := testing.AllocsPerRun(10, second) / ticks
		// The test's own: timers, the recording connection. The lobby's: none.
		if perTick > allocsPerTick {
			t.Errorf("%.1f allocations a tick", perTick)
		}
		t.Logf("%.1f allocations a tick, the test's own included", perTick)
	})
}
