package redisbus

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

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
			switch got.Kind {
			case "subscribe", "ssubscribe":
				l.confirmed(got.Channel)
			case "unsubscribe", "sunsubscribe":
				if err := l.left(got.Channel); err != nil {
					return err
				}
			}
		case *redis.Message:
			l.message(got)
		}
	}
}

// confirmed tells those subscriptions of channel that were not live that they are.
func (l *link) confirmed(channel string) {
	if channel == l.beat {
		poke(l.ready)
		return
	}
	l.r.calls.Lock()
	defer l.r.calls.Unlock()
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

// left hears that a channel is not delivered any more. Unasked, its slot has
// moved to another shard.
func (l *link) left(channel string) error {
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	if l.leaving[channel] == 0 {
		return fmt.Errorf("redis: slots have moved")
	}
	if l.leaving[channel]--; l.leaving[channel] == 0 {
		delete(l.leaving, channel)
	}
	return nil
}

func (l *link) message(m *redis.Message) {
	if m.Channel == l.beat {
		l.heard()
		return
	}
	l.r.calls.Lock()
	defer l.r.calls.Unlock()
	l.r.mu.Lock()
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

// heard notes that a heartbeat came back: the link is up.
func (l *link) heard() {
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	l.s.heard, l.sent = time.Now(), 0
	if l.s.fault != nil {
		l.r.log.Info("redis link up", "shard", l.s.addr)
		l.s.fault = nil
	}
	if !l.up {
		l.up = true
		poke(l.s.poke)
	}
}
