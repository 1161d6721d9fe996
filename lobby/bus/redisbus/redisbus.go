package redisbus

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/sandlot-server/sandlot/lobby/bus"
)

// Redis is a bus.Bus, a bus.Store and bus.Records.
type Redis struct {
	cfg    Config
	client redis.UniversalClient
	log    *slog.Logger
	beat   string        // the heartbeat's channel, this process's own
	poke   chan struct{} // one: the wanted channels changed

	mu    sync.Mutex
	subs  map[string][]*sub // by full channel name
	heard time.Time         // when the newest heartbeat came back
	fault error             // why the link is down; nil while it is up
}

var (
	_ bus.Bus     = (*Redis)(nil)
	_ bus.Store   = (*Redis)(nil)
	_ bus.Records = (*Redis)(nil)
)

// New makes a Redis. It connects to nothing; Run does. log may be nil.
func New(cfg Config, log *slog.Logger) (*Redis, error) {
	cfg = cfg.filled()
	silence()
	client, err := cfg.client()
	if err != nil {
		return nil, err
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Redis{
		cfg:    cfg,
		client: client,
		log:    log,
		beat:   cfg.Prefix + ":beat:" + rand.Text(),
		poke:   make(chan struct{}, 1),
		subs:   map[string][]*sub{},
		fault:  errors.New("redis: not connected yet"),
	}, nil
}

// Publish implements bus.Bus.
func (r *Redis) Publish(ctx context.Context, channel string, payload []byte) error {
	ctx, cancel := context.WithTimeout(ctx, r.cfg.Timeout)
	defer cancel()
	if err := r.client.Publish(ctx, r.cfg.Prefix+":"+channel, payload).Err(); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	return nil
}

// Subscribe implements bus.Bus.
func (r *Redis) Subscribe(channel string, h bus.Handler) bus.Subscription {
	s := &sub{r: r, channel: r.cfg.Prefix + ":" + channel, h: h}
	r.mu.Lock()
	r.subs[s.channel] = append(slices.Clone(r.subs[s.channel]), s)
	r.mu.Unlock()
	r.wake()
	return s
}

// Healthy implements bus.Bus.
func (r *Redis) Healthy() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.fault
}

func (r *Redis) wake() {
	select {
	case r.poke <- struct{}{}:
	default: // it will look anyway
	}
}

// sub is one subscription.
type sub struct {
	r       *Redis
	channel string
	h       bus.Handler

	// Under r.mu.
	closed bool
	live   int // the link that it is live on; 0 is none
}

// Close implements bus.Subscription.
func (s *sub) Close() {
	s.r.mu.Lock()
	defer s.r.mu.Unlock()
	if s.closed {
		return
	}
	s.closed = true
	rest := slices.DeleteFunc(slices.Clone(s.r.subs[s.channel]), func(o *sub) bool { return o == s })
	if len(rest) == 0 {
		delete(s.r.subs, s.channel)
		s.r.wake()
		return
	}
	s.r.subs[s.channel] = rest
}
