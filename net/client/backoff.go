package client

import "time"

// Backoff is how a client waits between attempts: a random time from zero to a
// ceiling that doubles with each attempt, so that many clients of a server that
// came back do not arrive at once ("full jitter": Brooker, Exponential Backoff
// And Jitter, AWS Architecture Blog, 2015).
type Backoff struct {
	First    time.Duration // ceiling of the first wait; 500 ms by default
	Most     time.Duration // highest ceiling; 10 s by default
	Attempts int           // in a row without success before giving up; 10 by default, < 0 never
}

func (b Backoff) withDefaults() Backoff {
	if b.First <= 0 {
		b.First = 500 * time.Millisecond
	}
	if b.Most <= 0 {
		b.Most = 10 * time.Second
	}
	if b.Attempts == 0 {
		b.Attempts = 10
	}
	return b
}

// Wait returns how long to wait before attempt n, counted from 0, with chance in
// [0, 1) and at least as long as the server asked for.
func (b Backoff) Wait(n int, chance float64, atLeast time.Duration) time.Duration {
	b = b.withDefaults()
	ceiling := b.First
	for range n {
		if ceiling *= 2; ceiling >= b.Most {
			break
		}
	}
	return atLeast + time.Duration(chance*float64(min(ceiling, b.Most)))
}

// over reports whether attempt n, counted from 0, is one too many.
func (b Backoff) over(n int) bool { return b.Attempts >= 0 && n >= b.Attempts }
