package lobby

import (
	"context"
	"hash/maphash"
	"sync"
	"time"

	"github.com/sandlot-server/sandlot/lobby/bus"
)

// The publisher has so many lanes, and in each so many messages wait for the
// bus. What finds its lane full is lost to other instances, which see the gap in
// the offsets and ask again.
const (
	publishLanes = 8
	publishBound = 256
)

// publishWait is how long one message may take to be published.
const publishWait = time.Second

// publisher carries what Loops publish to the bus and the Store, so that no Loop
// waits for either. All of one channel goes by one lane, in order; lanes do not
// wait for each other. A nil one, of an instance alone, does nothing.
type publisher struct {
	bus     bus.Bus
	store   bus.Store
	metrics Metrics
	seed    maphash.Seed
	lanes   [publishLanes]chan publication
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
	p := &publisher{bus: b, store: s, metrics: m, seed: maphash.MakeSeed()}
	for i := range p.lanes {
		p.lanes[i] = make(chan publication, publishBound)
	}
	return p
}

// publish never blocks.
func (p *publisher) publish(channel string, payload []byte, history string) {
	if p == nil {
		return
	}
	select {
	case p.lanes[maphash.String(p.seed, channel)%publishLanes] <- publication{channel, payload, history}:
	default:
		p.metrics.BusDropped(1)
	}
}

// run publishes until ctx is done, then what is left for a moment longer.
func (p *publisher) run(ctx context.Context) {
	var lanes sync.WaitGroup
	defer lanes.Wait()
	for _, lane := range p.lanes {
		lanes.Go(func() { p.runLane(ctx, lane) })
	}
}

func (p *publisher) runLane(ctx context.Context, lane chan publication) {
	for {
		select {
		case m := <-lane:
			p.carry(ctx, m)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 300*time.Millisecond)
			defer cancel()
			for len(lane) > 0 && last.Err() == nil {
				p.carry(last, <-lane)
			}
			return
		}
	}
}

// carry publishes first: who hears of a message before the history has it asks
// the home for it. What cannot be published is not kept either: the home has it,
// and to wait for a Store that is away would only make late what follows.
func (p *publisher) carry(ctx context.Context, m publication) {
	ctx, cancel := context.WithTimeout(ctx, publishWait)
	defer cancel()
	if err := p.bus.Publish(ctx, m.channel, m.payload); err != nil {
		p.metrics.StoreError("publish")
		return
	}
	if m.history == "" {
		return
	}
	if err := p.store.Append(ctx, m.history, m.payload, chatKept, historyTTL); err != nil {
		p.metrics.StoreError("chat")
	}
}
