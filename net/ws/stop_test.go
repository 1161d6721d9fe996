package ws_test

import (
	"context"
	"net"
	"net/http"
	"runtime"
	"sync"
	"testing"

	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/ws"
)

// A stop tells everybody 1001, signed in or not, and waits for them.
func TestStop(t *testing.T) { bothWays(t, stop) }

func stop(t *testing.T, gated bool) {
	d := newDoor()
	h := ws.New(ws.Config{Hello: true}, d)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t, h, d, l.Addr().String()}
	s.gate(gated)
	hs := &http.Server{Handler: h}
	ctx, stop := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { _ = hs.Serve(ws.Listen(l, nil)) })
	ran := make(chan error)
	go func() { ran <- h.Run(ctx) }()

	var clients []*raw
	for range 20 {
		clients = append(clients, s.good())
		<-d.attached
	}
	waiting := s.dial(request("/v1/ws", speaks))
	for h.Len() != 21 { // an answer goes out before its connection counts
		runtime.Gosched()
	}
	stop()
	for _, r := range append(clients, waiting) {
		if code, text := r.closes(); code != 1001 || text != "restart" {
			t.Errorf("closed with %d %q", code, text)
		}
		_ = r.c.Close()
	}
	if err := <-ran; err != nil || h.Len() != 0 {
		t.Errorf("stopped with %v and %d connections", err, h.Len())
	}
	for range 20 {
		if got := <-d.gone; got != session.Restart {
			t.Errorf("gone with %v", got)
		}
	}
	_ = hs.Close()
	wg.Wait()
}
