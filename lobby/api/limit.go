package api

import (
	"math"
	"net"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxAddresses is how many addresses are remembered.
const maxAddresses = 1 << 14

// limiter is a token bucket an address: IPv4 by itself, IPv6 by its /64, which is
// what one customer gets. Loopback is exempt. Safe for concurrent use.
type limiter struct {
	rate  rate.Limit
	burst int
	now   func() time.Time

	mu  sync.Mutex // held for a map access and some arithmetic
	bys map[netip.Prefix]*rate.Limiter
}

func newLimiter(perSecond float64, burst int) *limiter {
	return &limiter{rate: rate.Limit(perSecond), burst: burst, now: time.Now, bys: map[netip.Prefix]*rate.Limiter{}}
}

// allow takes one from the bucket of the address, host:port. When it is empty it
// says how long until there is one more.
func (l *limiter) allow(remote string) (after time.Duration, ok bool) {
	if l.rate <= 0 {
		return 0, true
	}
	prefix, limited := prefixOf(remote)
	if !limited {
		return 0, true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	b := l.bys[prefix]
	if b == nil {
		l.makeRoom(now)
		b = rate.NewLimiter(l.rate, l.burst)
		l.bys[prefix] = b
	}
	if b.AllowN(now, 1) {
		return 0, true
	}
	missing := 1 - b.TokensAt(now)
	return max(time.Second, time.Duration(math.Ceil(missing/float64(l.rate)))*time.Second), false
}

// makeRoom forgets the addresses whose bucket is full again: nothing is lost by
// that. If none is, one at random goes, so that memory stays bounded.
func (l *limiter) makeRoom(now time.Time) {
	if len(l.bys) < maxAddresses {
		return
	}
	for p, b := range l.bys {
		if b.TokensAt(now) >= float64(l.burst) {
			delete(l.bys, p)
		}
	}
	for p := range l.bys {
		if len(l.bys) < maxAddresses {
			return
		}
		delete(l.bys, p)
	}
}

func prefixOf(remote string) (p netip.Prefix, limited bool) {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Prefix{}, true // all that have no address share one bucket
	}
	addr = addr.Unmap().WithZone("")
	if addr.IsLoopback() {
		return netip.Prefix{}, false
	}
	bits := 32
	if addr.Is6() {
		bits = 64
	}
	p, _ = addr.Prefix(bits)
	return p, true
}
