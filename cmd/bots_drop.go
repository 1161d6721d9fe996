package cmd

import (
	"context"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/sim"
)

// cord is the connection beneath a bot's socket, kept to be cut.
type cord struct {
	mu   sync.Mutex
	conn net.Conn // the newest; nil: none yet
}

func (k *cord) dial(next sim.DialFunc) sim.DialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := next(ctx, network, address)
		if err == nil {
			k.mu.Lock()
			k.conn = c
			k.mu.Unlock()
		}
		return c, err
	}
}

// cut ends it as a lost network does, without a goodbye.
func (k *cord) cut() {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch c := k.conn.(type) {
	case nil:
	case *sim.Conn:
		c.Break()
	default:
		if t, ok := c.(*net.TCPConn); ok {
			_ = t.SetLinger(0) // a reset
		}
		_ = c.Close() // it is to be broken
	}
}

// drop is the moment at which all connections are cut, and what follows.
type drop struct {
	mu    sync.Mutex
	at    time.Time // zero: not yet
	backs []time.Duration
}

// drop cuts all connections at once.
func (c *crowd) drop() {
	c.dropped.mu.Lock()
	c.dropped.at = time.Now()
	c.dropped.mu.Unlock()
	for _, b := range c.everyone() {
		b.cord.cut()
	}
}

// back notes that a bot that was online is so again.
func (d *drop) back() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.at.IsZero() {
		d.backs = append(d.backs, time.Since(d.at))
	}
}

// comeback is how the bots came back after the drop.
type comeback struct {
	Count int     `json:"count"`
	P50   float64 `json:"p50"`
	P99   float64 `json:"p99"`
	Last  float64 `json:"last"`
	In100 int     `json:"mostIn100Ms"`
	Per   []int   `json:"per250Ms"`
}

// quarter is how long a bar of the histogram stands for; later than quarters of
// them counts for the last.
const (
	quarter  = 250 * time.Millisecond
	quarters = 80
)

// report sums up; nil if nothing was dropped.
func (d *drop) report() *comeback {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.at.IsZero() {
		return nil
	}
	slices.Sort(d.backs)
	r := &comeback{Count: len(d.backs)}
	var h client.Hist
	for i, first := 0, 0; i < len(d.backs); i++ {
		h.Add(d.backs[i])
		for d.backs[i]-d.backs[first] >= 100*time.Millisecond {
			first++
		}
		r.In100 = max(r.In100, i-first+1)
		bar := min(int(d.backs[i]/quarter), quarters-1)
		for len(r.Per) <= bar {
			r.Per = append(r.Per, 0)
		}
		r.Per[bar]++
		r.Last = float64(d.backs[i].Microseconds()) / 1000
	}
	q := quantilesOf(&h)
	r.P50, r.P99 = q.P50, q.P99
	return r
}
