package lobby

import (
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/sim"
)

// setNetwork has the network of all members simulated as text says, or ends
// that with empty text. It is the host's, where the configuration lets it.
func (l *Loop) setNetwork(s *seat, text string) error {
	switch {
	case s.player != l.host:
		return errNotHost
	case !l.env.cfg.Simulate:
		return fail(CodeNetworkOff, "this server simulates no networks: its configuration says lobby.simulate_network = false")
	}
	link, err := sim.Parse(text)
	if err != nil {
		return fail(CodeInvalid, err.Error())
	}
	if link == l.network {
		return nil
	}
	l.network = link
	l.changed = true
	l.log.Info("the members' network is simulated", "link", link.String(), "player", s.who.ID)
	l.everySession(l.simulate)
	return nil
}

// simulate puts the lobby's network before a connection, each with faults of its
// own that are the same again in another lobby.
func (l *Loop) simulate(s *session.Session) {
	if !l.network.Perfect() {
		l.networked++
	}
	s.Simulate(l.network, l.networked)
}
