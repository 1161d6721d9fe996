package main

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"
)

// latenessEnv names the address where the server under test tells how late its
// ticks were.
const latenessEnv = "SANDLOT_BENCH_LATENESS"

// lateness is how late ticks began, and beside them the firings of a timer in
// the same process that has nothing to do.
type lateness struct {
	Ticks late `json:"ticks"`
	Timer late `json:"timer"`
}

// late is a distribution in milliseconds.
type late struct {
	N   int     `json:"n"`
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
}

// series are moments that should be a period apart: each is late by what it is
// behind the earliest, all moved to one period.
type series struct {
	least time.Duration
	at    []time.Duration // less n periods
}

func (s *series) note(n uint32, period time.Duration) {
	at := time.Since(born) - time.Duration(n)*period
	if len(s.at) == 0 || at < s.least {
		s.least = at
	}
	s.at = append(s.at, at)
}

var (
	born  = time.Now()
	notes struct {
		sync.Mutex
		ticks map[any]*series
		timer series
	}
)

// noteTick says that tick n of a match begins.
func noteTick(match any, n uint32) {
	notes.Lock()
	defer notes.Unlock()
	s := notes.ticks[match]
	if s == nil {
		s = &series{}
		if notes.ticks == nil {
			notes.ticks = map[any]*series{}
		}
		notes.ticks[match] = s
	}
	s.note(n, time.Second/benchRate)
}

// timerPeriod is that of the timer beside: as the ticks', but oftener, so that
// there are enough of them.
const timerPeriod = 10 * time.Millisecond

func runTimer() {
	timer := time.NewTimer(0)
	epoch := time.Now()
	for n := uint32(1); ; n++ {
		timer.Reset(time.Until(epoch.Add(time.Duration(n) * timerPeriod)))
		<-timer.C
		notes.Lock()
		notes.timer.note(n, timerPeriod)
		notes.Unlock()
	}
}

// takeLateness gives what was noted since it was last called.
func takeLateness() lateness {
	notes.Lock()
	defer notes.Unlock()
	var out lateness
	var ticks []time.Duration
	for _, s := range notes.ticks {
		ticks = s.lates(ticks)
	}
	out.Ticks, out.Timer = distribution(ticks), distribution(notes.timer.lates(nil))
	notes.ticks, notes.timer = nil, series{}
	return out
}

func (s *series) lates(dst []time.Duration) []time.Duration {
	for _, at := range s.at {
		dst = append(dst, at-s.least)
	}
	return dst
}

func distribution(d []time.Duration) late {
	if len(d) == 0 {
		return late{}
	}
	slices.Sort(d)
	at := func(p float64) float64 { return float64(d[min(len(d)-1, int(p*float64(len(d))))]) / 1e6 }
	return late{N: len(d), P50: at(0.50), P99: at(0.99)}
}

// serveLateness tells it at addr, in the server under test; the timer runs from
// now on.
func serveLateness(addr string) error {
	if addr == "" {
		return nil
	}
	go runTimer()
	server := &http.Server{Addr: addr, ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(takeLateness())
	})}
	go func() { _ = server.ListenAndServe() }()
	return nil
}

// tickLateness asks the server for it; zero for the reference, which does not
// tell.
func (s *server) tickLateness(ctx context.Context) (out lateness, err error) {
	if s.lateness == "" {
		return out, nil
	}
	return out, fetchJSON(ctx, "http://"+s.lateness+"/", &out)
}
