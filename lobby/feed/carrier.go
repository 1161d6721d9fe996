package feed

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Bounds of a Carrier.
const (
	outletFrames = 32
	outletBytes  = 1 << 20
	carriers     = 4               // goroutines
	carryWait    = time.Second     // for the bus, a frame
	farewell     = time.Second / 4 // for what is left at the end
)

// Publisher is the bus as a Carrier needs it.
type Publisher interface {
	Publish(ctx context.Context, channel string, payload []byte) error
	Reach(channel string) error
}

// Carrier takes the frames of all lobbies of an instance to the bus, so that no
// lobby waits for it. Frames of one lobby stay in order.
type Carrier struct {
	bus     Publisher
	dropped func(frames int)
	failed  func(error)
	wake    chan struct{}

	mu      sync.Mutex
	waiting []*Outlet // that have frames and are not being served, each once
}

// NewCarrier makes a Carrier. It starts nothing. dropped is told of frames that
// gave way, failed of those that the bus did not take; both from any goroutine.
func NewCarrier(b Publisher, dropped func(frames int), failed func(error)) *Carrier {
	return &Carrier{bus: b, dropped: dropped, failed: failed, wake: make(chan struct{}, carriers)}
}

// Outlet is one lobby's queue of frames: at most 32 and, but for a single larger
// one, 1 MiB. When it is full all that wait give way to the newest.
type Outlet struct {
	c       *Carrier
	channel string

	mu     sync.Mutex
	frames [][]byte
	spare  [][]byte
	bytes  int
	busy   bool // among the waiting, or being served
}

// Outlet makes the queue of a channel.
func (c *Carrier) Outlet(channel string) *Outlet { return &Outlet{c: c, channel: channel} }

// Put hands over a frame and never blocks. The bytes are copied.
func (o *Outlet) Put(frame []byte) {
	o.mu.Lock()
	gone := 0
	if len(o.frames) > 0 && (len(o.frames) >= outletFrames || o.bytes+len(frame) > outletBytes) {
		gone = len(o.frames)
		o.frames, o.bytes = o.frames[:0], 0
	}
	var own []byte
	if n := len(o.spare); n > 0 {
		own, o.spare = o.spare[n-1], o.spare[:n-1]
	}
	o.frames = append(o.frames, append(own[:0], frame...))
	o.bytes += len(frame)
	idle := !o.busy
	o.busy = true
	o.mu.Unlock()
	if gone > 0 {
		o.c.dropped(gone)
	}
	if idle {
		o.c.enqueue(o)
	}
}

// next takes the oldest frame; nil: there is none, and the outlet is idle.
func (o *Outlet) next() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.frames) == 0 {
		o.busy = false
		return nil
	}
	f := o.frames[0]
	o.frames = slices.Delete(o.frames, 0, 1)
	o.bytes -= len(f)
	return f
}

// done has a frame's memory used again and reports whether more wait; without
// any the outlet is idle.
func (o *Outlet) done(frame []byte) (more bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.spare) < 2 && cap(frame) <= outletBytes/16 {
		o.spare = append(o.spare, frame)
	}
	o.busy = len(o.frames) > 0
	return o.busy
}

func (c *Carrier) enqueue(o *Outlet) {
	c.mu.Lock()
	c.waiting = append(c.waiting, o)
	c.mu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default: // all will look
	}
}

func (c *Carrier) dequeue() *Outlet {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.waiting) == 0 {
		return nil
	}
	o := c.waiting[0]
	c.waiting = slices.Delete(c.waiting, 0, 1)
	return o
}

// Run carries until ctx is done, then what is left for a moment longer.
func (c *Carrier) Run(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	for range carriers {
		all.Go(func() { c.carry(ctx) })
	}
}

func (c *Carrier) carry(ctx context.Context) {
	for {
		for o := c.dequeue(); o != nil; o = c.dequeue() {
			c.serve(context.WithoutCancel(ctx), o)
			if ctx.Err() != nil {
				break
			}
		}
		select {
		case <-c.wake:
			continue
		case <-ctx.Done():
		}
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
		defer cancel()
		for o := c.dequeue(); o != nil && last.Err() == nil; o = c.dequeue() {
			c.serve(last, o)
		}
		return
	}
}

// serve publishes one frame of o and puts it back behind the others if it has
// more.
func (c *Carrier) serve(ctx context.Context, o *Outlet) {
	frame := o.next()
	if frame == nil {
		return
	}
	if len(frame) > MaxFrame || c.bus.Reach(o.channel) != nil { // it would only come late
		c.dropped(1)
	} else {
		limited, cancel := context.WithTimeout(ctx, carryWait)
		if err := c.bus.Publish(limited, o.channel, frame); err != nil {
			c.failed(err)
		}
		cancel()
	}
	if o.done(frame) {
		c.mu.Lock()
		c.waiting = append(c.waiting, o) // this goroutine looks again: none is woken
		c.mu.Unlock()
	}
}
