package feed_test

import (
	"context"
	"encoding/binary"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sandlot-server/sandlot/lobby/feed"
)

// slowBus takes a while over each message, or is down for some channels.
type slowBus struct {
	mu   sync.Mutex
	wait time.Duration
	down map[string]bool
	got  map[string][]uint32
}

func (b *slowBus) Reach(channel string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.down[channel] {
		return errors.New("down")
	}
	return nil
}

func (b *slowBus) Publish(_ context.Context, channel string, p []byte) error {
	b.mu.Lock()
	wait := b.wait
	b.got[channel] = append(b.got[channel], binary.LittleEndian.Uint32(p))
	b.mu.Unlock()
	<-time.After(wait)
	return nil
}

// carried runs a Carrier over b and gives what it told of drops.
func carried(b feed.Publisher) (c *feed.Carrier, dropped func() int, stop func()) {
	var mu sync.Mutex
	n := 0
	c = feed.NewCarrier(b, func(frames int) { mu.Lock(); defer mu.Unlock(); n += frames }, func(error) {})
	ctx, cancel := context.WithCancel(context.Background())
	var run sync.WaitGroup
	run.Go(func() { c.Run(ctx) })
	return c, func() int { mu.Lock(); defer mu.Unlock(); return n }, func() { cancel(); run.Wait() }
}

func number(n uint32) []byte { return binary.LittleEndian.AppendUint32(nil, n) }

// A bus that cannot follow costs frames and never the sender's time: what comes
// through is in order, and the newest is among it.
func TestSlowBusDropsToTheNewest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &slowBus{wait: 100 * time.Millisecond, got: map[string][]uint32{}}
		c, dropped, stop := carried(b)
		defer stop()
		x, y := c.Outlet("x"), c.Outlet("y")
		const sent = 1000
		begin := time.Now()
		for n := range uint32(sent) {
			x.Put(number(n))
			if n%100 == 0 {
				y.Put(number(n))
			}
			<-time.After(time.Millisecond)
		}
		if took := time.Since(begin); took != sent*time.Millisecond {
			t.Errorf("putting took %v", took)
		}
		<-time.After(10 * time.Second)
		synctest.Wait()
		got := b.got["x"]
		for i := 1; i < len(got); i++ {
			if got[i] <= got[i-1] {
				t.Fatalf("%d came after %d", got[i], got[i-1])
			}
		}
		if got[len(got)-1] != sent-1 || len(got)+dropped() != sent {
			t.Errorf("the last is %d; %d came and %d were dropped", got[len(got)-1], len(got), dropped())
		}
		if len(b.got["y"]) != 10 {
			t.Errorf("of another lobby's %d came", len(b.got["y"]))
		}
	})
}

// While the bus is down for a lobby nothing is tried for that one, others' frames
// go out, and what comes later goes out again.
func TestBusDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &slowBus{down: map[string]bool{"x": true}, got: map[string][]uint32{}}
		c, dropped, stop := carried(b)
		defer stop()
		o, other := c.Outlet("x"), c.Outlet("y")
		for n := range uint32(100) {
			o.Put(number(n))
			if n%10 == 0 {
				other.Put(number(n))
			}
		}
		synctest.Wait()
		if dropped() != 100 || len(b.got["x"]) != 0 {
			t.Errorf("%d were dropped, %d tried", dropped(), len(b.got["x"]))
		}
		if len(b.got["y"]) != 10 {
			t.Errorf("of another lobby's frames %d came", len(b.got["y"]))
		}
		b.mu.Lock()
		b.down = nil
		b.mu.Unlock()
		o.Put(number(7))
		synctest.Wait()
		if len(b.got["x"]) != 1 {
			t.Error("it did not go out")
		}
	})
}
