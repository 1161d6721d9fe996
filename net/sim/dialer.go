package sim

import (
	"context"
	"math/rand/v2"
	"net"
	"sync/atomic"
	"time"
)

// DialFunc opens a connection, as net.Dialer's DialContext does.
type DialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// Dialer returns a function that dials and puts each connection behind the link,
// each with faults of its own from the seed, in the order of the calls. Opening
// one takes a round trip. A nil dial is net.Dialer's.
func Dialer(l Link, seed uint64, dial DialFunc) DialFunc {
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	if l.Perfect() {
		return dial
	}
	var dialled atomic.Uint64
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		own := rand.New(rand.NewPCG(seed+dialled.Add(1), streamDial))
		trip := NewLane(Link{Ping: 2 * l.Ping, Jitter: 2 * l.Jitter, Loss: l.Loss}, own.Uint64(), Up, time.Time{})
		at, _ := trip.Due(time.Time{}, packet)
		wait := time.NewTimer(at.Sub(time.Time{}))
		defer wait.Stop()
		select {
		case <-wait.C:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		c, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return Wrap(c, l, own.Uint64()), nil
	}
}
