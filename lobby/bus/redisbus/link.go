package redisbus

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// link is one subscription connection.
type link struct {
	r      *Redis
	s      *shard
	number int
	ps     *redis.PubSub
	beat   string          // the heartbeat's channel, this link's own
	ready  chan struct{}   // one: the heartbeat can be published
	have   map[string]bool // channels asked for on this connection; of keep

	// Under r.mu.
	up      bool           // a heartbeat came back
	sent    int            // heartbeats sent since the newest that came back
	leaving map[string]int // channels that it asked to be left and was not told yet
}

// serve runs one link until it fails, which is its answer.
func (s *shard) serve(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	beat, err := s.beat(ctx)
	if err != nil {
		return err
	}
	s.r.mu.Lock()
	s.heard = time.Now() // gives the new link its time
	s.r.links++
	number := s.r.links
	s.r.mu.Unlock()
	l := &link{
		r: s.r, s: s, number: number, ps: s.subscribe(ctx), beat: beat,
		ready: make(chan struct{}, 1), have: map[string]bool{}, leaving: map[string]int{},
	}
	var reading sync.WaitGroup
	defer reading.Wait()
	defer l.ps.Close()
	if err := l.subscribe(ctx, beat); err != nil {
		return err
	}
	reading.Go(func() { cancel(l.read(ctx)) })
	err = l.keep(ctx)
	s.lost(err) // now: a Handler that does not return holds up what follows
	return err
}

// keep asks for what is wanted, beats, and watches that beats come back.
func (l *link) keep(ctx context.Context) error {
	ticker := time.NewTicker(l.r.cfg.Beat)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-l.ready:
			l.publishBeat(ctx)
		case <-l.s.poke:
			if err := l.adjust(ctx); err != nil {
				return err
			}
		case <-ticker.C:
			if err := l.silent(); err != nil {
				return err
			}
			l.publishBeat(ctx)
		}
	}
}

// silent says whether nothing came back for too long. A process that was frozen
// itself has sent nothing meanwhile, and may not have read what did come.
func (l *link) silent() error {
	l.r.mu.Lock()
	heard, sent := l.s.heard, l.sent
	l.r.mu.Unlock()
	if d := time.Since(heard); d > l.r.cfg.Silent && sent >= 2 {
		return fmt.Errorf("redis: no heartbeat for %v", d.Round(100*time.Millisecond))
	}
	return nil
}

// publishBeat leaves it to silent to judge: a failure here is one missed beat.
func (l *link) publishBeat(ctx context.Context) {
	l.r.mu.Lock()
	l.sent++
	l.r.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, l.r.cfg.Timeout)
	defer cancel()
	if err := l.s.publish(ctx, l.beat, nil); err != nil {
		l.r.log.Debug("redis heartbeat failed", "err", l.s.named(err))
	}
}

// adjust subscribes to what is wanted and unsubscribes from what is not, or
// lives on another shard now. Before the first heartbeat came it does nothing.
func (l *link) adjust(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, l.r.cfg.Timeout)
	defer cancel()
	var add, remove []string
	l.r.mu.Lock()
	if !l.up {
		l.r.mu.Unlock()
		return nil
	}
	for channel, subs := range l.r.subs {
		for _, s := range subs {
			// One that joins others on a channel has no confirmation to wait for.
			if !l.have[channel] || s.live != l.number {
				add = append(add, channel)
				break
			}
		}
	}
	for channel := range l.have {
		if channel != l.beat && l.r.subs[channel] == nil {
			remove = append(remove, channel)
		}
	}
	l.r.mu.Unlock()
	for _, channel := range add {
		if l.s.mine(ctx, channel) {
			if err := l.subscribe(ctx, channel); err != nil {
				return err
			}
		} else if l.have[channel] {
			remove = append(remove, channel)
		}
	}
	for _, channel := range remove {
		if err := l.unsubscribe(ctx, channel); err != nil {
			return err
		}
	}
	return nil
}

// subscribe asks for one channel at a time: of a cluster's shard several must be
// of one slot.
func (l *link) subscribe(ctx context.Context, channel string) error {
	ctx, cancel := context.WithTimeout(ctx, l.r.cfg.Timeout)
	defer cancel()
	ask := l.ps.Subscribe
	if l.s.node != nil {
		ask = l.ps.SSubscribe
	}
	if err := ask(ctx, channel); err != nil {
		return fmt.Errorf("subscribe: %w", err)
	}
	l.have[channel] = true
	return nil
}

func (l *link) unsubscribe(ctx context.Context, channel string) error {
	l.r.mu.Lock()
	l.leaving[channel]++
	l.r.mu.Unlock()
	ask := l.ps.Unsubscribe
	if l.s.node != nil {
		ask = l.ps.SUnsubscribe
	}
	if err := ask(ctx, channel); err != nil {
		return fmt.Errorf("unsubscribe: %w", err)
	}
	delete(l.have, channel)
	return nil
}
