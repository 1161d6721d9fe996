package redisbus

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"
)

func (r *Redis) historyKey(name string) string { return r.cfg.Prefix + ":history:{" + name + "}" }

// Append implements bus.Store.
func (r *Redis) Append(ctx context.Context, history string, entry []byte, max int, ttl time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, r.cfg.Timeout)
	defer cancel()
	key := r.historyKey(history)
	err := r.once(ctx, key, func(c redis.Cmdable) error {
		_, err := c.Pipelined(ctx, func(p redis.Pipeliner) error { // one packet: what arrives, arrives whole
			p.XAdd(ctx, &redis.XAddArgs{Stream: key, MaxLen: int64(max), Approx: true, Values: []any{"e", entry}})
			p.PExpire(ctx, key, ttl)
			return nil
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("append to history: %w", err)
	}
	return nil
}

// Newest implements bus.Store.
func (r *Redis) Newest(ctx context.Context, history string, n int) ([][]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, r.cfg.Timeout)
	defer cancel()
	got, err := r.client.XRevRangeN(ctx, r.historyKey(history), "+", "-", int64(n)).Result()
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	out := make([][]byte, 0, len(got))
	for _, m := range slices.Backward(got) {
		if e, ok := m.Values["e"].(string); ok {
			out = append(out, []byte(e))
		}
	}
	return out, nil
}
