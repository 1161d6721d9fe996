package client_test

import (
	"context"
	"testing"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/ws/dial"
)

// BenchmarkTick is a client's share of a tick: a state comes, an input goes.
func BenchmarkTick(b *testing.B) {
	s := newSocket(welcome("r", 0), running(), stateFrame(true, 1, 0, 1, 0))
	w := &world{dial: func(int, dial.Options) (client.Socket, error) { return s, nil }}
	done := make(chan struct{}, 1)
	values := []state.Value{{Int: 1}}
	o := w.options()
	o.OnState = func(c *client.Client) {
		if _, err := c.SendInput(values); err != nil {
			b.Error(err)
		}
		done <- struct{}{}
	}
	c, err := client.Dial(context.Background(), o)
	if err != nil {
		b.Fatal(err)
	}
	<-done
	frame := stateFrame(false, 1, 1, 1, 1)
	b.ReportAllocs()
	b.SetBytes(int64(len(frame)))
	for b.Loop() {
		s.in <- frame
		<-done
	}
	if st := c.Stats(); st.Errors != 0 {
		b.Errorf("%v", st.LastError)
	}
	c.Close()
	<-c.Done()
}
