package bus

import (
	"context"
	"errors"
	"time"
)

// ErrNone is returned for a lease that nobody holds (any longer).
var ErrNone = errors.New("no such lease")

// Lease is a value that its owner asserts again and again; it is gone when it
// was not asserted for its time to live.
type Lease struct {
	ID    string
	Value []byte
	Left  time.Duration // until it is gone, as List says; Put does not ask
}

// Store keeps what instances know of each other. All calls wait at most as long
// as ctx allows, and times run by the Store's own clock. What another instance
// wrote before is read. All may be lost at any moment (a Redis that comes back
// empty): owners assert again. Each call is idempotent: calling it again after an
// error does no harm, but for Append, which may then keep the entry twice.
type Store interface {
	// Put asserts leases of one kind for ttl, replacing earlier values.
	Put(ctx context.Context, kind string, leases []Lease, ttl time.Duration) error
	// First asserts a lease for ttl unless that one stands already, and returns the
	// value of the one that stands now: of all who call at once everyone gets the same.
	// One whose value is among not gives way.
	First(ctx context.Context, kind string, lease Lease, ttl time.Duration, not ...string) (value []byte, err error)
	// Get returns a live lease's value, or ErrNone.
	Get(ctx context.Context, kind, id string) ([]byte, error)
	// List returns the live leases of a kind, in no order, and how long each lasts
	// unless it is asserted again.
	List(ctx context.Context, kind string) ([]Lease, error)
	// Drop ends leases before their time.
	Drop(ctx context.Context, kind string, ids ...string) error
	// Append adds an entry to a history, which keeps about the newest max
	// entries (never fewer while there are as many) and is forgotten ttl after its last one.
	Append(ctx context.Context, history string, entry []byte, max int, ttl time.Duration) error
	// Newest returns at most n of the newest entries of a history, oldest first.
	Newest(ctx context.Context, history string, n int) ([][]byte, error)
}
