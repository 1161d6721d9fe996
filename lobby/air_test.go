package lobby_test

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/sandlot-server/sandlot/lobby/bus"
)

// air is what one instance reaches the others through, and where tests do harm:
// it can be cut, and what lies behind it can be another, empty one.
type air struct {
	mu   sync.Mutex
	cut  bool
	with *bus.Memory
}

var errCut = errors.New("the air is cut")

func (a *air) set(f func(*air)) { a.mu.Lock(); defer a.mu.Unlock(); f(a) }

// store is what lies behind it, unless it is cut.
func (a *air) store() (*bus.Memory, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.cut {
		return nil, errCut
	}
	return a.with, nil
}

func (a *air) Publish(ctx context.Context, channel string, p []byte) error {
	m, err := a.store()
	if err != nil {
		return err
	}
	return m.Publish(ctx, channel, p)
}

// Subscribe is at the first thing behind it.
func (a *air) Subscribe(channel string, h bus.Handler) bus.Subscription {
	return a.with.Subscribe(channel, h)
}

func (a *air) Healthy() error { _, err := a.store(); return err }

func (a *air) Reach(string) error { return a.Healthy() }

func (a *air) Put(ctx context.Context, kind string, l []bus.Lease, ttl time.Duration) error {
	m, err := a.store()
	if err != nil {
		return err
	}
	return m.Put(ctx, kind, l, ttl)
}

func (a *air) First(ctx context.Context, kind string, l bus.Lease, ttl time.Duration, not ...string) ([]byte, error) {
	m, err := a.store()
	if err != nil {
		return nil, err
	}
	return m.First(ctx, kind, l, ttl, not...)
}

func (a *air) Get(ctx context.Context, kind, id string) ([]byte, error) {
	m, err := a.store()
	if err != nil {
		return nil, err
	}
	return m.Get(ctx, kind, id)
}

func (a *air) List(ctx context.Context, kind string) ([]bus.Lease, error) {
	m, err := a.store()
	if err != nil {
		return nil, err
	}
	return m.List(ctx, kind)
}

func (a *air) Drop(ctx context.Context, kind string, ids ...string) error {
	m, err := a.store()
	if err != nil {
		return err
	}
	return m.Drop(ctx, kind, ids...)
}

func (a *air) Append(ctx context.Context, history string, entry []byte, max int, ttl time.Duration) error {
	m, err := a.store()
	if err != nil {
		return err
	}
	return m.Append(ctx, history, entry, max, ttl)
}

func (a *air) Newest(ctx context.Context, history string, n int) ([][]byte, error) {
	m, err := a.store()
	if err != nil {
		return nil, err
	}
	return m.Newest(ctx, history, n)
}
