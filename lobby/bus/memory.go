package bus

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// memoryQueue is how many messages a Memory holds for its subscribers.
const memoryQueue = 4096

// Memory is a Bus, a Store and Records within one process. It delivers while Run runs.
type Memory struct {
	memoryStore
	memoryRecords
	queue chan message

	mu      sync.Mutex
	running bool
	ran     bool
	lost    bool                    // some subscription missed something
	subs    map[string][]*memorySub // by channel
}

type message struct {
	channel string
	payload []byte
	gapFor  *memorySub // a new subscription begins to deliver here
}

type memorySub struct {
	m       *Memory
	channel string
	h       Handler
	closed  bool // under m.mu
	live    bool // under m.mu; its first Gap was called
	missed  bool // under m.mu; a message was lost
}

var (
	_ Bus     = (*Memory)(nil)
	_ Store   = (*Memory)(nil)
	_ Records = (*Memory)(nil)
)

// NewMemory makes a Memory. It starts nothing.
func NewMemory() *Memory {
	return &Memory{queue: make(chan message, memoryQueue), subs: map[string][]*memorySub{}}
}

var errNotRunning = errors.New("memory bus is not running")

// Run delivers until ctx is done.
func (m *Memory) Run(ctx context.Context) error {
	m.mu.Lock()
	m.running = true
	if m.ran { // what came while it did not run was refused
		for _, subs := range m.subs {
			for _, s := range subs {
				s.missed, m.lost = true, true
			}
		}
	}
	m.ran = true
	m.mu.Unlock()
	defer func() {
		m.mu.Lock()
		m.running = false
		m.mu.Unlock()
	}()
	m.announce()
	for {
		select {
		case <-ctx.Done():
			return nil
		case msg := <-m.queue:
			m.deliver(msg)
		}
		m.announce()
	}
}

// Publish implements Bus. A message that finds the queue full is lost, and the
// channel's subscribers are told of a gap.
func (m *Memory) Publish(_ context.Context, channel string, payload []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.running {
		return errNotRunning
	}
	subs := m.subs[channel]
	if len(subs) == 0 {
		return nil
	}
	select {
	case m.queue <- message{channel: channel, payload: slices.Clone(payload)}:
	default:
		for _, s := range subs {
			s.missed = true
		}
		m.lost = true
	}
	return nil
}

// Subscribe implements Bus.
func (m *Memory) Subscribe(channel string, h Handler) Subscription {
	s := &memorySub{m: m, channel: channel, h: h}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.subs[channel] = append(slices.Clone(m.subs[channel]), s)
	select {
	case m.queue <- message{channel: channel, gapFor: s}:
	default:
		s.missed, m.lost = true, true
	}
	return s
}

// Healthy implements Bus.
func (m *Memory) Healthy() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.running {
		return errNotRunning
	}
	return nil
}

// Reach implements Bus: all channels live in one place.
func (m *Memory) Reach(string) error { return m.Healthy() }

// Close implements Subscription.
func (s *memorySub) Close() {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	if s.closed {
		return
	}
	s.closed = true
	rest := slices.DeleteFunc(slices.Clone(s.m.subs[s.channel]), func(o *memorySub) bool { return o == s })
	if len(rest) == 0 {
		delete(s.m.subs, s.channel)
		return
	}
	s.m.subs[s.channel] = rest
}

func (m *Memory) deliver(msg message) {
	if s := msg.gapFor; s != nil {
		m.mu.Lock()
		closed := s.closed
		s.live = true
		m.mu.Unlock()
		if !closed && s.h.Gap != nil {
			s.h.Gap()
		}
		return
	}
	m.mu.Lock()
	subs := m.subs[msg.channel]
	m.mu.Unlock()
	for _, s := range subs {
		m.mu.Lock()
		skip := s.closed || !s.live // what comes before its first Gap is not for it
		m.mu.Unlock()
		if !skip && s.h.Message != nil {
			s.h.Message(msg.payload)
		}
	}
}

// announce tells those that missed something.
func (m *Memory) announce() {
	m.mu.Lock()
	if !m.lost {
		m.mu.Unlock()
		return
	}
	m.lost = false
	var missed []*memorySub
	for _, subs := range m.subs {
		for _, s := range subs {
			if s.missed {
				s.missed, s.live = false, true
				missed = append(missed, s)
			}
		}
	}
	m.mu.Unlock()
	for _, s := range missed {
		if s.h.Gap != nil {
			s.h.Gap()
		}
	}
}
