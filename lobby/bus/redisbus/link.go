package redisbus

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// Run keeps the subscription connection until ctx is done, then closes the
// client. It returns nil.
func (r *Redis) Run(ctx context.Context) error {
	defer r.client.Close()
	pause := r.cfg.Beat / 4
	for number := 1; ctx.Err() == nil; number++ {
		began := time.Now()
		err := r.serve(ctx, number)
		if ctx.Err() != nil {
			break
		}
		if was := r.down(err); was {
			r.log.Warn("redis link lost", "err", err)
		}
		if time.Since(began) > 2*r.cfg.Silent {
			pause = r.cfg.Beat / 4
		}
		// Full jitter, so that instances do not come back together.
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(rand.Int64N(int64(pause)) + 1)):
		}
		pause = min(2*pause, 2*r.cfg.Beat)
	}
	r.down(errors.New("redis: stopped"))
	return nil
}

// down notes why the link is down, and whether it was up before.
func (r *Redis) down(err error) (was bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	was = r.fault == nil
	r.fault = err
	return was
}

// link is one subscription connection.
type link struct {
	r      *Redis
	number int
	ps     *redis.PubSub
	have   map[string]bool // channels asked for on this connection
}

// serve runs one link until it fails, which is its answer.
func (r *Redis) serve(ctx context.Context, number int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r.mu.Lock()
	r.heard = time.Now() // gives the new link its time
	r.mu.Unlock()
	l := &link{r: r, number: number, ps: r.client.Subscribe(ctx), have: map[string]bool{}}
	var reading sync.WaitGroup
	defer reading.Wait()
	defer l.ps.Close()
	if err := l.subscribe(ctx, r.beat); err != nil {
		return err
	}
	reading.Go(func() { cancel(l.read(ctx)) })
	return l.keep(ctx)
}

// keep asks for what is wanted, beats, and watches that beats come back.
func (l *link) keep(ctx context.Context) error {
	ticker := time.NewTicker(l.r.cfg.Beat)
	defer ticker.Stop()
	l.r.wake()
	l.publishBeat(ctx)
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-l.r.poke:
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

func (l *link) silent() error {
	l.r.mu.Lock()
	heard := l.r.heard
	l.r.mu.Unlock()
	if d := time.Since(heard); d > l.r.cfg.Silent {
		return fmt.Errorf("redis: no heartbeat for %v", d.Round(100*time.Millisecond))
	}
	return nil
}

// publishBeat leaves it to silent to judge: a failure here is one missed beat.
func (l *link) publishBeat(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, l.r.cfg.Timeout)
	defer cancel()
	if err := l.r.client.Publish(ctx, l.r.beat, "").Err(); err != nil {
		l.r.log.Debug("redis heartbeat failed", "err", err)
	}
}

// adjust subscribes to what is wanted and unsubscribes from what is not.
func (l *link) adjust(ctx context.Context) error {
	var add, remove []string
	l.r.mu.Lock()
	for channel, subs := range l.r.subs {
		if !l.have[channel] {
			add = append(add, channel)
			continue
		}
		// One that joins others on a channel has no confirmation to wait for.
		for _, s := range subs {
			if s.live != l.number {
				add = append(add, channel)
				break
			}
		}
	}
	for channel := range l.have {
		if channel != l.r.beat && l.r.subs[channel] == nil {
			remove = append(remove, channel)
		}
	}
	l.r.mu.Unlock()
	if len(remove) > 0 {
		ctx, cancel := context.WithTimeout(ctx, l.r.cfg.Timeout)
		defer cancel()
		if err := l.ps.Unsubscribe(ctx, remove...); err != nil {
			return fmt.Errorf("unsubscribe: %w", err)
		}
		for _, channel := range remove {
			delete(l.have, channel)
		}
	}
	if len(add) > 0 {
		return l.subscribe(ctx, add...)
	}
	return nil
}

func (l *link) subscribe(ctx context.Context, channels ...string) error {
	ctx, cancel := context.WithTimeout(ctx, l.r.cfg.Timeout)
	defer cancel()
	if err := l.ps.Subscribe(ctx, channels...); err != nil {
		return fmt.Errorf("subscribe: %w", err)
	}
	for _, channel := range channels {
		l.have[channel] = true
	}
	return nil
}

// read hands what arrives to the handlers. Any fault ends the link: go-redis
// would reconnect by itself, but not tell when.
func (l *link) read(ctx context.Context) error {
	for {
		got, err := l.ps.Receive(ctx)
		if err != nil {
			return fmt.Errorf("receive: %w", err)
		}
		switch got := got.(type) {
		case *redis.Subscription:
			if got.Kind == "subscribe" {
				l.confirmed(got.Channel)
			}
		case *redis.Message:
			l.message(got)
		}
	}
}

// confirmed tells those subscriptions of channel that were not live that they are.
func (l *link) confirmed(channel string) {
	l.r.mu.Lock()
	var fresh []*sub
	for _, s := range l.r.subs[channel] {
		if s.live != l.number {
			s.live = l.number
			fresh = append(fresh, s)
		}
	}
	l.r.mu.Unlock()
	for _, s := range fresh {
		if s.h.Gap != nil {
			s.h.Gap()
		}
	}
}

func (l *link) message(m *redis.Message) {
	l.r.mu.Lock()
	if m.Channel == l.r.beat {
		l.r.heard = time.Now()
		was := l.r.fault
		l.r.fault = nil
		l.r.mu.Unlock()
		if was != nil {
			l.r.log.Info("redis link up")
		}
		return
	}
	subs := l.r.subs[m.Channel]
	l.r.mu.Unlock()
	for _, s := range subs {
		l.r.mu.Lock()
		skip := s.closed || s.live != l.number
		l.r.mu.Unlock()
		if !skip && s.h.Message != nil {
			s.h.Message([]byte(m.Payload))
		}
	}
}
