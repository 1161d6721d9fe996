package session_test

import (
	"slices"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// What is pressed in an input that gives way, to others of the same moment or to the
// rate, is pressed in one that does not, once. All of a stall comes in a moment.
func TestPressesOfDroppedInputsAreNotLost(t *testing.T) {
	keys := &state.Schema{TickRate: 30, Input: state.Message{Fields: []state.MessageField{{Name: "keys", Max: 127, Flags: state.Press}}}}
	now := time.Now()
	s := session.New(&conn{}, session.Identity{Player: 1}, keys, nil, now)
	g := session.NewGroup(keys, nil)
	g.Add(s)
	seq := uint32(0)
	send := func(pressed ...int64) {
		for _, k := range pressed {
			seq++
			in := wire.Input{Seq: seq, Fields: []state.Value{{Int: k}}}
			s.Receive(wire.AppendInput(nil, &in, &keys.Input), now)
		}
	}
	want := func(of string, keys ...int64) {
		t.Helper()
		m := newMatch()
		g.Read(m)
		var got []int64
		for _, in := range m.inputs {
			got = append(got, in.x)
		}
		if !slices.Equal(got, keys) {
			t.Errorf("%s: pressed %v, want %v", of, got, keys)
		}
	}
	send(0, 1, 0, 2, 0, 4, 0, 0, 0, 0, 0, 8) // the first four give way
	want("of twelve", 3, 4, 0, 0, 0, 0, 0, 8)
	send(0, 0, 0, 0, 16, 32, 0, 64) // four of them are above the rate
	want("above the rate", 0, 0, 0, 0)
	now = now.Add(time.Second)
	send(1, 0)
	want("after it", 16|32|64|1, 0)

	send(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8)
	s.NewMatch()
	now = now.Add(time.Second)
	send(0)
	want("in the next match", 0)
}
