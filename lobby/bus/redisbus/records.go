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

// Records of a kind live in six keys of one hash tag: values, versions with
// names, when each is forgotten, who has a name, the order of writes, and what
// is known of the kind. All times are by Redis' clock.

// readPart is how many records one script reads.
const readPart = 500

// What the write script answers; a holder follows held.
const (
	wrote   = "ok"
	stale   = "stale"
	held    = "held"
	full    = "full"
	deposed = "deposed"
)

func (r *Redis) recordKeys(kind string) []string {
	tag := r.cfg.Prefix + ":records:{" + kind + "}:"
	return []string{tag + "values", tag + "versions", tag + "until", tag + "names", tag + "order", tag + "kind"}
}

func (r *Redis) onRecords(ctx context.Context, s *redis.Script, kind string, args ...any) *redis.Cmd {
	ctx, cancel := context.WithTimeout(ctx, r.cfg.Timeout)
	defer cancel()
	return s.Run(ctx, r.client, r.recordKeys(kind), args...)
}

// Write implements bus.Records.
func (r *Redis) Write(ctx context.Context, kind string, c bus.Change) error {
	args := []any{strconv.FormatUint(c.Term, 10), c.Most, len(c.Records)}
	for _, next := range c.Records {
		args = append(args, next.ID, next.Version, next.TTL.Milliseconds(), next.Value, len(next.Names))
		for _, name := range next.Names {
			args = append(args, name)
		}
	}
	got, err := r.onRecords(ctx, writeScript, kind, args...).StringSlice()
	if err != nil {
		return fmt.Errorf("write %s: %w", kind, err)
	}
	switch got[0] {
	case wrote:
		return nil
	case stale:
		return bus.ErrStale
	case held:
		return &bus.Held{Name: got[1], ID: got[2]}
	case full:
		return bus.ErrFull
	case deposed:
		return bus.ErrDeposed
	}
	return fmt.Errorf("write %s: redis says %q", kind, got[0])
}

// Read implements bus.Records.
func (r *Redis) Read(ctx context.Context, kind string, ids ...string) ([]bus.Record, error) {
	var out []bus.Record
	for part := range slices.Chunk(ids, readPart) {
		args := make([]any, len(part))
		for i, id := range part {
			args[i] = id
		}
		got, err := r.onRecords(ctx, readScript, kind, args...).StringSlice()
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", kind, err)
		}
		if out, err = records(out, got); err != nil {
			return nil, fmt.Errorf("read %s: %w", kind, err)
		}
	}
	return out, nil
}

func records(out []bus.Record, flat []string) ([]bus.Record, error) {
	for of := range slices.Chunk(flat, 3) {
		version, err := strconv.ParseUint(of[1], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("version of %s: %w", of[0], err)
		}
		out = append(out, bus.Record{ID: of[0], Version: version, Value: []byte(of[2])})
	}
	return out, nil
}

// Named implements bus.Records.
func (r *Redis) Named(ctx context.Context, kind, name string) (bus.Record, error) {
	got, err := r.onRecords(ctx, namedScript, kind, name).StringSlice()
	if err != nil {
		return bus.Record{}, fmt.Errorf("find in %s: %w", kind, err)
	}
	found, err := records(nil, got)
	if err != nil {
		return bus.Record{}, fmt.Errorf("find in %s: %w", kind, err)
	}
	if len(found) == 0 {
		return bus.Record{}, bus.ErrNone
	}
	return found[0], nil
}

// Written implements bus.Records.
func (r *Redis) Written(ctx context.Context, kind string, from uint64, most int) (bus.Feed, error) {
	got, err := r.onRecords(ctx, writtenScript, kind, strconv.FormatUint(from, 10), most).StringSlice()
	if err != nil {
		return bus.Feed{}, fmt.Errorf("follow %s: %w", kind, err)
	}
	f := bus.Feed{IDs: got[3:]}
	next, err := strconv.ParseUint(got[0], 10, 64)
	epoch, err2 := strconv.ParseUint(got[1], 10, 64)
	count, err3 := strconv.ParseUint(got[2], 10, 64)
	if err := errors.Join(err, err2, err3); err != nil {
		return bus.Feed{}, fmt.Errorf("follow %s: %w", kind, err)
	}
	f.Next, f.Epoch, f.Count = next, epoch, count
	return f, nil
}

// Renew implements bus.Records.
func (r *Redis) Renew(ctx context.Context, kind string, epoch, count uint64) error {
	err := r.onRecords(ctx, renewScript, kind, strconv.FormatUint(epoch, 10), strconv.FormatUint(count, 10)).Err()
	if err != nil {
		return fmt.Errorf("renew %s: %w", kind, err)
	}
	return nil
}

// Lead implements bus.Records.
func (r *Redis) Lead(ctx context.Context, kind, who string, ttl time.Duration) (uint64, error) {
	got, err := r.onRecords(ctx, leadScript, kind, who, ttl.Milliseconds()).Text()
	if err != nil {
		return 0, fmt.Errorf("lead %s: %w", kind, err)
	}
	if got == "" {
		return 0, bus.ErrLed
	}
	term, err := strconv.ParseUint(got, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("lead %s: %w", kind, err)
	}
	return term, nil
}
