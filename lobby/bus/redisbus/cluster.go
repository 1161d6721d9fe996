package redisbus

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Run keeps the links to Redis until ctx is done, then closes the client. It
// returns nil.
func (r *Redis) Run(ctx context.Context) error {
	defer r.client.Close()
	defer r.halt()
	if r.cluster == nil {
		r.begin(ctx, r.newShard("", nil))
		<-ctx.Done()
		return nil
	}
	// A cluster is looked at when a link failed or a call was sent elsewhere,
	// and from time to time.
	again := time.NewTicker(r.cfg.Silent)
	defer again.Stop()
	for ctx.Err() == nil {
		if err := r.survey(ctx); err != nil && ctx.Err() == nil {
			r.log.Debug("the redis cluster cannot be looked at", "err", err)
		}
		select { // not at once again, however much fails
		case <-ctx.Done():
		case <-time.After(r.cfg.Beat / 4):
		}
		select {
		case <-ctx.Done():
		case <-r.look:
		case <-again.C:
		}
	}
	return nil
}

// begin runs a shard.
func (r *Redis) begin(ctx context.Context, s *shard) {
	ctx, s.stop = context.WithCancel(ctx)
	r.mu.Lock()
	r.shards[s.addr] = s
	r.fault = nil
	r.mu.Unlock()
	go func() {
		defer close(s.done)
		s.run(ctx)
	}()
}

// end stops shards and waits for them.
func (r *Redis) end(all []*shard) {
	for _, s := range all {
		s.stop()
	}
	for _, s := range all {
		<-s.done
	}
}

func (r *Redis) halt() {
	r.mu.Lock()
	r.fault = errStopped
	var all []*shard
	for _, s := range r.shards {
		all = append(all, s)
	}
	r.mu.Unlock()
	r.end(all)
}

// survey asks the cluster who its masters are, begins a shard for a new one and
// ends the shard of one that is master no more.
func (r *Redis) survey(ctx context.Context) error {
	asking, cancel := context.WithTimeout(ctx, 3*r.cfg.Timeout)
	defer cancel()
	masters := make(chan *redis.Client, 1024)
	err := r.cluster.ForEachMaster(asking, func(_ context.Context, node *redis.Client) error {
		select {
		case masters <- node:
			return nil
		default:
			return fmt.Errorf("redis: more than %d masters", cap(masters))
		}
	})
	close(masters)
	if err != nil || len(masters) == 0 {
		r.mu.Lock()
		if len(r.shards) == 0 && err != nil {
			r.fault = err
		}
		r.mu.Unlock()
		return err
	}
	now := map[string]*redis.Client{}
	for node := range masters {
		now[node.Options().Addr] = node
	}
	r.mu.Lock()
	var gone []*shard
	for addr, s := range r.shards {
		if now[addr] == s.node {
			delete(now, addr)
			continue
		}
		gone = append(gone, s)
		delete(r.shards, addr)
	}
	r.wake() // slots may have moved
	r.mu.Unlock()
	r.end(gone)
	for addr, node := range now {
		r.begin(ctx, r.newShard(addr, node))
	}
	return nil
}

// shardOf is the shard that a channel lives on. It asks the network only before
// the cluster is known.
func (r *Redis) shardOf(ctx context.Context, channel string) (*shard, error) {
	addr := ""
	r.mu.Lock()
	err := r.fault
	r.mu.Unlock()
	if err != nil {
		return nil, err
	}
	if r.cluster != nil {
		node, err := r.cluster.MasterForKey(ctx, channel)
		if err != nil {
			return nil, err
		}
		addr = node.Options().Addr
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.shards[addr]; s != nil {
		return s, nil
	}
	poke(r.look)
	return nil, fmt.Errorf("shard %s: %w", addr, errNotYet)
}

// once calls f with what key lives on. Of itself a cluster's client would repeat
// what failed on the way, and so perhaps do it twice; here only what Redis has
// refused to run is tried again, for as long as ctx allows.
func (r *Redis) once(ctx context.Context, key string, f func(redis.Cmdable) error) error {
	if r.cluster == nil {
		return f(r.client)
	}
	for {
		node, err := r.cluster.MasterForKey(ctx, key)
		if err == nil {
			err = f(node)
		}
		if !notRun(err) {
			return err
		}
		r.cluster.ReloadState(ctx)
		select {
		case <-ctx.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// notRun says whether err is Redis' word that it did not run a command, because
// the key lives elsewhere or the cluster is changing.
func notRun(err error) bool {
	if err == nil {
		return false
	}
	for _, prefix := range []string{"MOVED ", "ASK ", "TRYAGAIN ", "CLUSTERDOWN "} {
		if redis.HasErrorPrefix(err, prefix) || strings.HasPrefix(err.Error(), prefix) {
			return true
		}
	}
	return false
}
