package cmd

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// httpMetrics counts requests, but for those that became WebSockets.
type httpMetrics struct {
	requests   *prometheus.CounterVec
	took       prometheus.Histogram
	limited    prometheus.Counter
	unaccepted prometheus.Counter
	panics     prometheus.Counter
}

func newHTTPMetrics(r *prometheus.Registry, panics *prometheus.CounterVec) *httpMetrics {
	return &httpMetrics{
		requests:   counterVec(r, "http_requests_total", "Requests answered, by method and status.", "method", "status"),
		took:       histogram(r, "http_seconds", "How long answers took.", networkBuckets),
		limited:    counter(r, "http_rate_limited_total", "Requests refused for their address's rate."),
		unaccepted: counter(r, "accept_errors_total", "Connections that could not be accepted: descriptors ran out."),
		panics:     panics.WithLabelValues("http"),
	}
}

// wrap counts what next answers, and turns its panics into a 500.
func (m *httpMetrics) wrap(log logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start, seen := time.Now(), &statusWriter{ResponseWriter: w}
		defer func() {
			p := recover()
			if err, _ := p.(error); p != nil && !errors.Is(err, http.ErrAbortHandler) {
				m.panics.Inc()
				log.Error("a request panicked", "method", r.Method, "path", r.URL.Path, "panic", p, "stack", stack())
				if seen.status == 0 {
					http.Error(seen, "something went wrong here", http.StatusInternalServerError)
				}
			}
			m.requests.WithLabelValues(method(r.Method), strconv.Itoa(seen.code())).Inc()
			if !waits(seen, r) {
				m.took.Observe(time.Since(start).Seconds())
			}
		}()
		next.ServeHTTP(seen, r)
	})
}

// waits says whether the answer was meant to take its time: a long poll or a
// stream of events.
func waits(w http.ResponseWriter, r *http.Request) bool {
	return w.Header().Get("Content-Type") == "text/event-stream" || r.URL.Query().Has("wait")
}

// method bounds the label: a client may send any word.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodDelete, http.MethodOptions:
		return m
	default:
		return other
	}
}

// statusWriter remembers the status that was answered.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (s *statusWriter) WriteHeader(status int) {
	if s.status == 0 {
		s.status = status
	}
	s.ResponseWriter.WriteHeader(status)
}

func (s *statusWriter) code() int {
	if s.status == 0 {
		return http.StatusOK
	}
	return s.status
}

// Unwrap lets http.ResponseController reach what is beneath.
func (s *statusWriter) Unwrap() http.ResponseWriter { return s.ResponseWriter }
