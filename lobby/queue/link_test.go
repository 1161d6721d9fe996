package queue_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/sandlot-server/sandlot/lobby/bus"
)

var errCut = errors.New("the link is cut")

// both is what several instances share.
type both interface {
	bus.Bus
	bus.Records
}

// link is what one instance has of it, over a network with faults.
type link struct {
	both

	mu     sync.Mutex
	cut    bool
	gate   chan struct{} // whoever asks waits until it is closed: a process that is frozen
	chance *rand.Rand    // nil: no other faults
	late   int           // writes of a term that was over
	mute   bool          // answers are lost
}

// set cuts the link or mends it.
func (l *link) set(cut bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = cut
}

// lose lets answers be lost, or no longer.
func (l *link) lose(mute bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.mute = mute
}

// freeze stops whatever asks until thaw is called.
func (l *link) freeze() (thaw func()) {
	gate := make(chan struct{})
	l.mu.Lock()
	defer l.mu.Unlock()
	l.gate = gate
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.gate == gate {
			l.gate = nil
			close(gate)
		}
	}
}

// through is one call: what it asks may be lost, and so may the answer.
func through[T any](ctx context.Context, l *link, call func(context.Context) (T, error)) (none T, err error) {
	l.mu.Lock()
	gate, cut, lost, lostAnswer := l.gate, l.cut, false, l.mute
	if l.chance != nil {
		lost, lostAnswer = l.chance.IntN(100) == 0, l.chance.IntN(50) == 0
	}
	l.mu.Unlock()
	if gate != nil { // what was sent arrives in the end, whatever its sender's clock says
		<-gate
		ctx = context.WithoutCancel(ctx)
	}
	if cut || lost {
		return none, errCut
	}
	out, err := call(ctx)
	if lostAnswer {
		return none, errCut
	}
	return out, err
}

func (l *link) Write(ctx context.Context, kind string, c bus.Change) error {
	_, err := through(ctx, l, func(ctx context.Context) (int, error) { return 0, l.both.Write(ctx, kind, c) })
	if errors.Is(err, bus.ErrDeposed) {
		l.mu.Lock()
		l.late++
		l.mu.Unlock()
	}
	return err
}

func (l *link) Read(ctx context.Context, kind string, ids ...string) ([]bus.Record, error) {
	return through(ctx, l, func(ctx context.Context) ([]bus.Record, error) { return l.both.Read(ctx, kind, ids...) })
}

func (l *link) Named(ctx context.Context, kind, name string) (bus.Record, error) {
	return through(ctx, l, func(ctx context.Context) (bus.Record, error) { return l.both.Named(ctx, kind, name) })
}

func (l *link) Written(ctx context.Context, kind string, from uint64, most int) (bus.Feed, error) {
	return through(ctx, l, func(ctx context.Context) (bus.Feed, error) { return l.both.Written(ctx, kind, from, most) })
}

func (l *link) Renew(ctx context.Context, kind string, epoch, count uint64) error {
	_, err := through(ctx, l, func(ctx context.Context) (int, error) { return 0, l.both.Renew(ctx, kind, epoch, count) })
	return err
}

func (l *link) Lead(ctx context.Context, kind, who string, ttl time.Duration) (uint64, error) {
	return through(ctx, l, func(ctx context.Context) (uint64, error) { return l.both.Lead(ctx, kind, who, ttl) })
}

func (l *link) Publish(ctx context.Context, channel string, payload []byte) error {
	_, err := through(ctx, l, func(ctx context.Context) (int, error) { return 0, l.both.Publish(ctx, channel, payload) })
	return err
}

func (l *link) Subscribe(channel string, h bus.Handler) bus.Subscription {
	return l.both.Subscribe(channel, bus.Handler{
		Message: func(p []byte) {
			l.mu.Lock()
			cut := l.cut || l.chance != nil && l.chance.IntN(4) == 0
			l.mu.Unlock()
			if !cut {
				h.Message(p)
			}
		},
		Gap: h.Gap,
	})
}
