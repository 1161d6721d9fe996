package bus

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// What Records refuse with.
var (
	ErrStale   = errors.New("a record has changed meanwhile")
	ErrFull    = errors.New("no room for another record")
	ErrDeposed = errors.New("another instance leads now")
	ErrLed     = errors.New("another instance leads")
)

// Held says that another record has a name.
type Held struct{ Name, ID string }

func (h *Held) Error() string { return fmt.Sprintf("record %s has the name %q", h.ID, h.Name) }

// Record is a value with a version that counts its writes.
type Record struct {
	ID      string
	Version uint64        // 1 in a new one, then one more in each write
	Value   []byte        //
	Names   []string      // written only: no other record of the kind has any of them meanwhile
	TTL     time.Duration // written only: it is forgotten so long after; 0 or less is at once
}

// Change is what a Write makes of records.
type Change struct {
	Term    uint64 // of Lead, if only the leader may; 0: anyone
	Most    int    // records of the kind; a new one above that is ErrFull
	Records []Record
}

// Feed is which records were written lately.
type Feed struct {
	IDs   []string // the longest ago first, each once
	Next  uint64   // to ask from next time
	Epoch uint64   // 0: nothing was ever written; another than before: all that was kept is lost
	Count uint64   // of changes and of the leader's words in the epoch; less than before: what is kept is of an earlier time
}

// Records are kept for all instances, by kind, and changed by any of them. All
// calls wait at most as long as ctx allows; one that failed with another error
// than the above may have happened, and may be repeated.
type Records interface {
	// Write writes all records or none: ErrStale if any is not one version above
	// what is kept, *Held if another has a name, ErrFull, or ErrDeposed if Term is
	// not the newest of the kind. A write that has happened just so, happens
	// again without a fault.
	Write(ctx context.Context, kind string, c Change) error
	// Read returns those of ids that are kept, in no order.
	Read(ctx context.Context, kind string, ids ...string) ([]Record, error)
	// Named returns the record that has a name, or ErrNone.
	Named(ctx context.Context, kind, name string) (Record, error)
	// Written names at most so many records that are kept and were written after
	// from, all if that is 0.
	Written(ctx context.Context, kind string, from uint64, most int) (Feed, error)
	// Renew forgets all of a kind and begins a new epoch, as if all had been lost, if it
	// is of this epoch and counts less than count. Whoever has seen it count more calls
	// this before anything is decided by what is old.
	Renew(ctx context.Context, kind string, epoch, count uint64) error
	// Lead makes who the leader of a kind for ttl, or keeps it so, and returns its
	// term; ErrLed if another leads. Each new leader's term is higher than all
	// before, also after everything was lost. A ttl of 0 resigns.
	Lead(ctx context.Context, kind, who string, ttl time.Duration) (term uint64, err error)
}
