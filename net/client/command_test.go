package client_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/wire"
	"github.com/sandlot-server/sandlot/net/ws/dial"
)

// drops is a client whose sockets begin like that, one after the other; nil is a
// failed attempt.
func drops(t *testing.T, begin [][][]byte, f func(c *client.Client, s []*socket, out []sent)) (dropped []uint32) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var sockets []*socket
		for _, frames := range begin {
			if frames == nil {
				sockets = append(sockets, nil)
				continue
			}
			sockets = append(sockets, newSocket(frames...))
		}
		out := make([]sent, len(sockets))
		for i, s := range sockets {
			if s != nil {
				s.wrote = out[i].take(t, time.Now())
			}
		}
		w := &world{dial: func(n int, _ dial.Options) (client.Socket, error) {
			if sockets[n] == nil {
				return nil, errNetwork
			}
			return sockets[n], nil
		}}
		o := w.options()
		o.OnDropped = func(_ *client.Client, n uint32) { dropped = append(dropped, n) }
		c := client.New(o)
		if _, err := c.Command(0, []state.Value{{}}); !errors.Is(err, client.ErrOffline) {
			t.Errorf("before any welcome: %v", err)
		}
		go func() { _ = c.Run(context.Background()) }()
		synctest.Wait()
		f(c, sockets, out)
		c.Close()
		<-c.Done()
	})
	return dropped
}

func wantDropped(t *testing.T, got []uint32, want ...uint32) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("dropped were %v, wanted %v", got, want)
	}
}

func command(t *testing.T, c *client.Client, column int64, want uint32) {
	t.Helper()
	if n, err := c.Command(0, []state.Value{{Int: column}}); err != nil || n != want {
		t.Errorf("command %d is number %d: %v", column, n, err)
	}
}

// wantNumbers: the commands sent are these, and each carries its number as column.
func wantNumbers(t *testing.T, out *sent, want ...uint32) {
	t.Helper()
	got := out.of(wire.TypeCommand)
	if len(got) != len(want) {
		t.Errorf("%d commands were sent, wanted %v", len(got), want)
		return
	}
	for i, m := range got {
		if m.Command.N != want[i] || m.Command.Fields[0].Int != int64(want[i]) {
			t.Errorf("sent %+v, wanted %v", m.Command, want)
		}
	}
}

func match(number uint32) []byte {
	return wire.AppendMatch(nil, wire.Match{Number: number, TickRate: 20})
}

func keyframe() []byte { return stateFrame(true, 1, 0, 0, 0) }

func TestCommandsAreSentAgainUntilDone(t *testing.T) {
	first := [][]byte{welcome("r1", 0), running(), match(1), keyframe()}
	second := [][]byte{welcome("r2", 3)}
	dropped := drops(t, [][][]byte{first, nil, second}, func(c *client.Client, s []*socket, out []sent) {
		for i := range 3 {
			command(t, c, int64(i+1), uint32(i+1))
		}
		s[0].in <- wire.AppendDone(nil, wire.Done{N: 1})
		synctest.Wait()
		s[0].ends(1006, "")
		synctest.Wait()
		command(t, c, 4, 4) // offline
		<-time.After(time.Minute)
		wantNumbers(t, &out[0], 1, 2, 3)
		command(t, c, 5, 5) // online, but nobody knows whether the match goes on
		wantNumbers(t, &out[2])
		s[2].in <- keyframe()
		synctest.Wait()
		wantNumbers(t, &out[2], 2, 3, 4, 5)
		command(t, c, 6, 6)
		s[2].in <- keyframe()
		synctest.Wait()
		wantNumbers(t, &out[2], 2, 3, 4, 5, 6)
	})
	wantDropped(t, dropped)
}

func TestCommandsOfAnEndedMatchAreDropped(t *testing.T) {
	first := [][]byte{welcome("r1", 0), running(), match(1), keyframe()}
	second := [][]byte{welcome("r2", 9), running(), match(2), keyframe()}
	third := [][]byte{welcome("r3", 2), wire.AppendLobby(nil, &wire.Lobby{Phase: wire.PhaseResults}), running(), match(3), keyframe()}
	dropped := drops(t, [][][]byte{first, second, third}, func(c *client.Client, s []*socket, out []sent) {
		command(t, c, 1, 1)
		s[0].ends(1006, "")
		synctest.Wait()
		command(t, c, 2, 2)
		<-time.After(time.Minute)
		wantNumbers(t, &out[1])
		s[1].in <- wire.AppendDone(nil, wire.Done{N: 4}) // of this seat's earlier page
		synctest.Wait()
		command(t, c, 5, 5)
		s[1].ends(1006, "")
		<-time.After(time.Minute)
		wantNumbers(t, &out[2])
		command(t, c, 6, 6)
		wantNumbers(t, &out[2], 6)
	})
	wantDropped(t, dropped, 1, 2, 5)
}

// A seat that is another has numbers of its own.
func TestCommandsOfAnotherSeatAreDropped(t *testing.T) {
	first := [][]byte{welcome("r1", 0), running(), match(1), keyframe()}
	other := wire.AppendWelcome(nil, &wire.Welcome{Instance: "a", Lobby: "L", Game: "g", Player: 2, Resume: "r2", HoldMS: 30000, Events: 2, Schema: schema()})
	dropped := drops(t, [][][]byte{first, {other, keyframe()}}, func(c *client.Client, s []*socket, out []sent) {
		command(t, c, 1, 1)
		s[0].ends(1006, "")
		synctest.Wait()
		command(t, c, 2, 2)
		<-time.After(time.Minute)
		wantNumbers(t, &out[1])
		command(t, c, 1, 1)
		wantNumbers(t, &out[1], 1)
	})
	wantDropped(t, dropped, 1, 2)
}

// What is online is answered, whatever becomes of the match.
func TestCommandsOnlineAreNotDropped(t *testing.T) {
	first := [][]byte{welcome("r1", 0), running(), match(1), keyframe()}
	dropped := drops(t, [][][]byte{first}, func(c *client.Client, s []*socket, out []sent) {
		command(t, c, 1, 1)
		s[0].in <- wire.AppendLobby(nil, &wire.Lobby{Phase: wire.PhaseResults})
		s[0].in <- wire.AppendDone(nil, wire.Done{N: 1})
		synctest.Wait()
	})
	wantDropped(t, dropped)
}

// The same match, told again because the events missed are not there any more.
func TestCommandsAndInputsGoOnInTheSameMatch(t *testing.T) {
	first := [][]byte{welcome("r1", 0), running(), match(7), keyframe()}
	second := [][]byte{welcome("r2", 900), running(), match(7), keyframe()}
	drops(t, [][][]byte{first, second}, func(c *client.Client, s []*socket, out []sent) {
		command(t, c, 1, 1)
		for range 5 {
			if _, err := c.SendInput([]state.Value{{Int: 1}}); err != nil {
				t.Error(err)
			}
		}
		s[0].ends(1006, "")
		<-time.After(time.Minute)
		wantNumbers(t, &out[1], 1)
		if seq, err := c.SendInput([]state.Value{{}}); err != nil || seq != 6 {
			t.Errorf("after input 5 comes %d: %v", seq, err)
		}
	})
}

func TestCommandsThatWaitAreBounded(t *testing.T) {
	first := [][]byte{welcome("r1", 0), running(), match(1), keyframe()}
	drops(t, [][][]byte{first, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil}, func(c *client.Client, s []*socket, out []sent) {
		s[0].ends(1006, "")
		synctest.Wait()
		for range 32 {
			if _, err := c.Command(0, []state.Value{{}}); err != nil {
				t.Error(err)
			}
		}
		if _, err := c.Command(0, []state.Value{{}}); !errors.Is(err, client.ErrBusy) {
			t.Errorf("more than 32 wait: %v", err)
		}
		if _, err := c.Command(0, []state.Value{{Int: 7}}); err == nil {
			t.Error("a command out of range is kept")
		}
	})
}
