package lobby_test

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/sandlot-server/sandlot/lobby/bus"
)

// severed is a link to the others that is cut without notice: to them the
// instance behind it is dead.
type severed struct {
	bus.Bus
	bus.Store
	off atomic.Bool
	tap func(channel string, payload []byte) // sees what is published; may be nil
}

func (s *severed) Publish(ctx context.Context, channel string, payload []byte) error {
	if s.off.Load() {
		return nil
	}
	if s.tap != nil {
		s.tap(channel, payload)
	}
	return s.Bus.Publish(ctx, channel, payload)
}

func (s *severed) Put(ctx context.Context, kind string, leases []bus.Lease, ttl time.Duration) error {
	if s.off.Load() {
		return nil
	}
	return s.Store.Put(ctx, kind, leases, ttl)
}
