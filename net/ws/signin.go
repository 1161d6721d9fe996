package ws

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// bearer marks the credential among the subprotocols.
const bearer = "bearer."

// maxLobby bounds the lobby parameter in bytes.
const maxLobby = 64

// protocols are the subprotocols that a client offers.
func protocols(r *http.Request) []string {
	var list []string
	for _, line := range r.Header.Values("Sec-WebSocket-Protocol") {
		for p := range strings.SplitSeq(line, ",") {
			if p = strings.TrimSpace(p); p != "" {
				list = append(list, p)
			}
		}
	}
	return list
}

// credential finds what the client shows, in order: the Authorization header,
// the subprotocol pair, ?token=, the cookie. A cookie comes by itself, from
// any page: it counts only with an allowed Origin.
func (h *Handler) credential(r *http.Request, offered []string, from origin) (string, *session.Refusal) {
	if scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return bounded(strings.TrimSpace(token))
	}
	for _, p := range offered {
		if token, ok := strings.CutPrefix(p, bearer); ok {
			return bounded(token)
		}
	}
	if token := r.URL.Query().Get("token"); token != "" {
		return bounded(token)
	}
	if c, err := r.Cookie(h.cfg.Cookie); err == nil && c.Value != "" {
		if from != allowedOrigin {
			return "", &session.Refusal{Status: http.StatusForbidden, Code: "origin_required", Message: "a cookie signs in only together with an allowed Origin"}
		}
		return bounded(c.Value)
	}
	return "", nil
}

func bounded(token string) (string, *session.Refusal) {
	if len(token) > wire.MaxCredential {
		return "", &session.Refusal{Status: http.StatusUnauthorized, Code: "too_long", Message: "the token is longer than 2 KiB"}
	}
	return token, nil
}

// missing is the refusal of a request without any credential.
var missing = &session.Refusal{Status: http.StatusUnauthorized, Code: "missing", Message: "no token was given"}

// claim is what the request says beside the credential.
func (h *Handler) claim(r *http.Request) (session.Claim, *session.Refusal) {
	q := r.URL.Query()
	c := session.Claim{
		Lobby:  q.Get("lobby"),
		Remote: r.RemoteAddr,
		Host:   r.Host,
		Secure: r.TLS != nil,
	}
	if h.cfg.Secure != nil {
		c.Secure = h.cfg.Secure(r)
	}
	if len(c.Lobby) > maxLobby {
		return c, &session.Refusal{Status: http.StatusNotFound, Code: "not_found", Message: "there is no such lobby"}
	}
	if seen := q.Get("seen"); seen != "" {
		n, err := strconv.ParseUint(seen, 10, 32)
		if err != nil {
			return c, &session.Refusal{Status: http.StatusBadRequest, Code: "bad_seen", Message: "seen is not a count of messages"}
		}
		c.Seen, c.Resuming = uint32(n), true
	}
	if from := q.Get("from"); from != "" {
		name, attempt, _ := strings.Cut(from, ".")
		n, err := strconv.ParseUint(attempt, 10, 32)
		if err != nil || name == "" || len(name) > maxFrom {
			return c, &session.Refusal{Status: http.StatusBadRequest, Code: "bad_from", Message: "from is not CLIENT.ATTEMPT, of at most 16 bytes and a number"}
		}
		c.From, c.Attempt = name, uint32(n)
	}
	return c, nil
}

// maxFrom bounds a client's name for itself in bytes.
const maxFrom = 16
