package redisbus

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"time"

	"github.com/redis/go-redis/v9"
)

var (
	errNotYet  = errors.New("redis: not connected yet")
	errStopped = errors.New("redis: stopped")
)

// shard is one server that channels live on: the only one, or a master of a
// cluster. One goroutine keeps a link to it.
type shard struct {
	r    *Redis
	addr string        // "" unless it is of a cluster
	node *redis.Client // of a cluster: that master
	poke chan struct{} // one: the wanted channels changed
	stop context.CancelFunc
	done chan struct{} // closed when its goroutine has ended

	// Under r.mu.
	heard time.Time // when the newest heartbeat came back
	fault error     // why the link is down; nil while it is up
}

func (r *Redis) newShard(addr string, node *redis.Client) *shard {
	return &shard{r: r, addr: addr, node: node, poke: make(chan struct{}, 1), done: make(chan struct{}), fault: errNotYet}
}

// run keeps a link until ctx is done.
func (s *shard) run(ctx context.Context) {
	cfg := &s.r.cfg
	pause := cfg.Beat / 4
	for ctx.Err() == nil {
		began := time.Now()
		err := s.serve(ctx)
		if ctx.Err() != nil {
			break
		}
		s.lost(err)
		poke(s.r.look)
		if time.Since(began) > 2*cfg.Silent {
			pause = cfg.Beat / 4
		}
		// Full jitter, so that instances do not come back together.
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(mathrand.Int64N(int64(pause)) + 1)):
		}
		pause = min(2*pause, 2*cfg.Beat)
	}
	s.lost(errStopped)
}

// lost notes why the link is down, and logs it once.
func (s *shard) lost(err error) {
	s.r.mu.Lock()
	was := s.fault
	s.fault = err
	s.r.mu.Unlock()
	if was == nil && !errors.Is(err, errStopped) && !errors.Is(err, context.Canceled) {
		s.r.log.Warn("redis link lost", "err", s.named(err))
	}
}

// down is why the link is down; nil while it is up.
func (s *shard) down() error {
	s.r.mu.Lock()
	defer s.r.mu.Unlock()
	return s.fault
}

func (s *shard) named(err error) error {
	if s.addr == "" {
		return err
	}
	return fmt.Errorf("shard %s: %w", s.addr, err)
}

func (s *shard) publish(ctx context.Context, channel string, payload []byte) error {
	if s.node == nil {
		return s.r.client.Publish(ctx, channel, payload).Err()
	}
	err := s.node.SPublish(ctx, channel, payload).Err()
	if notRun(err) {
		poke(s.r.look)
	}
	return err
}

// subscribe begins a connection for what is published on this shard. It reaches
// for the network only when channels are asked for.
func (s *shard) subscribe(ctx context.Context) *redis.PubSub {
	if s.node == nil {
		return s.r.client.Subscribe(ctx)
	}
	return s.node.SSubscribe(ctx)
}

// mine says whether channel lives on this shard.
func (s *shard) mine(ctx context.Context, channel string) bool {
	of, err := s.r.shardOf(ctx, channel)
	return err == nil && of == s
}

// beatTries is how many names a heartbeat's channel is looked for among: a shard
// of 100 slots is missed once in 10^13.
const beatTries = 5000

// beat names a channel of this process alone that lives on this shard.
func (s *shard) beat(ctx context.Context) (string, error) {
	for range beatTries {
		name := s.r.cfg.Prefix + ":beat:" + rand.Text()
		if s.mine(ctx, name) {
			return name, nil
		}
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
	}
	return "", errors.New("redis: the shard has no slots, or too few")
}
