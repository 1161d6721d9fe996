package cmd

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sandlot-server/sandlot/lobby"
)

// lobbyMetrics implements lobby.Metrics. The series of each game are made
// beforehand: the tick's methods only add.
type lobbyMetrics struct {
	games       map[string]*gameMetrics
	panics      prometheus.Counter
	chat        *prometheus.CounterVec
	outcomes    labels
	chatLatency prometheus.Histogram
	busDropped  prometheus.Counter
	frames      prometheus.Counter // that gave way
	faults      *prometheus.CounterVec
	faultWords  labels
	storeErrors *prometheus.CounterVec
	ops         labels
}

type gameMetrics struct {
	late, read, step, send prometheus.Observer
	tick, length           prometheus.Observer
	slipped, inputs, inbox prometheus.Counter
	frames, frameBytes     prometheus.Counter
	lateSkipped, lateLost  prometheus.Counter
	watching               prometheus.Gauge
	started, ended         prometheus.Counter
	lobbies, people, bots  prometheus.Gauge
	running                prometheus.Gauge
}

var _ lobby.Metrics = (*lobbyMetrics)(nil)

func newLobbyMetrics(r *prometheus.Registry, panics *prometheus.CounterVec) *lobbyMetrics {
	late := histogramVec(r, "tick_lateness_seconds", "How long after its deadline a tick began.", lateBuckets, "game")
	tick := histogramVec(r, "tick_seconds", "All that was done at a tick's deadline.", tickBuckets, "game")
	read := histogramVec(r, "tick_read_seconds", "Reading a lobby's inputs before a step.", tickBuckets, "game")
	step := histogramVec(r, "tick_step_seconds", "The game's step.", tickBuckets, "game")
	send := histogramVec(r, "tick_send_seconds", "Encoding and writing after a step.", tickBuckets, "game")
	length := histogramVec(r, "match_seconds", "How long matches last.", matchBuckets, "game")
	slipped := counterVec(r, "slipped_ticks_total", "Ticks that matches lost to overload.", "game")
	inputs := counterVec(r, "inputs_dropped_total", "Inputs that found a full buffer: the oldest gave way.", "game")
	inbox := counterVec(r, "inbox_full_total", "Messages that found a lobby's inbox full: their sender was closed.", "game")
	started := counterVec(r, "matches_started_total", "Matches that began.", "game")
	ended := counterVec(r, "matches_ended_total", "Matches that ended.", "game")
	lobbies := gaugeVec(r, "lobbies", "Lobbies that are open.", "game")
	running := gaugeVec(r, "matches", "Matches that run.", "game")
	seats := gaugeVec(r, "seats", "Seats taken, by people and by bots.", "game", "by")
	frames := counterVec(r, "spectator_frames_total", "Frames made at lobbies' homes for spectators on other instances.", "game")
	frameBytes := counterVec(r, "spectator_frame_bytes_total", "Bytes of those frames.", "game")
	watching := gaugeVec(r, "spectators_elsewhere", "Spectators here of lobbies that other instances run.", "game")
	lateSkipped := counterVec(r, "delayed_states_skipped_total", "States left out for delayed spectators: too much waits.", "game")
	lateLost := counterVec(r, "delayed_messages_lost_total", "Messages lost to delayed spectators: too much waits.", "game")
	m := &lobbyMetrics{
		frames:      counter(r, "spectator_frames_dropped_total", "Frames that gave way to newer ones because the bus was behind or down; receivers ask for a whole one."),
		faults:      counterVec(r, "spectator_frame_faults_total", "Frames of other instances that could not be used, by why.", "fault"),
		faultWords:  labels{max: 8},
		games:       map[string]*gameMetrics{},
		panics:      panics.WithLabelValues("game"),
		chat:        counterVec(r, "chat_messages_total", "Chat messages, by what became of them.", "outcome"),
		outcomes:    labels{max: 16},
		chatLatency: histogram(r, "chat_latency_seconds", "From a message's receipt at its lobby's home to its being written, here or elsewhere.", networkBuckets),
		busDropped:  counter(r, "bus_dropped_total", "Messages to other instances that found the queue full."),
		storeErrors: counterVec(r, "store_errors_total", "Calls to the shared store that failed, by operation.", "operation"),
		ops:         labels{max: 16},
	}
	for _, g := range gameNames() {
		m.games[g] = &gameMetrics{
			late: late.WithLabelValues(g), read: read.WithLabelValues(g), step: step.WithLabelValues(g), send: send.WithLabelValues(g),
			tick: tick.WithLabelValues(g), length: length.WithLabelValues(g),
			slipped: slipped.WithLabelValues(g), inputs: inputs.WithLabelValues(g), inbox: inbox.WithLabelValues(g),
			started: started.WithLabelValues(g), ended: ended.WithLabelValues(g),
			frames: frames.WithLabelValues(g), frameBytes: frameBytes.WithLabelValues(g), watching: watching.WithLabelValues(g),
			lateSkipped: lateSkipped.WithLabelValues(g), lateLost: lateLost.WithLabelValues(g),
			lobbies: lobbies.WithLabelValues(g), running: running.WithLabelValues(g),
			people: seats.WithLabelValues(g, "people"), bots: seats.WithLabelValues(g, "bots"),
		}
	}
	return m
}

func (m *lobbyMetrics) of(name string) *gameMetrics {
	if g := m.games[name]; g != nil {
		return g
	}
	return m.games[other]
}

func (m *lobbyMetrics) TickLate(g string, d time.Duration) { m.of(g).late.Observe(d.Seconds()) }
func (m *lobbyMetrics) Tick(g string, d time.Duration)     { m.of(g).tick.Observe(d.Seconds()) }
func (m *lobbyMetrics) TickRead(g string, d time.Duration) { m.of(g).read.Observe(d.Seconds()) }
func (m *lobbyMetrics) TickStep(g string, d time.Duration) { m.of(g).step.Observe(d.Seconds()) }
func (m *lobbyMetrics) TickSend(g string, d time.Duration) { m.of(g).send.Observe(d.Seconds()) }
func (m *lobbyMetrics) Slipped(g string, ticks int)        { m.of(g).slipped.Add(float64(ticks)) }
func (m *lobbyMetrics) InputsDropped(g string, n int)      { m.of(g).inputs.Add(float64(n)) }
func (m *lobbyMetrics) Lobbies(g string, delta int)        { m.of(g).lobbies.Add(float64(delta)) }

func (m *lobbyMetrics) Seats(g string, people, bots int) {
	m.of(g).people.Add(float64(people))
	m.of(g).bots.Add(float64(bots))
}

func (m *lobbyMetrics) MatchStarted(g string) {
	m.of(g).started.Inc()
	m.of(g).running.Inc()
}

func (m *lobbyMetrics) MatchEnded(g string, length time.Duration) {
	m.of(g).ended.Inc()
	m.of(g).running.Dec()
	m.of(g).length.Observe(length.Seconds())
}

func (m *lobbyMetrics) GamePanic(string)            { m.panics.Inc() }
func (m *lobbyMetrics) InboxFull(g string)          { m.of(g).inbox.Inc() }
func (m *lobbyMetrics) Chat(outcome string)         { m.chat.WithLabelValues(m.outcomes.bound(outcome)).Inc() }
func (m *lobbyMetrics) ChatLatency(d time.Duration) { m.chatLatency.Observe(d.Seconds()) }
func (m *lobbyMetrics) Frame(g string, bytes int) {
	m.of(g).frames.Inc()
	m.of(g).frameBytes.Add(float64(bytes))
}

func (m *lobbyMetrics) FramesDropped(n int) { m.frames.Add(float64(n)) }
func (m *lobbyMetrics) FrameFault(what string) {
	m.faults.WithLabelValues(m.faultWords.bound(what)).Inc()
}
func (m *lobbyMetrics) Watching(g string, n int) { m.of(g).watching.Add(float64(n)) }
func (m *lobbyMetrics) LateSkipped(g string)     { m.of(g).lateSkipped.Inc() }
func (m *lobbyMetrics) LateLost(g string)        { m.of(g).lateLost.Inc() }
func (m *lobbyMetrics) BusDropped(n int)         { m.busDropped.Add(float64(n)) }
func (m *lobbyMetrics) StoreError(op string)     { m.storeErrors.WithLabelValues(m.ops.bound(op)).Inc() }
