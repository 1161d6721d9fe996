package queue_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/lobby/bus/bustest"
	"github.com/sandlot-server/sandlot/lobby/bus/redisbus"
	"github.com/sandlot-server/sandlot/lobby/queue"
)

// What a storm over instances is.
const (
	stormInstances = 3
	stormPlayers   = 40
	stormRounds    = 4
	stormFaults    = 8
	stormPatience  = 60 * time.Second // of one ticket
)

// storm is instances that come and go, freeze and lose their links, and the
// players who queue by them.
type storm struct {
	t     *testing.T
	redis *bustest.Redis

	mu      sync.Mutex
	chance  *rand.Rand
	number  int
	all     []*inStorm
	hosts   []*host // of those that died as well
	late    int     // writes of matchers that were replaced, refused
	matched map[string]string
	ends    map[queue.State]int
}

// inStorm is one instance.
type inStorm struct {
	*queue.Queue
	link *link
	end  func(kill bool)
}

func (s *storm) rand(n int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.chance.IntN(n)
}

// begin starts one more instance.
func (s *storm) begin() {
	r, err := redisbus.New(redisbus.Config{
		URL: s.redis.URL, Timeout: time.Second, Beat: 100 * time.Millisecond, Silent: time.Second,
	}, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var run sync.WaitGroup
	run.Go(func() { _ = r.Run(ctx) })
	s.mu.Lock()
	defer s.mu.Unlock()
	s.number++
	l := &link{both: r, chance: rand.New(rand.NewPCG(7, uint64(s.number)))}
	h := &host{name: fmt.Sprintf("%d-", s.number)}
	q, stop := start(s.t, func(c *queue.Config) {
		c.Every, c.Lease, c.Accept = 20*time.Millisecond, 400*time.Millisecond, 300*time.Millisecond
	}, queue.Deps{Host: h, Records: l, Bus: l})
	s.hosts = append(s.hosts, h)
	s.all = append(s.all, &inStorm{Queue: q, link: l, end: func(kill bool) {
		if kill {
			l.set(true) // it cannot say goodbye
		}
		stop()
		cancel()
		run.Wait()
		s.mu.Lock()
		s.late += l.late
		s.mu.Unlock()
	}})
}

func (s *storm) any() *inStorm {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all[s.chance.IntN(len(s.all))]
}

// leading is the instance that matches, as far as Redis knows; any if none does.
func (s *storm) leading() *inStorm {
	s.mu.Lock()
	all := s.all
	s.mu.Unlock()
	for _, i := range all {
		if i.Matches() {
			return i
		}
	}
	return s.any()
}

// faults does what makes life hard, mostly to the matcher.
func (s *storm) faults() {
	for range stormFaults {
		<-time.After(time.Duration(50+s.rand(200)) * time.Millisecond)
		i := s.leading()
		switch s.rand(4) {
		case 0: // killed, and another one started
			s.begin()
			s.mu.Lock()
			for at, other := range s.all {
				if other == i {
					s.all = append(s.all[:at:at], s.all[at+1:]...)
					break
				}
			}
			s.mu.Unlock()
			i.end(true)
		case 1: // cut from Redis
			i.link.set(true)
			<-time.After(time.Duration(s.rand(800)) * time.Millisecond)
			i.link.set(false)
		default: // frozen past its lease, in whatever it does, and thawed
			thaw := i.link.freeze()
			<-time.After(time.Duration(300+s.rand(500)) * time.Millisecond)
			thaw()
		}
	}
}

// player queues again and again, each time by whichever instance.
func (s *storm) player(n int) {
	for round := range stormRounds {
		name := fmt.Sprintf("p%d-%d", n, round)
		request := queue.Request{Game: "tag", Mode: []string{"duel", "teams", "polite"}[s.rand(3)], Key: "k"}
		deadline := time.Now().Add(stormPatience)
		var v queue.View
		for v.ID == "" {
			got, err := s.any().Queue.Queue(context.Background(), who(name), request)
			if err == nil {
				v = got
			} else if own := new(lobby.Error); !errors.As(err, &own) || own.Code != lobby.CodeUnavailable || time.Now().After(deadline) {
				s.t.Errorf("%s: %v", name, err)
				return
			}
		}
		s.follow(name, v, deadline)
	}
}

func (s *storm) follow(name string, v queue.View, deadline time.Time) {
	cancels := s.rand(6) == 0
	for v.State == queue.Queued || v.State == queue.Offered {
		if time.Now().After(deadline) {
			s.t.Errorf("%s is lost: %+v", name, v)
			return
		}
		i := s.any()
		if v.State == queue.Offered && v.Offer != nil && !v.Offer.You {
			_, _ = i.Answer(context.Background(), who(name), v.ID, s.rand(10) > 0)
		}
		if cancels && s.rand(3) == 0 {
			_ = i.Cancel(context.Background(), who(name), v.ID)
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Duration(s.rand(400))*time.Millisecond)
		next, err := i.Get(ctx, who(name), v.ID, v.Version)
		cancel()
		if own := new(lobby.Error); errors.As(err, &own) && own.Code == lobby.CodeNoTicket {
			s.t.Errorf("%s is not known any more: %+v", name, v)
			return
		}
		if err == nil {
			if next.Version < v.Version {
				s.t.Errorf("%s goes back from %+v to %+v", name, v, next)
			}
			v = next
		}
	}
	// It stays so, wherever one asks.
	for range 3 {
		if again, err := s.any().Get(context.Background(), who(name), v.ID, 0); err == nil && (again.State != v.State || again.Lobby != v.Lobby || again.Version != v.Version) {
			s.t.Errorf("%s was %+v and is %+v", name, v, again)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ends[v.State]++
	if v.State == queue.Matched {
		s.matched[name] = v.Lobby
	}
}

// Whatever happens to matchers, every ticket comes to one end, everyone in a
// match knows of it, and nobody is in two.
func TestStormOverInstances(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	s := &storm{
		t: t, redis: bustest.StartRedis(t), chance: rand.New(rand.NewPCG(seed, 1)), matched: map[string]string{}, ends: map[queue.State]int{},
	}
	for range stormInstances {
		s.begin()
	}
	var players sync.WaitGroup
	for n := range stormPlayers {
		players.Go(func() { s.player(n) })
	}
	// Odd ones out are left alone in the end: some more come until all have gone.
	s.faults()
	quit, extra := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(extra)
		s.strangers(quit)
	}()
	players.Wait()
	close(quit)
	<-extra
	for _, i := range s.all {
		i.end(false)
	}
	s.check()
	t.Logf("%d players: %v; %d matches opened by %d instances, %d late writes refused", stormPlayers*stormRounds, s.ends, s.opened(), s.number, s.late)
}

// strangers queue, so that the last of the players find company.
func (s *storm) strangers(quit <-chan struct{}) {
	var all sync.WaitGroup
	defer all.Wait()
	for n := 0; ; n++ {
		for _, mode := range []string{"duel", "teams", "polite"} {
			all.Go(func() { s.stranger(fmt.Sprintf("stranger%d-%s", n, mode), mode, quit) })
		}
		select {
		case <-quit:
			return
		case <-time.After(500 * time.Millisecond):
		}
	}
}

// stranger queues once and accepts whatever is offered.
func (s *storm) stranger(name, mode string, quit <-chan struct{}) {
	v, err := s.any().Queue.Queue(context.Background(), who(name), queue.Request{Game: "tag", Mode: mode, Key: "k"})
	for err == nil && (v.State == queue.Queued || v.State == queue.Offered) {
		i := s.any()
		if v.Offer != nil {
			_, _ = i.Answer(context.Background(), who(name), v.ID, true)
		}
		select {
		case <-quit:
			_ = i.Cancel(context.Background(), who(name), v.ID)
			return
		case <-time.After(50 * time.Millisecond):
		}
		if next, err := i.Get(context.Background(), who(name), v.ID, 0); err == nil {
			v = next
		}
	}
}

func (s *storm) opened() (n int) {
	for _, h := range s.hosts {
		n += len(h.matches())
	}
	return n
}

// check holds the matches that were opened against what the players know: of each
// all of them or none, and each player of one at most.
func (s *storm) check() {
	in := 0
	for _, h := range s.hosts {
		for i, o := range h.opened {
			id := fmt.Sprintf("%slobby%d", h.name, i+1)
			known, people := 0, 0
			for _, team := range o.Teams {
				for _, p := range team {
					if p.Who.Name[0] != 'p' {
						continue
					}
					people++
					if s.matched[p.Who.Name] == id {
						known++
					}
				}
			}
			if known != 0 && known != people {
				s.t.Errorf("of %d in %s only %d know", people, id, known)
			}
			in += known
		}
	}
	if in == 0 || in != len(s.matched) {
		s.t.Errorf("%d places, %d matched", in, len(s.matched))
	}
	for state := range s.ends {
		if state != queue.Matched && state != queue.Cancelled {
			s.t.Errorf("a ticket ended as %s", state)
		}
	}
}

var _ both = (*redisbus.Redis)(nil)
var _ bus.Records = (*link)(nil)
