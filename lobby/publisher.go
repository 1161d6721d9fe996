package lobby

import (
	"context"
	"time"

	"github.com/sandlot-server/sandlot/lobby/bus"
)

// publishBound is how many messages wait for the bus. What finds the queue full
// is lost to other instances, which see the gap in the offsets and ask again.
const publishBound = 1024

// publisher carries what Loops publish to the bus and the Store, so that no Loop
// waits for either. A nil one, of an instance alone, does nothing.
type publisher struct {
	bus     bus.Bus
	store   bus.Store
	metrics Metrics
	queue   chan publication
}

type publication struct {
	channel string
	payload []byte
	history string // also appended to this one, if not empty
}

func newPublisher(b bus.Bus, s bus.Store, m Metrics) *publisher {
	if b == nil {
		return nil
	}
	return &publisher{bus: b, store: s, metrics: m, queue: make(chan publication, publishBound)}
}

// publish never blocks.
func (p *publisher) publish(channel string, payload []byte, history string) {
	if p == nil {
		return
	}
	select {
	case p.queue <- publication{channel, payload, history}:
	default:
		p.metrics.BusDropped(1)
	}
}

// run publishes until ctx is done, then what is left for a moment longer.
func (p *publisher) run(ctx context.Context) {
	for {
		select {
		case m := <-p.queue:
			p.carry(ctx, m)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 300*time.Millisecond)
			defer cancel()
			for len(p.queue) > 0 && last.Err() == nil {
				p.carry(last, <-p.queue)
			}
			return
		}
	}
}

// carry does not even try while the bus is known to be down: the queue would
// only fill with what is late.
func (p *publisher) carry(ctx context.Context, m publication) {
	if p.bus.Healthy() != nil {
		p.metrics.BusDropped(1)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if m.history != "" {
		if err := p.store.Append(ctx, m.history, m.payload, chatKept, historyTTL); err != nil {
			p.metrics.StoreError("chat")
		}
	}
	if err := p.bus.Publish(ctx, m.channel, m.payload); err != nil {
		p.metrics.StoreError("publish")
	}
}
