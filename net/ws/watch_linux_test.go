package ws_test

import (
	"os"
	"runtime"
	"testing"

	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/ws"
)

func descriptors(t *testing.T) int {
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// Whichever side ends a connection and whoever reads it, its descriptor is
// given back.
func TestDescriptorsAreGivenBack(t *testing.T) { bothWays(t, descriptorsAreGivenBack) }

func descriptorsAreGivenBack(t *testing.T, gated bool) {
	s := serve(t, ws.Config{}, nil)
	s.gate(gated)
	for range runtime.GOMAXPROCS(0) { // the watchers have theirs from now on
		first := s.good()
		_ = first.c.Close()
		<-s.door.attached
		if got := <-s.door.gone; got.Code == 0 {
			t.Errorf("gone with %v", got)
		}
	}
	for s.h.Len() > 0 {
		runtime.Gosched()
	}
	before := descriptors(t)
	for i := range 30 {
		r := s.good()
		sess := <-s.door.attached
		switch i % 3 {
		case 0:
			sess.Close(session.Kicked)
			r.closes()
		case 1:
			sess.Close(session.Lost)
		}
		_ = r.c.Close()
		if got := <-s.door.gone; got.Code == 0 {
			t.Errorf("gone with %v", got)
		}
	}
	for s.h.Len() > 0 {
		runtime.Gosched()
	}
	if after := descriptors(t); after > before {
		t.Errorf("%d descriptors before, %d after", before, after)
	}
}
