package cmd

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// sessionMetrics implements session.Metrics. Its methods run at each tick for
// each client: every series is made beforehand, so that they only add.
type sessionMetrics struct {
	open       prometheus.Gauge
	opened     prometheus.Counter
	closes     *prometheus.CounterVec
	frames     [2][256]prometheus.Counter
	bytes      [2][256]prometheus.Counter
	dropped    [session.Queues]prometheus.Counter
	trip       prometheus.Histogram
	snapshot   [2]prometheus.Observer
	encode     prometheus.Histogram
	bodies     prometheus.Counter
	reasonSeen labels
}

var _ session.Metrics = (*sessionMetrics)(nil)

const (
	in = iota
	out
)

func newSessionMetrics(r *prometheus.Registry) *sessionMetrics {
	m := &sessionMetrics{
		open:       gauge(r, "sessions", "Sessions that are open."),
		opened:     counter(r, "sessions_opened_total", "Sessions that began."),
		closes:     counterVec(r, "closes_total", "Sessions that ended, by reason.", "reason"),
		trip:       histogram(r, "round_trip_seconds", "From a state to its acknowledgement.", networkBuckets),
		encode:     histogram(r, "encode_seconds", "Encoding and handing out one tick of one lobby.", tickBuckets),
		bodies:     counter(r, "encoded_bodies_total", "State bodies that were encoded; the others were shared."),
		reasonSeen: labels{max: 64},
	}
	frames := counterVec(r, "frames_total", "Messages, by direction and type.", "direction", "type")
	bytes := counterVec(r, "frame_bytes_total", "Bytes of messages, by direction and type.", "direction", "type")
	for d, direction := range []string{"in", "out"} {
		for k := range 256 {
			name := other
			switch t := wire.Type(k); {
			case k == 0:
				name = "bad"
			case d == in && t.FromClient(), d == out && t.FromServer():
				name = t.String()
			}
			m.frames[d][k] = frames.WithLabelValues(direction, name)
			m.bytes[d][k] = bytes.WithLabelValues(direction, name)
		}
	}
	drops := counterVec(r, "drops_total", "What gave way, by queue or rate.", "queue")
	for q := range session.Queues {
		m.dropped[q] = drops.WithLabelValues(q.String())
	}
	snapshot := histogramVec(r, "snapshot_bytes", "State messages of one client.", byteBuckets, "kind")
	m.snapshot[0], m.snapshot[1] = snapshot.WithLabelValues("delta"), snapshot.WithLabelValues("keyframe")
	return m
}

func (m *sessionMetrics) Opened() {
	m.open.Inc()
	m.opened.Inc()
}

func (m *sessionMetrics) Ended(r session.Reason) {
	m.open.Dec()
	m.closes.WithLabelValues(m.reasonSeen.bound(r.Word)).Inc()
}

func (m *sessionMetrics) Received(kind byte, bytes int) {
	m.frames[in][kind].Inc()
	m.bytes[in][kind].Add(float64(bytes))
}

func (m *sessionMetrics) Sent(kind byte, frames, bytes int) {
	m.frames[out][kind].Add(float64(frames))
	m.bytes[out][kind].Add(float64(bytes))
}

func (m *sessionMetrics) Dropped(q session.Queue) {
	if q < session.Queues {
		m.dropped[q].Inc()
	}
}

func (m *sessionMetrics) RoundTrip(d time.Duration) { m.trip.Observe(d.Seconds()) }

func (m *sessionMetrics) Snapshot(bytes int, keyframe bool) {
	kind := 0
	if keyframe {
		kind = 1
	}
	m.snapshot[kind].Observe(float64(bytes))
}

func (m *sessionMetrics) Encoded(d time.Duration, bodies int) {
	m.encode.Observe(d.Seconds())
	m.bodies.Add(float64(bodies))
}
