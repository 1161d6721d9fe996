package session

import "time"

// Check applies the limits that need a clock: blocked writes, pings,
// dead and idle clients, expired tokens. (Unacked state is Group.Send's.) net/ws calls it about twice a
// second. It also writes what waited for a tick that did not come.
func (s *Session) Check(now time.Time) {
	s.mu.Lock()
	if s.ended {
		s.mu.Unlock()
		return
	}
	reason, over := s.overdue(now)
	var err error
	if !over {
		age := now.Sub(s.began)
		if age-s.pinged >= s.cfg.Ping {
			s.pinged, s.out.pingDue = age, true
		}
		s.warn(now)
		if s.out.pending() {
			err = s.write(now)
		}
	}
	s.mu.Unlock()
	if over {
		s.Close(reason)
		return
	}
	s.broken(err)
}

// overdue says whether a limit of time has passed; mu held.
func (s *Session) overdue(now time.Time) (Reason, bool) {
	age := now.Sub(s.began)
	since, blocked := s.blocked()
	switch {
	case blocked && now.Sub(since) >= s.cfg.BlockedWrite:
		return Slow, true
	case !s.expires.IsZero() && now.After(s.expires):
		return Expired, true
	case age-s.heard >= s.cfg.Dead:
		return Lost, true
	case s.cfg.Idle > 0 && age-s.active >= s.cfg.Idle:
		return Idle, true
	default:
		return Reason{}, false
	}
}
