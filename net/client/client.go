package client

import (
	"context"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// Client plays in one lobby. Make one with New and Run it, or Dial. Its methods
// are safe for concurrent use where they do not say otherwise.
type Client struct {
	o     Options
	name  string    // for the server to tell this client's attempts apart from another's
	epoch time.Time // of the client's own clock
	route route     // Run's goroutine only

	account  account
	renewals sync.WaitGroup // at most one
	renewing atomic.Bool

	// turn is held while a message is handled and while a callback runs. It
	// guards these.
	turn   sync.Mutex
	mirror *state.Mirror
	msg    wire.ServerMessage
	lost   bool // a delta could not be applied: only a keyframe helps

	// out is held while something is encoded and written, so that inputs leave
	// in the order of their numbers. It is taken after turn and before mu.
	out sync.Mutex
	buf []byte

	mu sync.Mutex
	view
	socket Socket
	cancel context.CancelFunc
	wake   chan struct{} // to the tick goroutine: a match runs; holds one
	online chan struct{} // closed at the first welcome
	done   chan struct{} // closed when Run returns
	err    error         // what Run returned
}

// view is what the client knows, but for the mirror. Client.mu guards it.
type view struct {
	welcome  wire.Welcome
	welcomed bool
	events   uint64 // of the events lane, counted for coming back
	lobby    wire.Lobby
	members  map[state.Player]wire.Member
	knocks   map[uint16]string
	tick     uint32 // newest state
	tickAt   time.Duration
	hasState bool
	applied  uint32 // newest input the game has consumed
	margin   int
	rate     int
	match    uint32 // number of the match, 0 before one
	seq      uint32 // newest input sent
	commands commands
	inputAt  time.Duration
	clock    Clock
	pace     Pace
	inputs   inFlight
	stats    Stats
}

// New makes a client. It does nothing until Run.
func New(o Options) *Client {
	c := &Client{
		o:      o.withDefaults(),
		name:   strconv.FormatUint(rand.Uint64()>>1, 36),
		epoch:  time.Now(),
		wake:   make(chan struct{}, 1),
		online: make(chan struct{}),
		done:   make(chan struct{}),
	}
	c.members, c.knocks = map[state.Player]wire.Member{}, map[uint16]string{}
	c.account.token = o.Token
	c.route.joined, c.route.base = o.Joined, c.o.URL
	c.route.renews = o.Renew != nil || o.Token == "" && o.Name != ""
	return c
}

// Dial makes a client, runs it on a goroutine of its own and waits until it is
// welcomed. It ends by Close, or by itself; Done tells. ctx bounds the wait only.
func Dial(ctx context.Context, o Options) (*Client, error) {
	c := New(o)
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	go func() {
		defer cancel()
		_ = c.Run(run) // kept as Err
	}()
	select {
	case <-c.online:
		return c, nil
	case <-c.done:
		if err := c.Err(); err != nil {
			return nil, err
		}
		return nil, context.Canceled
	case <-ctx.Done():
		cancel()
		<-c.done
		return nil, ctx.Err()
	}
}

// Close says goodbye and makes Run return. The seat is kept for the hold time.
// It does not wait: see Done. Before Run it does nothing.
func (c *Client) Close() {
	c.mu.Lock()
	cancel := c.cancel
	c.mu.Unlock()
	if cancel != nil {
		cancel()
	}
}

// Done is closed when Run has returned.
func (c *Client) Done() <-chan struct{} { return c.done }

// Err is what Run returned; nil before.
func (c *Client) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// Do calls f while no callback runs and nothing is read, so that f may look at
// the mirror. It must not be called from a callback.
func (c *Client) Do(f func()) {
	c.turn.Lock()
	defer c.turn.Unlock()
	f()
}

// Mirror is the state as last received; nil before the welcome. It may be looked
// at only in a callback or in Do, and a new match or connection has another.
func (c *Client) Mirror() *state.Mirror { return c.mirror }
