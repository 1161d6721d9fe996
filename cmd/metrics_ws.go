package cmd

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/sandlot-server/sandlot/net/ws"
)

// wsMetrics implements ws.Metrics.
type wsMetrics struct {
	handshakes  *prometheus.CounterVec
	results     labels
	connections prometheus.Gauge
	tunnels     prometheus.Gauge
	panics      prometheus.Counter
	shorted     prometheus.Counter
	read        prometheus.Counter
	written     prometheus.Counter
}

var _ ws.Metrics = (*wsMetrics)(nil)

func newWSMetrics(r *prometheus.Registry, panics *prometheus.CounterVec) *wsMetrics {
	bytes := counterVec(r, "socket_bytes_total", "Bytes on the sockets, beneath TLS.", "direction")
	return &wsMetrics{
		handshakes:  counterVec(r, "handshakes_total", "Sockets that asked to be let in, by result.", "result"),
		results:     labels{max: 64},
		connections: gauge(r, "connections", "WebSocket connections that are open."),
		tunnels:     gauge(r, "tunnels", "Sockets that are passed through to other instances."),
		panics:      panics.WithLabelValues("connection"),
		shorted:     counter(r, "short_writes_total", "Writes of which a socket took only a part."),
		read:        bytes.WithLabelValues("in"),
		written:     bytes.WithLabelValues("out"),
	}
}

func (m *wsMetrics) Handshake(result string) {
	m.handshakes.WithLabelValues(m.results.bound(result)).Inc()
}
func (m *wsMetrics) Connections(delta int) { m.connections.Add(float64(delta)) }
func (m *wsMetrics) Tunnels(delta int)     { m.tunnels.Add(float64(delta)) }
func (m *wsMetrics) Panic()                { m.panics.Inc() }
func (m *wsMetrics) Shorted()              { m.shorted.Inc() }
func (m *wsMetrics) Bytes(read, written int) {
	if read > 0 { // most calls are of one direction
		m.read.Add(float64(read))
	}
	if written > 0 {
		m.written.Add(float64(written))
	}
}
