package redisbus

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"github.com/redis/go-redis/v9"

	"github.com/sandlot-server/sandlot/lobby/bus"
)

// Redis is a bus.Bus, a bus.Store and bus.Records.
type Redis struct {
	cfg     Config
	client  redis.UniversalClient
	cluster *redis.ClusterClient // the same; nil unless it is one
	log     *slog.Logger
	look    chan struct{} // one: the cluster may have changed
	calls   sync.Mutex    // held while a Handler is called

	mu     sync.Mutex
	subs   map[string][]*sub // by full channel name
	shards map[string]*shard // by address
	fault  error             // why the shards are not known; nil: they are
	links  int               // made so far
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
	r := &Redis{
		cfg:    cfg,
		client: client,
		log:    log,
		look:   make(chan struct{}, 1),
		subs:   map[string][]*sub{},
		shards: map[string]*shard{},
		fault:  errNotYet,
	}
	r.cluster, _ = client.(*redis.ClusterClient)
	return r, nil
}

// Publish implements bus.Bus.
func (r *Redis) Publish(ctx context.Context, channel string, payload []byte) error {
	ctx, cancel := context.WithTimeout(ctx, r.cfg.Timeout)
	defer cancel()
	channel = r.cfg.Prefix + ":" + channel
	s, err := r.shardOf(ctx, channel)
	if err == nil {
		err = s.down()
	}
	if err == nil {
		err = s.publish(ctx, channel, payload)
	}
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	return nil
}

// Subscribe implements bus.Bus.
func (r *Redis) Subscribe(channel string, h bus.Handler) bus.Subscription {
	s := &sub{r: r, channel: r.cfg.Prefix + ":" + channel, h: h}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.subs[s.channel] = append(slices.Clone(r.subs[s.channel]), s)
	r.wake()
	return s
}

// Healthy implements bus.Bus. A cluster is well if all its shards are.
func (r *Redis) Healthy() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fault != nil {
		return r.fault
	}
	for _, s := range r.shards {
		if s.fault != nil {
			return s.named(s.fault)
		}
	}
	return nil
}

// Reach implements bus.Bus.
func (r *Redis) Reach(channel string) error {
	s, err := r.shardOf(context.Background(), r.cfg.Prefix+":"+channel)
	if err != nil {
		return err
	}
	if err := s.down(); err != nil {
		return s.named(err)
	}
	return nil
}

// wake lets every shard look at what is wanted of it. The caller holds r.mu.
func (r *Redis) wake() {
	for _, s := range r.shards {
		poke(s.poke)
	}
}

// poke never blocks: who is poked already will look anyway.
func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
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
