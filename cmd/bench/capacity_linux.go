package main

import (
	"context"
	"fmt"
	"time"
)

const (
	// carried is what a client must see at the 99th percentile: a snapshot
	// interval of one and a half ticks at 20 Hz, in milliseconds.
	carried = 75.0
	// The search begins and ends at, and ends as finely as:
	capacityFirst = 2000
	capacityMost  = 12000
	capacityStep  = 250
)

// capacity is how many clients in lobbies of 8 one core carries, beside how many
// it carries for the bare reference.
type capacity struct {
	Sandlot   int      `json:"sandlot"`
	Reference int      `json:"gws"`
	Tried     []figure `json:"tried"`
}

func (p plan) searchCapacity(ctx context.Context) (*capacity, error) {
	p.window = min(p.window, 6*time.Second)
	c := &capacity{}
	for _, server := range []struct {
		name    string
		most    *int
		measure func(n int) (figure, error)
	}{
		{"bare gws", &c.Reference, func(n int) (figure, error) { return p.reference(ctx, n, lobbySize) }},
		{"sandlot", &c.Sandlot, func(n int) (figure, error) { return p.sandlot(ctx, benchGame, n, lobbySize) }},
	} {
		most, err := search(func(n int) (bool, error) {
			// Once is enough: on a shared machine noise only takes away.
			for range p.rounds {
				f, err := server.measure(n)
				if err != nil {
					return false, err
				}
				c.Tried = append(c.Tried, f)
				progress("%s, %d clients: interval p99 %.1f ms, %.1f %% delivered, load %.0f %%, generator %.0f %%, carried: %v",
					server.name, n, f.IntervalP99, 100*f.Delivered, 100*f.ServerLoad, 100*f.GeneratorCPU, f.carried())
				if f.carried() {
					return true, nil
				}
			}
			return false, nil
		})
		if err != nil {
			return nil, fmt.Errorf("capacity of %s: %w", server.name, err)
		}
		*server.most = most
	}
	return c, nil
}

// search goes up by thousands to the first number that is too much, then halves
// down between that and the last that was not.
func search(carried func(n int) (bool, error)) (int, error) {
	low, high := 0, capacityFirst
	for ; high <= capacityMost; low, high = high, high+1000 {
		ok, err := carried(high)
		if err != nil {
			return 0, err
		}
		if !ok {
			break
		}
	}
	for high-low > capacityStep {
		middle := (low + high) / 2
		ok, err := carried(middle)
		if err != nil {
			return 0, err
		}
		if ok {
			low = middle
		} else {
			high = middle
		}
	}
	return low, nil
}

// carried says whether clients were served as they should be: regularly, with
// hardly a state left out, and none lost.
func (f figure) carried() bool {
	return f.IntervalP99 < carried && f.Delivered > 0.98 && f.Lost == 0
}
