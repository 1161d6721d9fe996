package session

import "time"

// Close ends the session with r; the first reason wins. Pending messages go
// out before the close frame where the socket takes them.
func (s *Session) Close(r Reason) { s.CloseWith(r, "") }

// CloseWith is Close with a detail: After or MovedTo.
func (s *Session) CloseWith(r Reason, detail string) {
	if n := s.network.Load(); n != nil && (r == Bye || r == Lost) {
		n.up.rush() // what the client said before it went away
	}
	s.mu.Lock()
	if s.ended {
		s.mu.Unlock()
		return
	}
	if s.out.pending() && r != Slow {
		_ = s.put(time.Now()) // the session ends either way
	}
	s.ended, s.reason = true, r
	s.out = outbox{}
	in := s.inbox
	n := s.network.Load()
	s.mu.Unlock()
	if n != nil {
		n.finish(r)
	}

	// Once: ended was false for this caller alone.
	s.conn.Close(r, detail)
	s.cfg.Metrics.Ended(r)
	close(s.done)
	if in != nil {
		in.Gone(s, r)
	}
}
