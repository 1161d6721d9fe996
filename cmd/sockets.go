package cmd

import (
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/sandlot-server/sandlot/lobby/api"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/ws"
)

// sockets bounds how many WebSockets an address opens and holds, and how many
// there are in all. It implements ws.Gate. A credential that is signed as a load
// test counts in all but not for its address.
type sockets struct {
	each, most int
	rate       *buckets
	isLoad     func(credential string) bool

	mu   sync.Mutex
	all  int
	held map[netip.Prefix]int // above 0
}

var _ ws.Gate = (*sockets)(nil)

func newSockets(c *Config, isLoad func(string) bool) *sockets {
	l := c.Limits
	return &sockets{
		each: l.SocketsPerAddress, most: l.Sockets, isLoad: isLoad, held: map[netip.Prefix]int{},
		rate: newBuckets(rate.Limit(l.HandshakeRate), l.HandshakeBurst),
	}
}

// Enter implements ws.Gate.
func (s *sockets) Enter(remote string, credential func() string) (func(), *session.Refusal) {
	from, exempt := addressOf(remote)
	if !exempt {
		after, ok := s.rate.take(from, time.Now())
		if !ok || !s.room(from) {
			// Whether it is exempt is asked last: that costs a signature.
			if !s.isLoad(credential()) {
				return nil, tooMany(max(after, time.Second))
			}
			exempt = true
		}
	}
	return s.hold(from, !exempt)
}

func (s *sockets) room(from netip.Prefix) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.held[from] < s.each
}

// hold takes a place for good; counted says whether its address has one less.
func (s *sockets) hold(from netip.Prefix, counted bool) (func(), *session.Refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all >= s.most {
		return nil, &session.Refusal{
			Status: http.StatusServiceUnavailable, Code: "at_capacity", Message: "there is no room for another connection here",
			Reason: session.Busy, RetryAfter: 5 * time.Second,
		}
	}
	if counted && s.held[from] >= s.each {
		return nil, tooMany(time.Second)
	}
	s.all++
	if counted {
		s.held[from]++
	}
	return func() { s.release(from, counted) }, nil
}

func (s *sockets) release(from netip.Prefix, counted bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all--
	if !counted {
		return
	}
	if s.held[from]--; s.held[from] == 0 {
		delete(s.held, from)
	}
}

func tooMany(after time.Duration) *session.Refusal {
	return &session.Refusal{
		Status: http.StatusTooManyRequests, Code: "rate_limited", Message: "too many connections from this address",
		Reason: session.Busy, RetryAfter: after,
	}
}

// streams counts answers that go on as long as the client likes as sockets.
func (s *sockets) streams(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !api.Lasts(r) {
			next.ServeHTTP(w, r)
			return
		}
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		leave, no := s.Enter(r.RemoteAddr, func() string { return token })
		if no != nil {
			api.NewProblem(no.Code, no.Message, no.RetryAfter).Write(w)
			return
		}
		defer leave()
		next.ServeHTTP(w, r)
	})
}
