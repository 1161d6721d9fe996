package session

import (
	"time"

	"github.com/sandlot-server/sandlot/game/state"
)

// gatedRate is the tick rate from which members' connections are left to the
// Loop to read. Below it a message would wait too long for its tick, and there
// are too few wake-ups to save.
const gatedRate = 15

// Read hands the inputs that have come by now to the match. It reads them from
// the members' connections where those let it. A member without a seat has
// none.
func (g *Group) Read(m Match) {
	now := time.Now()
	for i, s := range g.members {
		if i%prefetched == 0 {
			prefetch(g.members[i:min(i+prefetched, len(g.members))])
		}
		if g.gates && s.gated != nil && !s.simulated() {
			s.gated.Read(now)
		}
		s.drain(m)
	}
}

// prefetched is how many members are prefetched at a time: as many as the first
// level of a processor's caches holds, about 2 KiB each.
const prefetched = 16

// prefetch has the processor fetch what Read, and then Send, touch of sessions.
func prefetch(members []*Session) {
	for _, s := range members {
		state.Prefetch(&s.hot)
		state.Prefetch(&s.who.Player)
	}
	for _, s := range members {
		s.prefetchRest()
		if s.gated != nil {
			s.gated.Prefetch()
		}
	}
}

// prefetchRest is prefetch of what hot points at. Another goroutine may be pushing
// an input meanwhile, which changes no memory's place or size: the ring is there
// once the Loop has handed on an input of it, and all inputs have as many fields.
//
//go:norace
func (s *Session) prefetchRest() {
	if s.in.started {
		state.Prefetch(&s.in.ring[0])
		state.PrefetchSlice(s.in.ring[0].fields)
	}
	if ring := s.flow.window.ring; len(ring) > 0 {
		state.PrefetchSlice(ring[:1])
	}
}

// Release lets the members' connections be read as messages come: no Read
// follows soon. The next Read takes them back.
func (g *Group) Release() {
	for _, s := range g.members {
		s.release()
	}
}

func (s *Session) release() {
	if s.gated != nil {
		s.gated.Release()
	}
}

// drain hands what is queued to the match.
func (s *Session) drain(m Match) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.in.n == 0 || s.ended {
		return
	}
	if s.who.Role != Player || s.who.Player == 0 {
		s.in.n = 0
		return
	}
	if s.in.drain(s.who.Player, m) {
		s.flow.wantKey = true // tells the client where its own counting is
	}
}
