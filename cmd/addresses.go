package cmd

import (
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxAddresses is how many addresses a table remembers.
const maxAddresses = 1 << 14

// addressOf is whom limits count for host:port: an IPv4 address by itself, an IPv6
// one by its /64, which is what one customer gets. Loopback is exempt: that is the
// operator, or a proxy on this machine that says whom it speaks for. What is no
// address is counted as one.
func addressOf(remote string) (p netip.Prefix, exempt bool) {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Prefix{}, false
	}
	if addr = addr.Unmap().WithZone(""); addr.IsLoopback() {
		return netip.Prefix{}, true
	}
	bits := 32
	if addr.Is6() {
		bits = 64
	}
	p, _ = addr.Prefix(bits)
	return p, false
}

// stranger is what a request's address becomes when it came over loopback with a
// forwarded address that is not believed: somebody behind a proxy that was not
// declared, who must not share in loopback's exemption.
const stranger = "undeclared proxy"

// isForwarded says whether somebody claims to speak for another.
func isForwarded(r *http.Request) bool {
	return r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != "" || r.Header.Get("X-Real-Ip") != ""
}

// buckets is a token bucket an address, at most maxAddresses of them: when there
// are more, those that are full again go, and if none is, some at random. Safe for
// concurrent use.
type buckets struct {
	every rate.Limit // tokens a second
	burst int

	mu  sync.Mutex // held for a map access and some arithmetic
	all map[netip.Prefix]*rate.Limiter
}

func newBuckets(every rate.Limit, burst int) *buckets {
	return &buckets{every: every, burst: burst, all: map[netip.Prefix]*rate.Limiter{}}
}

// perMinute is a bucket of n tokens that fills in a minute.
func perMinute(n int) *buckets { return newBuckets(rate.Limit(float64(n)/60), n) }

// take takes a token, or says how long until there is one.
func (b *buckets) take(p netip.Prefix, now time.Time) (after time.Duration, ok bool) {
	return b.ask(p, now, 1)
}

// has says whether there is a token, without taking it.
func (b *buckets) has(p netip.Prefix, now time.Time) (after time.Duration, ok bool) {
	return b.ask(p, now, 0)
}

func (b *buckets) ask(p netip.Prefix, now time.Time, n int) (after time.Duration, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	one := b.all[p]
	if one == nil {
		b.makeRoom(now)
		one = rate.NewLimiter(b.every, b.burst)
		b.all[p] = one
	}
	if missing := 1 - one.TokensAt(now); missing > 0 {
		wait := time.Duration(missing / float64(b.every) * float64(time.Second))
		return max(wait.Round(time.Second), time.Second), false
	}
	return 0, one.AllowN(now, n)
}

func (b *buckets) makeRoom(now time.Time) {
	if len(b.all) < maxAddresses {
		return
	}
	for p, one := range b.all {
		if one.TokensAt(now) >= float64(b.burst) {
			delete(b.all, p)
		}
	}
	for p := range b.all {
		if len(b.all) < maxAddresses {
			return
		}
		delete(b.all, p)
	}
}
