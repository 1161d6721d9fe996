package cmd

import (
	"runtime"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/sandlot-server/sandlot/game"
)

// metrics is everything that one instance counts, in a registry of its own: two
// servers in one process do not mix. All labels come from fixed lists, so that
// no client can make a series.
type metrics struct {
	registry *prometheus.Registry
	session  *sessionMetrics
	ws       *wsMetrics
	lobby    *lobbyMetrics
	queue    *queueMetrics
	http     *httpMetrics
}

func newMetrics() *metrics {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	build := gaugeVec(r, "build_info", "1, with the version as label.", "version", "go")
	build.WithLabelValues(version(), runtime.Version()).Set(1)
	panics := counterVec(r, "panics_total", "Panics that were caught, by where.", "where")
	return &metrics{
		registry: r,
		session:  newSessionMetrics(r),
		ws:       newWSMetrics(r, panics),
		lobby:    newLobbyMetrics(r, panics),
		queue:    newQueueMetrics(r),
		http:     newHTTPMetrics(r, panics),
	}
}

const namespace = "sandlot"

// Buckets, in seconds: a tick's parts take microseconds to milliseconds, what
// crosses a network milliseconds to seconds.
var (
	tickBuckets    = prometheus.ExponentialBuckets(5e-6, 2, 16)   // 5 µs … 0.16 s
	lateBuckets    = prometheus.ExponentialBuckets(20e-6, 2, 16)  // 20 µs … 0.66 s
	networkBuckets = prometheus.ExponentialBuckets(250e-6, 2, 15) // 0.25 ms … 4 s
	matchBuckets   = prometheus.ExponentialBuckets(1, 2, 12)      // 1 s … 34 min
	byteBuckets    = prometheus.ExponentialBuckets(8, 2, 13)      // 8 B … 32 KiB
)

func counter(r *prometheus.Registry, name, help string) prometheus.Counter {
	c := prometheus.NewCounter(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help})
	r.MustRegister(c)
	return c
}

func counterVec(r *prometheus.Registry, name, help string, labels ...string) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
	r.MustRegister(c)
	return c
}

func gauge(r *prometheus.Registry, name, help string) prometheus.Gauge {
	g := prometheus.NewGauge(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help})
	r.MustRegister(g)
	return g
}

func gaugeVec(r *prometheus.Registry, name, help string, labels ...string) *prometheus.GaugeVec {
	g := prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help}, labels)
	r.MustRegister(g)
	return g
}

func histogram(r *prometheus.Registry, name, help string, buckets []float64) prometheus.Histogram {
	h := prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: buckets})
	r.MustRegister(h)
	return h
}

func histogramVec(r *prometheus.Registry, name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	h := prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: buckets}, labels)
	r.MustRegister(h)
	return h
}

// gameNames are the label values for games; what is not registered counts as other.
func gameNames() []string {
	names := []string{other}
	for _, d := range game.All() {
		names = append(names, d.Name)
	}
	return names
}

const other = "other"

// labels lets at most max different values of a label through; later ones are
// other. Safe for concurrent use.
type labels struct {
	max int

	mu   sync.Mutex
	seen map[string]bool
}

func (l *labels) bound(value string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seen[value] {
		return value
	}
	if len(l.seen) >= l.max {
		return other
	}
	if l.seen == nil {
		l.seen = map[string]bool{}
	}
	l.seen[value] = true
	return value
}
