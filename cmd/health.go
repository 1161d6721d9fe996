package cmd

import (
	"fmt"
	"time"
)

// health adds what is wrong with a running instance. A stuck game cannot be
// stopped and holds a processor for ever, so that no more players should come.
func (s *Server) health(r *Readiness) {
	if r.Reasons = s.lobbies.Ready(); len(r.Reasons) > 0 {
		r.Status = statusDegraded
	}
	if s.memory.crowded() {
		r.Status = statusDegraded
		r.Reasons = append(r.Reasons, "short of memory: new lobbies are refused")
	}
	for _, l := range s.lobbies.Stuck(s.config.Limits.StuckAfter) {
		r.Status = statusStuck
		r.Reasons = append(r.Reasons, fmt.Sprintf("lobby %s (%s) has been in one step for %s and cannot be stopped: restart this instance",
			l.Lobby, l.Game, l.For.Round(time.Second)))
	}
}
