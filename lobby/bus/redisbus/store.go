package redisbus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/sandlot-server/sandlot/lobby/bus"
)

// Leases of a kind live in a hash of values and a sorted set of the times at
// which they end, by Redis' clock: instances' clocks do not matter. Both keys
// have one hash tag.

// Leases go to a script in parts of so many, so that none holds Redis up.
const putPart = 200

var putScript = redis.NewScript(`
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local dead = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 500)
if #dead > 0 then
  redis.call('HDEL', KEYS[1], unpack(dead))
  redis.call('ZREM', KEYS[2], unpack(dead))
end
local ttl = tonumber(ARGV[1])
for i = 2, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  redis.call('ZADD', KEYS[2], now + ttl, ARGV[i])
end
if redis.call('PTTL', KEYS[1]) < ttl then
  redis.call('PEXPIRE', KEYS[1], ttl)
  redis.call('PEXPIRE', KEYS[2], ttl)
end
return 1`)

// firstScript's ARGV: the time to live, the id, the value, and the values that give way.
var firstScript = redis.NewScript(`
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local ttl = tonumber(ARGV[1])
local till = redis.call('ZSCORE', KEYS[2], ARGV[2])
local stands = till and tonumber(till) > now and redis.call('HGET', KEYS[1], ARGV[2])
for i = 4, #ARGV do
  if stands == ARGV[i] then stands = false end
end
if stands then return stands end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
redis.call('ZADD', KEYS[2], now + ttl, ARGV[2])
if redis.call('PTTL', KEYS[1]) < ttl then
  redis.call('PEXPIRE', KEYS[1], ttl)
  redis.call('PEXPIRE', KEYS[2], ttl)
end
return ARGV[3]`)

var getScript = redis.NewScript(`
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local till = redis.call('ZSCORE', KEYS[2], ARGV[1])
if not till or tonumber(till) <= now then return false end
return redis.call('HGET', KEYS[1], ARGV[1])`)

var listScript = redis.NewScript(`
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local out = {}
local live = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. string.format('%.0f', now), '+inf', 'WITHSCORES')
for i = 1, #live, 2 do
  local v = redis.call('HGET', KEYS[1], live[i])
  if v then
    out[#out + 1] = live[i]
    out[#out + 1] = v
    out[#out + 1] = string.format('%.0f', live[i + 1] - now)
  end
end
return out`)

func (r *Redis) leaseKeys(kind string) []string {
	tag := r.cfg.Prefix + ":lease:{" + kind + "}"
	return []string{tag + ":values", tag + ":until"}
}

// Put implements bus.Store.
func (r *Redis) Put(ctx context.Context, kind string, leases []bus.Lease, ttl time.Duration) error {
	for part := range slices.Chunk(leases, putPart) {
		args := make([]any, 0, 1+2*len(part))
		args = append(args, ttl.Milliseconds())
		for _, l := range part {
			args = append(args, l.ID, l.Value)
		}
		if err := r.script(ctx, putScript, kind, args...).Err(); err != nil {
			return fmt.Errorf("put %s leases: %w", kind, err)
		}
	}
	return nil
}

// First implements bus.Store.
func (r *Redis) First(ctx context.Context, kind string, lease bus.Lease, ttl time.Duration, not ...string) ([]byte, error) {
	args := []any{ttl.Milliseconds(), lease.ID, lease.Value}
	for _, value := range not {
		args = append(args, value)
	}
	v, err := r.script(ctx, firstScript, kind, args...).Text()
	if err != nil {
		return nil, fmt.Errorf("put a first %s lease: %w", kind, err)
	}
	return []byte(v), nil
}

// Get implements bus.Store.
func (r *Redis) Get(ctx context.Context, kind, id string) ([]byte, error) {
	v, err := r.script(ctx, getScript, kind, id).Text()
	if errors.Is(err, redis.Nil) {
		return nil, bus.ErrNone
	}
	if err != nil {
		return nil, fmt.Errorf("get %s lease: %w", kind, err)
	}
	return []byte(v), nil
}

// List implements bus.Store.
func (r *Redis) List(ctx context.Context, kind string) ([]bus.Lease, error) {
	flat, err := r.script(ctx, listScript, kind).StringSlice()
	if err != nil {
		return nil, fmt.Errorf("list %s leases: %w", kind, err)
	}
	leases := make([]bus.Lease, 0, len(flat)/3)
	for l := range slices.Chunk(flat, 3) {
		ms, err := strconv.ParseInt(l[2], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("list %s leases: %w", kind, err)
		}
		leases = append(leases, bus.Lease{ID: l[0], Value: []byte(l[1]), Left: time.Duration(ms) * time.Millisecond})
	}
	return leases, nil
}

// Drop implements bus.Store.
func (r *Redis) Drop(ctx context.Context, kind string, ids ...string) error {
	if len(ids) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, r.cfg.Timeout)
	defer cancel()
	keys := r.leaseKeys(kind)
	members := make([]any, len(ids))
	for i, id := range ids {
		members[i] = id
	}
	_, err := r.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.HDel(ctx, keys[0], ids...)
		p.ZRem(ctx, keys[1], members...)
		return nil
	})
	if err != nil {
		return fmt.Errorf("drop %s leases: %w", kind, err)
	}
	return nil
}

func (r *Redis) script(ctx context.Context, s *redis.Script, kind string, args ...any) *redis.Cmd {
	ctx, cancel := context.WithTimeout(ctx, r.cfg.Timeout)
	defer cancel()
	return s.Run(ctx, r.client, r.leaseKeys(kind), args...)
}
