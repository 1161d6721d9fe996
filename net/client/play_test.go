package client_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/wire"
	"github.com/sandlot-server/sandlot/net/ws/dial"
)

// sent collects what a client wrote, decoded.
type sent struct {
	mu   sync.Mutex
	list []wire.ClientMessage
	at   []time.Duration
	on   func(m *wire.ClientMessage)
}

func (s *sent) take(t *testing.T, began time.Time) func([]byte) {
	return func(p []byte) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.list = append(s.list, wire.ClientMessage{})
		m := &s.list[len(s.list)-1]
		if err := wire.Decode(p, schema(), m); err != nil {
			t.Errorf("the client sent % x: %v", p, err)
		}
		s.at = append(s.at, time.Since(began))
		if s.on != nil {
			s.on(m)
		}
	}
}

func (s *sent) of(typ wire.Type) (out []*wire.ClientMessage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.list {
		if s.list[i].Type == typ {
			out = append(out, &s.list[i])
		}
	}
	return out
}

// bubble runs f with a client that is connected to a socket in memory.
func bubble(t *testing.T, change func(*client.Options), f func(c *client.Client, s *socket, out *sent)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s, out := newSocket(), &sent{}
		s.wrote = out.take(t, time.Now())
		w := &world{dial: func(int, dial.Options) (client.Socket, error) { return s, nil }}
		o := w.options()
		if change != nil {
			change(&o)
		}
		c := client.New(o)
		if err := c.Chat(wire.ChatLobby, "too early"); !errors.Is(err, client.ErrOffline) {
			t.Errorf("sent while offline: %v", err)
		}
		go func() { _ = c.Run(context.Background()) }()
		s.in <- welcome("r", 0)
		synctest.Wait()
		f(c, s, out)
		c.Close()
		<-c.Done()
		if err := c.Err(); err != nil {
			t.Errorf("ended with %v", err)
		}
	})
}

func TestStateAcksAndLatency(t *testing.T) {
	states := 0
	var xs []int64
	count := func(o *client.Options) {
		o.OnState = func(c *client.Client) {
			states++
			xs = append(xs, c.Mirror().Table("ships").Int(0, 0))
		}
	}
	bubble(t, count, func(c *client.Client, s *socket, out *sent) {
		s.in <- running()
		s.in <- stateFrame(true, 100, 0, 0, 5)
		synctest.Wait()
		if got := out.of(wire.TypeAck); len(got) != 1 || got[0].Ack.Tick != 100 {
			t.Fatalf("acks %v", got)
		}
		for i := range uint32(3) {
			seq, err := c.SendInput([]state.Value{{Int: 1}})
			if err != nil || seq != i+1 {
				t.Fatalf("input %d: %v", seq, err)
			}
			<-time.After(10 * time.Millisecond)
		}
		s.in <- stateFrame(false, 2, 2, 1, -1)
		synctest.Wait()
		in := out.of(wire.TypeInput)
		if len(in) != 3 || in[2].Input.Seq != 3 || in[2].Input.Ack != 100 || in[2].Input.Viewed != 100 || in[2].Input.Fields[0].Int != 1 {
			t.Errorf("inputs %v", in)
		}
		if len(out.of(wire.TypeAck)) != 1 {
			t.Error("acked although inputs are being sent")
		}
		<-time.After(time.Second)
		s.in <- stateFrame(false, 20, 1, -19, 0)
		synctest.Wait()
		if got := out.of(wire.TypeAck); len(got) != 2 || got[1].Ack.Tick != 122 {
			t.Errorf("no ack after the inputs ended: %v", got)
		}
		st := c.Stats()
		if st.States != 3 || st.Keyframes != 1 || st.Errors != 0 || st.Latency.Count() != 3 || st.Interval.Count() != 2 {
			t.Errorf("stats %+v", st)
		}
		if q := st.Latency.Quantile(0.3); q < 19*time.Millisecond || q > 21*time.Millisecond {
			t.Errorf("latency of the first third %v", q)
		}
		seq, margin := c.Applied()
		if seq != 3 || margin != -19 || c.Tick() != 122 || states != 3 || xs[0] != 20 || xs[1] != 16 || xs[2] != 16 {
			t.Errorf("applied %d, margin %d, tick %d, states %d, x %v", seq, margin, c.Tick(), states, xs)
		}
		if _, err := c.SendInput([]state.Value{{Int: 2}}); err == nil {
			t.Error("an input out of range was sent")
		}
		s.in <- wire.AppendMatch(nil, wire.Match{Number: 2, TickRate: 20})
		synctest.Wait()
		if seq, err := c.SendInput([]state.Value{{}}); seq != 1 || err != nil {
			t.Errorf("the new match's first input is %d, %v", seq, err)
		}
		s.in <- stateFrame(true, 1, 900, 0, 1) // a match that was joined before, as after a reload
		synctest.Wait()
		if seq, _ := c.SendInput([]state.Value{{}}); seq != 901 {
			t.Errorf("after 900 comes %d", seq)
		}
	})
}

func TestTicksAtTheRateWhileAMatchRuns(t *testing.T) {
	ticks := 0
	tick := func(o *client.Options) {
		o.OnTick = func(c *client.Client) {
			ticks++
			_, _ = c.SendInput([]state.Value{{Int: 1}})
		}
	}
	bubble(t, tick, func(c *client.Client, s *socket, out *sent) {
		<-time.After(time.Second)
		if ticks != 0 {
			t.Fatalf("%d ticks before a match", ticks)
		}
		s.in <- running()
		s.in <- stateFrame(true, 1, 0, 1, 0)
		<-time.After(time.Second + time.Millisecond)
		synctest.Wait()
		if ticks != 20 || len(out.of(wire.TypeInput)) != 20 {
			t.Errorf("%d ticks in a second", ticks)
		}
		for range 8 {
			s.in <- stateFrame(false, 1, 1, -2, 0) // inputs come late: faster
		}
		<-time.After(time.Second)
		synctest.Wait()
		if ticks < 21+20 || ticks > 23+20 {
			t.Errorf("%d ticks in the next second", ticks-20)
		}
		s.in <- wire.AppendLobby(nil, &wire.Lobby{Phase: wire.PhaseResults})
		synctest.Wait()
		before := ticks
		<-time.After(time.Second)
		if ticks > before {
			t.Errorf("%d ticks after the match", ticks-before)
		}
	})
}

func TestLosesTrackAndAsksForAKeyframe(t *testing.T) {
	bubble(t, nil, func(c *client.Client, s *socket, out *sent) {
		s.in <- stateFrame(true, 1, 0, 0, 0)
		bad := stateFrame(false, 1, 0, 0, 1)
		s.in <- append(bad[:len(bad)-5], 4, 1, 1, 8, 0) // a section of a table that is not there
		s.in <- stateFrame(false, 1, 0, 0, 1)           // cannot be applied now, is passed over
		synctest.Wait()
		if len(out.of(wire.TypeKeyframe)) != 1 || c.Stats().Errors != 1 || c.Tick() != 1 {
			t.Errorf("asked %d times, %d errors, tick %d", len(out.of(wire.TypeKeyframe)), c.Stats().Errors, c.Tick())
		}
		s.in <- stateFrame(true, 4, 0, 0, 7)
		s.in <- stateFrame(false, 1, 0, 0, 1)
		synctest.Wait()
		c.Do(func() {
			if x := c.Mirror().Table("ships").Int(0, 0); x != 32 || c.Tick() != 5 {
				t.Errorf("x %d at tick %d", x, c.Tick())
			}
		})
		s.in <- []byte{0x91, 0xc0} // makes no sense at all
		synctest.Wait()
		if st := c.Stats(); st.Errors != 2 || st.LastError == nil {
			t.Errorf("stats %+v", st)
		}
	})
}

func TestPingsAndClock(t *testing.T) {
	bubble(t, nil, func(c *client.Client, s *socket, out *sent) {
		out.mu.Lock()
		out.on = func(m *wire.ClientMessage) {
			if m.Type != wire.TypePing {
				return
			}
			at := uint64(time.Now().UnixMicro()) + 5_000_000 // the server is 5 s ahead
			s.in <- wire.AppendPong(nil, wire.Pong{ClientTime: m.Ping.ClientTime, ReceivedUS: at, SentUS: at})
		}
		out.mu.Unlock()
		<-time.After(10*time.Second + time.Millisecond)
		synctest.Wait()
		if n := len(out.of(wire.TypePing)); n != 1+4+4 { // at once, four quick ones, then each 2 s
			t.Errorf("%d pings in 10 s", n)
		}
		now, rtt, ok := c.ServerTime()
		if ahead := time.Until(now); !ok || rtt != 0 || ahead < 4999*time.Millisecond || ahead > 5001*time.Millisecond {
			t.Errorf("server time is %v ahead, round trip %v", ahead, rtt)
		}
	})
}

func TestMembersLobbyAndWhatIsSent(t *testing.T) {
	var heard []wire.Type
	listen := func(o *client.Options) {
		o.OnMessage = func(_ *client.Client, m *wire.ServerMessage) { heard = append(heard, m.Type) }
	}
	bubble(t, listen, func(c *client.Client, s *socket, out *sent) {
		s.in <- wire.AppendMembers(nil, wire.Member{Player: 1, Name: "Ann", Colour: 2})
		s.in <- wire.AppendMembers(nil, wire.Member{Player: 2, Name: "Bob", Colour: 5})
		s.in <- wire.AppendGone(nil, wire.Gone{Player: 1})
		s.in <- wire.AppendLobby(nil, &wire.Lobby{Host: 2, Settings: []int64{5}})
		s.in <- wire.AppendError(nil, &wire.Error{Code: "not_host", Message: "only the host may start", About: wire.TypeStart})
		s.in <- wire.AppendSlip(nil, wire.Slip{Ticks: 3})
		synctest.Wait()
		if m := c.Members(); len(m) != 1 || m[2].Name != "Bob" {
			t.Errorf("members %v", m)
		}
		if l := c.Lobby(); l.Host != 2 || l.Settings[0] != 5 || c.Me() != 1 || c.Welcome().Game != "g" || c.Playing() {
			t.Errorf("lobby %+v", l)
		}
		if st := c.Stats(); st.ErrorFrames != 1 || st.Errors != 1 || st.Slipped != 3 || len(heard) != 7 {
			t.Errorf("stats %+v, heard %v", st, heard)
		}
		for i, err := range []error{
			c.Chat(wire.ChatTeam, "hello"), c.Ready(true), c.Start(), c.Kick(2), c.Set(0, 4), c.AskKeyframe(), c.Leave(),
		} {
			if err != nil {
				t.Errorf("sending %d: %v", i, err)
			}
		}
		if n, err := c.CommandNamed("drop", []state.Value{{Int: 6}}); n != 1 || err != nil {
			t.Errorf("command %d, %v", n, err)
		}
		if _, err := c.CommandNamed("jump", nil); err == nil {
			t.Error("an unknown command was sent")
		}
		if _, err := c.Command(0, []state.Value{{Int: 7}}); err == nil {
			t.Error("a command out of range was sent")
		}
		for _, typ := range []wire.Type{
			wire.TypeChat, wire.TypeReady, wire.TypeStart, wire.TypeKick, wire.TypeSetting, wire.TypeKeyframe, wire.TypeLeave, wire.TypeCommand,
		} {
			if len(out.of(typ)) != 1 {
				t.Errorf("%d of %v were sent", len(out.of(typ)), typ)
			}
		}
	})
}
