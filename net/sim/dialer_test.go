package sim_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"sync"
	"testing"

	"github.com/sandlot-server/sandlot/net/sim"
)

// Over real sockets, with both directions full at once.
func TestDialerOverLoopback(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var echoes sync.WaitGroup
	defer echoes.Wait()
	defer l.Close()
	echoes.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			echoes.Go(func() {
				defer c.Close()
				_, _ = io.Copy(c, c)
			})
		}
	})
	dial := sim.Dialer(sim.Link{Ping: 4 * ms, Jitter: 4 * ms, Loss: 0.001}, 1, nil)
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			c, err := dial(context.Background(), "tcp", l.Addr().String())
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			want := bytes.Repeat([]byte{byte(i), 1, 2, 3, 4, 5, 6}, 20_000)
			go func() { _, _ = c.Write(want) }()
			got := make([]byte, len(want))
			if _, err := io.ReadFull(c, got); err != nil || !bytes.Equal(got, want) {
				t.Errorf("connection %d: %v", i, err)
			}
		})
	}
	all.Wait()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := dial(ctx, "tcp", l.Addr().String()); err == nil {
		t.Error("dialled although it was over")
	}
	if plain, err := sim.Dialer(sim.Link{}, 1, nil)(context.Background(), "tcp", l.Addr().String()); err != nil {
		t.Error(err)
	} else {
		if _, wrapped := plain.(*sim.Conn); wrapped {
			t.Error("a perfect link costs something")
		}
		_ = plain.Close()
	}
}
