package ws

import (
	"net/http"

	"github.com/sandlot-server/sandlot/net/session"
)

// Gate bounds what may be opened, by address and in all. It is asked before
// anything is looked at that costs more than the request itself, from many
// goroutines, and must not wait for anything.
type Gate interface {
	// Enter takes a place for one more socket of remote, host:port. Credential is
	// what the request shows, "" for none: for those whom a signature exempts.
	// Leave, called once, gives the place back: the socket is closed, or never
	// came about. A refusal's status is 429 or 503.
	Enter(remote string, credential func() string) (leave func(), no *session.Refusal)
}

// noGate lets everyone in.
type noGate struct{}

func (noGate) Enter(string, func() string) (func(), *session.Refusal) { return func() {}, nil }

// visit is a place that the Gate gave; whoever ends it first gives it back.
type visit struct{ leave func() }

// enter asks the Gate.
func (h *Handler) enter(r *http.Request, offered []string, from origin) (visit, *session.Refusal) {
	leave, no := h.cfg.Gate.Enter(r.RemoteAddr, func() string {
		credential, _ := h.credential(r, offered, from)
		return credential
	})
	return visit{leave}, no
}

// over gives the place back, unless a connection took it.
func (v *visit) over() {
	if v.leave != nil {
		v.leave()
	}
}

// take hands the place to a connection, which gives it back when it is over.
func (v *visit) take() (leave func()) {
	leave, v.leave = v.leave, nil
	return leave
}

// End closes every session of a player and says how many there were. One that has
// ended already, and whose connection only waits for the client, is none.
func (h *Handler) End(player string, r session.Reason, detail string) (n int) {
	for _, p := range h.conns.all(nil) {
		s := p.session.Load()
		if s == nil || s.Identity().ID != player {
			continue
		}
		if _, over := s.Ended(); !over {
			p.end(r, detail)
			n++
		}
	}
	return n
}
