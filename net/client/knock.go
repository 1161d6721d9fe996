package client

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"
)

// codeApproval is the problem of a lobby whose host has been asked to let a player in.
const codeApproval = "approval_pending"

// Knock is Join where the host lets players in one by one: it asks again until it was
// let in or turned away, which is a *Problem with the code "kicked". Pending, which may
// be nil, is called each time that the host has not yet answered.
func (a *API) Knock(ctx context.Context, lobby, role string, pending func(again time.Duration)) (*Joined, error) {
	for attempt := 0; ; attempt++ {
		j, err := a.Join(ctx, lobby, role)
		var p *Problem
		switch {
		case err == nil:
			return j, nil
		case errors.As(err, &p) && p.Code == codeApproval:
			attempt = 0
			wait := max(p.RetryAfter, time.Second)
			if pending != nil {
				pending(wait)
			}
			if !sleep(ctx, wait) {
				return nil, ctx.Err()
			}
		case attempt > 0 && attempt < maxRetries && passing(err): // it was asked before, so it may go on
			if !sleep(ctx, Backoff{}.Wait(attempt, rand.Float64(), retryAfter(err))) {
				return nil, ctx.Err()
			}
		default:
			return nil, err
		}
	}
}

// maxRetries bounds requests that are made again, in a row.
const maxRetries = 5

// passing reports whether a request that failed so may do better later.
func passing(err error) bool {
	var p *Problem
	if !errors.As(err, &p) {
		return true // the network
	}
	return p.Status == http.StatusTooManyRequests || p.Status == http.StatusRequestTimeout || p.Status >= http.StatusInternalServerError
}

func retryAfter(err error) time.Duration {
	var p *Problem
	if errors.As(err, &p) {
		return p.RetryAfter
	}
	return 0
}
