package cmd

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/lobby/queue"
)

// queueMetrics implements queue.Metrics.
type queueMetrics struct {
	modes   map[[2]string]bool
	tickets *prometheus.CounterVec
	waits   *prometheus.HistogramVec
	spread  *prometheus.HistogramVec
	waiting prometheus.Gauge
	paired  prometheus.Histogram
}

var _ queue.Metrics = (*queueMetrics)(nil)

func newQueueMetrics(r *prometheus.Registry) *queueMetrics {
	m := &queueMetrics{
		modes:   map[[2]string]bool{},
		tickets: counterVec(r, "tickets_total", "Tickets that came and went, by what became of them.", "game", "mode", "state"),
		waits:   histogramVec(r, "ticket_wait_seconds", "How long tickets waited until they were matched.", waitBuckets, "game", "mode"),
		spread:  histogramVec(r, "match_spread_points", "Between the highest and the lowest ticket of a match.", spreadBuckets, "game", "mode"),
		waiting: gauge(r, "tickets_waiting", "Tickets that wait now."),
		paired:  histogram(r, "pairing_seconds", "How long one pairing of all that wait took.", networkBuckets),
	}
	for _, d := range game.All() {
		for _, mode := range d.Modes {
			m.modes[[2]string{d.Name, mode.Name}] = true
		}
	}
	return m
}

var (
	waitBuckets   = prometheus.ExponentialBuckets(0.25, 2, 12) // 0.25 s … 8.5 min
	spreadBuckets = prometheus.ExponentialBuckets(10, 2, 9)    // 10 … 2,560 points
)

// labels are those of a mode that is registered.
func (m *queueMetrics) labels(game, mode string) (string, string) {
	if !m.modes[[2]string{game, mode}] {
		return other, other
	}
	return game, mode
}

// Ticket implements queue.Metrics.
func (m *queueMetrics) Ticket(game, mode string, s queue.State, waited time.Duration) {
	game, mode = m.labels(game, mode)
	m.tickets.WithLabelValues(game, mode, string(s)).Inc()
	if s == queue.Matched {
		m.waits.WithLabelValues(game, mode).Observe(waited.Seconds())
	}
}

// Waiting implements queue.Metrics.
func (m *queueMetrics) Waiting(n int) { m.waiting.Set(float64(n)) }

// Paired implements queue.Metrics.
func (m *queueMetrics) Paired(d time.Duration) { m.paired.Observe(d.Seconds()) }

// Spread implements queue.Metrics.
func (m *queueMetrics) Spread(game, mode string, points int) {
	game, mode = m.labels(game, mode)
	m.spread.WithLabelValues(game, mode).Observe(float64(points))
}
