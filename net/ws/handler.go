package ws

import (
	"net/http"

	"github.com/lxzan/gws"

	"github.com/sandlot-server/sandlot/net/session"
)

// Handler serves GET /v1/ws. Run must run beside it.
type Handler struct {
	cfg      Config
	session  *session.Config
	door     Door
	origins  origins
	upgrader *gws.Upgrader
	conns    *conns
	watchers watchers
	tunnels  tunnels
}

// New makes the handler; it starts nothing.
func New(cfg Config, door Door) *Handler {
	h := &Handler{
		cfg:     cfg.withDefaults(),
		session: cfg.Session.Filled(),
		door:    door,
		origins: newOrigins(cfg.Origins),
		conns:   newConns(),
	}
	h.upgrader = newUpgrader(events{})
	return h
}

// Len is the number of open connections.
func (h *Handler) Len() int { return h.conns.len() }

// ServeHTTP decides, upgrades, hands the session over and returns; the
// connection is then read by a watcher, or the Loop.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	offered := protocols(r)
	if no := handshake(r, offered); no != nil {
		h.cfg.Metrics.Handshake(no.Code)
		switch no.Status {
		case http.StatusMethodNotAllowed:
			w.Header().Set("Allow", http.MethodGet)
		case http.StatusUpgradeRequired:
			w.Header().Set("Upgrade", "websocket")
			w.Header().Set("Sec-WebSocket-Version", "13")
		}
		answer(w, no)
		return
	}
	from := h.origins.judge(r)
	if from == foreignOrigin {
		h.cfg.Metrics.Handshake("origin")
		answer(w, &session.Refusal{Status: http.StatusForbidden, Code: "origin", Message: "this Origin is not allowed here"})
		return
	}
	place, no := h.enter(r, offered, from)
	if no != nil { // a browser too: what is too much must cost little
		h.cfg.Metrics.Handshake(no.Code)
		answer(w, no)
		return
	}
	defer place.over()
	claim, no := h.claim(r)
	if no == nil {
		claim.Credential, no = h.credential(r, offered, from)
	}
	if no == nil && claim.Credential == "" {
		if h.cfg.Hello {
			h.open(w, r, &place, nil, func(p *peer) { p.await(claim) })
			return
		}
		no = missing
	}
	var a session.Admission
	if no == nil {
		a, no = h.ask(r.Context(), claim)
	}
	if no != nil && no.Home != (session.Home{}) && r.Header.Get(PeerHeader) == "" { // once is enough
		h.through(w, r, &place, from, no)
		return
	}
	if no != nil {
		h.refuse(w, r, &place, from, no)
		return
	}
	h.open(w, r, &place, a, func(p *peer) { p.attach(a) })
}

// refuse says no: by status, or, to a browser, which cannot read that, by a
// close frame on a connection that never becomes a session.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, place *visit, from origin, no *session.Refusal) {
	h.cfg.Metrics.Handshake(no.Code)
	if from != allowedOrigin {
		answer(w, no)
		return
	}
	h.open(w, r, place, nil, func(p *peer) { p.Close(no.Close()) })
}

// open upgrades and runs the connection, begin first, which takes the place. a,
// if there is one, is released where that fails.
func (h *Handler) open(w http.ResponseWriter, r *http.Request, place *visit, a session.Admission, begin func(*peer)) {
	p, err := h.upgrade(w, r)
	if err != nil {
		if a != nil {
			a.Release()
			h.cfg.Metrics.Handshake("upgrade_failed")
		}
		h.cfg.Log.Debug("upgrade", "error", err)
		return
	}
	p.leave = place.take()
	if !h.conns.add(p) {
		p.leave()
		if a != nil {
			a.Release()
		}
		p.Close(session.Restart, session.After(h.cfg.RestartAfter))
		p.conn.close()
		return
	}
	if a != nil {
		h.cfg.Metrics.Handshake("ok")
	}
	p.watched = h.watchers.add(p)
	p.begin(begin)
	if !p.watched {
		go p.run()
		return
	}
	p.turn() // what came with the request
}
