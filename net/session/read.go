package session

import "time"

// gatedRate is the tick rate from which members' connections are left to the
// Loop to read. Below it a message would wait too long for its tick, and there
// are too few wake-ups to save.
const gatedRate = 15

// Read hands the inputs that have come by now to the match. It reads them from
// the members' connections where those let it. A member without a seat has
// none.
func (g *Group) Read(m Match) {
	now := time.Now()
	for _, s := range g.members {
		if g.gates && s.gated != nil && !s.simulated() {
			s.gated.Read(now)
		}
		s.drain(m)
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
