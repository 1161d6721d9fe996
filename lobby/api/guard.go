package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/sandlot-server/sandlot/lobby"
)

// policy lets the answers of this package load nothing but their own style sheet.
const policy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// guard sets what every answer carries and refuses what no handler should see:
// writes by pages of other sites, bodies that announce themselves too large, and
// addresses that ask too much.
func (h *Handler) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		harden(w.Header())
		crossed := h.cors(w, r)
		switch {
		case isPreflight(r):
			w.WriteHeader(http.StatusNoContent)
		case r.Method == http.MethodHead && isStream(r): // which has no end to wait for
			w.Header().Set("Allow", http.MethodGet)
			NewProblem(CodeNoMethod, "this address takes GET", 0).Write(w)
		case crossed && writes(r):
			NewProblem(CodeCrossSite, "pages of this site may not use this server", 0).Write(w)
		case r.ContentLength > h.cfg.BodyBytes:
			w.Header().Set("Connection", "close")
			NewProblem(CodeTooLarge, "the body is too large", 0).Write(w)
		case (writes(r) || guesses(r)) && !h.admit(w, r):
		default:
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), baseKey{}, h.cfg.Base(r))))
		}
	})
}

func harden(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")                    // unless the answer says otherwise
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // CORS decides who may read
}

func isPreflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != ""
}

func writes(r *http.Request) bool {
	return r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodOptions
}

// guesses says whether the request could be a try at somebody's code.
func guesses(r *http.Request) bool {
	for _, prefix := range []string{"/v1/lobbies/", "/v1/parties/"} {
		if rest, ok := strings.CutPrefix(r.URL.Path, prefix); ok && rest != "events" {
			return r.Method != http.MethodOptions
		}
	}
	return false
}

// cors allows the origins of the list to read the answer, and says whether the
// request comes from a page of a site that is not on it.
func (h *Handler) cors(w http.ResponseWriter, r *http.Request) (crossed bool) {
	w.Header().Add("Vary", "Origin")
	origin := r.Header.Get("Origin")
	if origin == "" {
		return r.Header.Get("Sec-Fetch-Site") == "cross-site"
	}
	if !h.cfg.AllowOrigin(r) {
		return true
	}
	w.Header().Set("Access-Control-Allow-Origin", origin)
	w.Header().Set("Access-Control-Expose-Headers", "ETag, Retry-After")
	if isPreflight(r) {
		w.Header().Set("Access-Control-Allow-Methods", "GET, POST, DELETE")
		w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID")
		w.Header().Set("Access-Control-Max-Age", "600")
	}
	return false
}

// admit asks the address's rate, and answers with 429 if it is spent. A token
// signed as a load test lifts the limit.
func (h *Handler) admit(w http.ResponseWriter, r *http.Request) bool {
	after, ok := h.limit.allow(r.RemoteAddr)
	if ok {
		return true
	}
	if who, err := h.keys.Verify(r.Context(), bearer(r.Header.Get("Authorization"))); err == nil && who.Load {
		return true
	}
	h.cfg.Limited()
	NewProblem(CodeRate, "too many requests from this address", after).Write(w)
	return false
}

// bearer takes the token out of an Authorization header, "" if there is none.
func bearer(header string) string {
	scheme, token, ok := strings.Cut(header, " ")
	if !ok || !strings.EqualFold(scheme, "bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// nothing answers where no operation is: 405 if there is one of another method.
func (h *Handler) nothing(w http.ResponseWriter, r *http.Request) {
	var allow []string
	for _, method := range []string{http.MethodDelete, http.MethodGet, http.MethodPost} {
		if _, pattern := h.mux.Handler(&http.Request{Method: method, URL: r.URL, Host: r.Host}); pattern != "/" {
			allow = append(allow, method)
		}
	}
	if len(allow) == 0 {
		NewProblem(CodeNoRoute, "there is nothing at this address", 0).Write(w)
		return
	}
	w.Header().Set("Allow", strings.Join(allow, ", "))
	NewProblem(CodeNoMethod, "this address takes "+strings.Join(allow, " and "), 0).Write(w)
}

var _ Lobbies = (*lobby.Directory)(nil)
