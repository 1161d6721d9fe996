package cmd

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/wire"
)

// report is what --json prints; its keys are documented in the verb's help.
type report struct {
	URL          string        `json:"url"`
	Game         string        `json:"game"`
	Net          string        `json:"net"`
	Seconds      float64       `json:"seconds"`
	Wanted       int           `json:"wanted"`
	Connected    int           `json:"connected"`
	Lobbies      int           `json:"lobbies"`
	Matches      int64         `json:"matches"`
	Tickets      *ticketReport `json:"tickets,omitempty"`
	FramesIn     uint64        `json:"framesIn"`
	FramesOut    uint64        `json:"framesOut"`
	BytesIn      uint64        `json:"bytesIn"`
	BytesOut     uint64        `json:"bytesOut"`
	InPerSecond  float64       `json:"bytesInPerClientPerSecond"`
	OutPerSecond float64       `json:"bytesOutPerClientPerSecond"`
	States       uint64        `json:"states"`
	Keyframes    uint64        `json:"keyframes"`
	Interval     quantiles     `json:"snapshotIntervalMs"`
	Latency      quantiles     `json:"latencyMs"`
	Ping         quantiles     `json:"pingMs"`
	Slipped      uint64        `json:"slippedTicks"`
	Reconnects   uint64        `json:"reconnects"`
	ComeBack     *comeback     `json:"comeBackMs"`
	Errors       uint64        `json:"errors"`
	Samples      []faultSample `json:"errorSamples"`
}

type quantiles struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
}

func quantilesOf(h *client.Hist) quantiles {
	ms := func(q float64) float64 { return float64(h.Quantile(q).Microseconds()) / 1000 }
	return quantiles{ms(0.5), ms(0.99)}
}

// report adds up what all bots saw. They have ended.
func (c *crowd) report(seconds time.Duration) *report {
	r := &report{
		URL: strings.Join(c.v.URL, ","), Game: c.v.Game, Seconds: seconds.Round(time.Millisecond).Seconds(), Wanted: c.v.Count,
		Matches: c.matches.Load(), Samples: []faultSample{},
	}
	if !c.v.Net.Perfect() {
		r.Net = c.v.Net.String()
	}
	c.lobbies.Range(func(any, any) bool { r.Lobbies++; return true })
	var sum client.Stats
	var answers client.Hist
	var lasted time.Duration
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, b := range c.bots {
		if b.client == nil {
			continue
		}
		s := b.client.Stats()
		if s.FramesIn > 0 {
			r.Connected++
		}
		// What is left of the client's own count is bytes that made no sense.
		for n := s.ErrorFrames + b.waits; n < s.Errors; n++ {
			c.faults.add(fmt.Errorf("a message that made no sense; the last error was: %w", s.LastError))
		}
		r.Slipped = max(r.Slipped, s.Slipped)
		sum.Merge(&s)
		answers.Merge(&b.answers)
		lasted += b.lasted
	}
	r.FramesIn, r.FramesOut, r.BytesIn, r.BytesOut = sum.FramesIn, sum.FramesOut, sum.BytesIn, sum.BytesOut
	r.States, r.Keyframes, r.Reconnects = sum.States, sum.Keyframes, sum.Reconnects
	if lasted > 0 {
		r.InPerSecond, r.OutPerSecond = float64(r.BytesIn)/lasted.Seconds(), float64(r.BytesOut)/lasted.Seconds()
	}
	latency := &sum.Latency
	if latency.Count() == 0 {
		latency = &answers
	}
	r.Interval, r.Latency, r.Ping = quantilesOf(&sum.Interval), quantilesOf(latency), quantilesOf(&sum.RTT)
	r.ComeBack = c.dropped.report()
	r.Errors, r.Samples = c.faults.all()
	if c.v.Queue != "" {
		r.Connected, r.Tickets = c.tickets.report()
	}
	return r
}

// write prints the table.
func (r *report) write(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name, format string, values ...any) {
		fmt.Fprintf(t, "  %s\t"+format+"\n", append([]any{name}, values...)...)
	}
	over := ""
	if r.Net != "" {
		over = " over " + r.Net
	}
	fmt.Fprintf(t, "\n%s at %s%s, %.0f s\n\n", r.Game, r.URL, over, r.Seconds)
	row("connected", "%d of %d, in %d lobbies, %d matches", r.Connected, r.Wanted, r.Lobbies, r.Matches)
	if q := r.Tickets; q != nil {
		row("tickets", "%d matched, %d lost, %d expired, %d taken back at the end, %d asked for again", q.Matched, q.Lost, q.Expired, q.Open, q.Asks)
		row("wait for a match", "p50 %.2f s, p95 %.2f s, max %.2f s", q.Wait.P50/1000, q.Wait.P95/1000, q.Wait.Max/1000)
		row("rating spread of a match", "p50 %.0f, p95 %.0f, max %.0f points", q.Spread.P50, q.Spread.P95, q.Spread.Max)
		row("strongest side beats weakest", "p50 %.0f %%, p95 %.0f %%, max %.0f %%", 100*q.Favourite.P50, 100*q.Favourite.P95, 100*q.Favourite.Max)
	}
	row("frames", "%d in, %d out", r.FramesIn, r.FramesOut)
	row("bytes per client per second", "%.0f in, %.0f out", r.InPerSecond, r.OutPerSecond)
	row("snapshot interval", "p50 %.1f ms, p99 %.1f ms", r.Interval.P50, r.Interval.P99)
	row("input to state", "p50 %.1f ms, p99 %.1f ms", r.Latency.P50, r.Latency.P99)
	row("ping", "p50 %.1f ms, p99 %.1f ms", r.Ping.P50, r.Ping.P99)
	row("slipped ticks", "%d", r.Slipped)
	row("reconnects", "%d", r.Reconnects)
	if b := r.ComeBack; b != nil {
		row("came back", "%d: p50 %.0f ms, p99 %.0f ms, last %.0f ms, at most %d in 100 ms", b.Count, b.P50, b.P99, b.Last, b.In100)
		row("in each 250 ms", "%v", b.Per)
	}
	row("errors", "%d", r.Errors)
	for _, s := range r.Samples {
		row("", "%d × %s", s.Count, s.Text)
	}
	fmt.Fprintln(t)
	return t.Flush()
}

type faultSample struct {
	Text  string `json:"text"`
	Count uint64 `json:"count"`
}

// maxSamples is how many different errors are told; the rest only counts.
const maxSamples = 10

// faultList counts errors by text. Safe for concurrent use; at most maxSamples
// texts are kept.
type faultList struct {
	mu    sync.Mutex
	n     uint64
	texts map[string]uint64
}

func (f *faultList) add(err error) {
	text := err.Error()
	var e *wire.Error
	if errors.As(err, &e) {
		text = "the server says " + e.Code + ": " + e.Message
	}
	var ending *client.Ending
	if errors.As(err, &ending) { // without addresses, so that equal ones are counted together
		text = fmt.Sprintf("connection ended: %d %s", ending.Code, ending.Word)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n++
	if f.texts == nil {
		f.texts = map[string]uint64{}
	}
	if _, known := f.texts[text]; known || len(f.texts) < maxSamples {
		f.texts[text]++
	}
}

func (f *faultList) count() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.n
}

func (f *faultList) all() (uint64, []faultSample) {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := []faultSample{}
	for _, text := range slices.Sorted(maps.Keys(f.texts)) {
		out = append(out, faultSample{text, f.texts[text]})
	}
	slices.SortStableFunc(out, func(a, b faultSample) int { return cmp.Compare(b.Count, a.Count) })
	return f.n, out
}

// progressLine shows one line: over and over in a terminal, else a line every
// five seconds. An empty text ends it.
func progressLine(w io.Writer) func(string) {
	if isTerminal(w) {
		return func(text string) { fmt.Fprintf(w, "\r\x1b[K%s", text) }
	}
	var last time.Time
	return func(text string) {
		if text == "" || time.Since(last) < 5*time.Second {
			return
		}
		last = time.Now()
		fmt.Fprintln(w, text)
	}
}
