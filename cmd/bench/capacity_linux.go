package main

import (
	"context"
	"time"
)

const (
	// carried is what a client must see at the 99th percentile: a snapshot
	// interval of one and a half ticks at 20 Hz, in milliseconds.
	carried = 75.0
	// capacityStep is how finely the search ends.
	capacityStep = 250
)

// capacity is how many clients in lobbies of 8 one core carries.
type capacity struct {
	Clients int      `json:"clients"`
	Tried   []figure `json:"tried"`
}

// searchCapacity goes up by thousands to the first number that is too much,
// then halves down between that and the last that was not.
func (p plan) searchCapacity(ctx context.Context) (*capacity, error) {
	p.window = min(p.window, 6*time.Second)
	c := &capacity{}
	try := func(n int) (bool, error) {
		f, err := p.sandlot(ctx, benchGame, n, lobbySize)
		if err != nil {
			return false, err
		}
		c.Tried = append(c.Tried, f)
		ok := f.carried()
		progress("%d clients: interval p99 %.1f ms, %.1f %% delivered, load %.0f %%, generator %.0f %%, carried: %v",
			n, f.IntervalP99, 100*f.Delivered, 100*f.ServerLoad, 100*f.GeneratorCPU, ok)
		if ok {
			c.Clients = max(c.Clients, n)
		}
		return ok, nil
	}
	low, high := 0, 3000
	for ; high <= 12000; low, high = high, high+1000 {
		ok, err := try(high)
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
	}
	for high-low > capacityStep {
		middle := (low + high) / 2
		ok, err := try(middle)
		if err != nil {
			return nil, err
		}
		if ok {
			low = middle
		} else {
			high = middle
		}
	}
	return c, nil
}

// carried says whether clients were served as they should be: regularly, with
// hardly a state left out, and none lost.
func (f figure) carried() bool {
	return f.IntervalP99 < carried && f.Delivered > 0.98 && f.Lost == 0
}
