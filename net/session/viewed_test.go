package session_test

import (
	"testing"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// views notes what the players say they look at.
type views struct {
	*match
	viewed []uint32
}

func (v *views) Input(p state.Player, seq, viewed uint32, fields []state.Value) {
	v.viewed = append(v.viewed, viewed)
	v.match.Input(p, seq, viewed, fields)
}

// Nobody looks at what it has not said that it has.
func TestViewedIsClampedToWhatTheClientHas(t *testing.T) {
	r := newRoom(t, 1)
	c := r.clients[0]
	for range 5 {
		r.move()
		r.tick()
	}
	v := &views{match: r.m}
	say := func(ack, viewed uint32) uint32 {
		c.seq++
		in := wire.Input{Seq: c.seq, Ack: ack, Viewed: viewed, Fields: []state.Value{{}, {}}}
		c.s.Receive(wire.AppendInput(nil, &in, &schema.Input), r.now)
		r.g.Read(v)
		return v.viewed[len(v.viewed)-1]
	}
	for i, x := range []struct{ ack, viewed, want uint32 }{
		{0, 4, 0}, // it has nothing yet
		{3, 2, 2}, {3, 4, 3}, {4, 9, 4}, {4, 1, 1}, {4, 0, 0},
		{99, 99, 4}, // an ack of what was not sent is none
		{5, 5, 5},
	} {
		if got := say(x.ack, x.viewed); got != x.want {
			t.Errorf("%d: viewed %d with an ack of %d counts as %d, want %d", i, x.viewed, x.ack, got, x.want)
		}
	}
}
