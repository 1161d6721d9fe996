package cmd

import (
	"crypto/subtle"
	"encoding/json"
	"net"
	"net/http"
	"net/http/pprof"
	"strings"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Readiness is what /readyz answers.
type Readiness struct {
	Status   string   `json:"status"`             // ready, degraded, stuck, starting, draining or stopping
	Reasons  []string `json:"reasons,omitempty"`  // why it is not ready, or only in part
	Warnings []string `json:"warnings,omitempty"` // what an operator should mend
}

// The words of Readiness.Status. A degraded instance still plays all that is
// its own, so it answers 200; taking it out of the balancer would not help.
const (
	statusReady    = "ready"
	statusDegraded = "degraded"
	statusStuck    = "stuck" // a game does not come back: only a restart mends that
	statusStarting = "starting"
	statusDraining = "draining" // about to stop: matches end, new ones begin elsewhere
	statusStopping = "stopping"
)

// admin is the operator's port.
func (s *Server) admin() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("ok\n"))
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		ready := s.Ready()
		w.Header().Set("Content-Type", "application/json")
		if ready.Status != statusReady && ready.Status != statusDegraded {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.NewEncoder(w).Encode(ready)
	})
	mux.HandleFunc("GET /v1/revocations", s.getRevocations)
	mux.HandleFunc("POST /v1/revocations", s.postRevocation)
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{Registry: s.metrics.registry}))
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("sandlot admin: /healthz /readyz /metrics /v1/revocations /debug/pprof/\n"))
	})
	return adminGuard(s.config.AdminToken, mux)
}

// adminGuard asks for the token, where there is one, and hardens each answer. A
// page of another site must not read it from an operator's browser, so requests
// of browsers' pages are refused as well.
func adminGuard(token string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
		h.Set("Cache-Control", "no-store")
		if r.Header.Get("Origin") != "" || r.Header.Get("Sec-Fetch-Site") == "cross-site" {
			http.Error(w, "not for pages", http.StatusForbidden)
			return
		}
		if token == "" && !isHere(r.Host) {
			// A name that a page's own server lets point here (DNS rebinding) makes
			// that page's requests look like an operator's.
			http.Error(w, "without admin_token, ask for localhost or an address", http.StatusForbidden)
			return
		}
		given := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		// Health says nothing, and what checks it rarely has a token.
		if token != "" && r.URL.Path != "/healthz" && subtle.ConstantTimeCompare([]byte(given), []byte(token)) != 1 {
			h.Set("WWW-Authenticate", "Bearer")
			http.Error(w, "the admin token is needed", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isHere says whether a Host header names this machine in a way that no other
// site's name can.
func isHere(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return host == "localhost" || net.ParseIP(strings.Trim(host, "[]")) != nil
}
