package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"text/tabwriter"
)

// match is one match of many players on one core, all of them moving.
type match struct {
	figure
	Game     string  `json:"game"`
	Rate     int     `json:"rate"`      // ticks a second
	TickP50  float64 `json:"tickP50Ms"` // from a tick's deadline to the last client's frame
	TickP99  float64 `json:"tickP99Ms"`
	Slipped  int     `json:"slippedTicks"`
	Rows     float64 `json:"rows"`     // ships that one of the clients sees, on average
	KBSecond float64 `json:"kbSecond"` // of states to one client, in 1,000 bytes
}

// match measures one shape; of several rounds the one with the least processor
// time counts.
func (p plan) match(ctx context.Context, s shape) (best match, err error) {
	for range p.rounds {
		one, err := p.oneMatch(ctx, s)
		if err != nil {
			return best, fmt.Errorf("%s: %w", s.game, err)
		}
		if best.Server == "" || one.MicrosPer < best.MicrosPer {
			best = one
		}
	}
	return best, nil
}

func (p plan) oneMatch(ctx context.Context, s shape) (m match, err error) {
	server, err := openSandlot(ctx)
	if err != nil {
		return m, err
	}
	defer server.stop()
	clients, err := fill(ctx, "http://"+server.addr, s.game, s.players, s.players, true)
	if err != nil {
		return m, fmt.Errorf("%w; the server said: %s", err, server.log)
	}
	defer closeAll(clients)
	watch := clients[len(clients)/2].player.(*pilot)
	watch.counts = true
	var before, after ticks
	server.edges = func(begin bool) {
		if begin {
			before, err = readTicks(ctx, server.admin, s.game)
			return
		}
		after, err = readTicks(ctx, server.admin, s.game)
	}
	if m.figure, err = p.underLoad(ctx, server, "sandlot", s.rate, clients); err != nil {
		return m, err
	}
	m.Game, m.LobbySize, m.Rate = s.game, s.players, s.rate
	m.TickP50, m.TickP99 = after.quantile(before, 0.50), after.quantile(before, 0.99)
	m.Slipped = int(after.slipped - before.slipped)
	m.KBSecond = m.BytesPer * m.Delivered * float64(s.rate) / 1000
	m.Rows = float64(watch.rows) / float64(max(watch.states, 1))
	return m, nil
}

// ticks are what the server's metrics say of a game's ticks.
type ticks struct {
	bounds  []float64 // seconds, ascending; the last is +Inf
	counts  []float64 // ticks that took no longer
	slipped float64
}

// readTicks reads them from the admin port, in Prometheus' text format.
func readTicks(ctx context.Context, admin, game string) (out ticks, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+admin+"/metrics", nil)
	if err != nil {
		return out, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return out, err
	}
	defer response.Body.Close()
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), "} ")
		if rest, ok := strings.CutPrefix(name, `sandlot_tick_seconds_bucket{game="`+game+`",le="`); ok {
			bound, _ := strconv.ParseFloat(strings.TrimSuffix(rest, `"`), 64)
			count, _ := strconv.ParseFloat(value, 64)
			out.bounds, out.counts = append(out.bounds, bound), append(out.counts, count)
		}
		if name == `sandlot_slipped_ticks_total{game="`+game+`"` {
			out.slipped, _ = strconv.ParseFloat(value, 64)
		}
	}
	if len(out.bounds) == 0 {
		return out, fmt.Errorf("the server's metrics do not tell how long ticks of %s take", game)
	}
	return out, nil
}

// quantile is a quantile of the ticks since before, in milliseconds: linear
// within its bucket, as in Prometheus' histogram_quantile.
func (t ticks) quantile(before ticks, q float64) float64 {
	since := func(i int) float64 {
		if i < 0 {
			return 0
		}
		if i < len(before.counts) {
			return t.counts[i] - before.counts[i]
		}
		return t.counts[i]
	}
	last := len(t.counts) - 1
	rank := q * since(last)
	for i := range last {
		if since(i) < rank {
			continue
		}
		low := 0.0
		if i > 0 {
			low = t.bounds[i-1]
		}
		part := (rank - since(i-1)) / max(since(i)-since(i-1), 1)
		return 1000 * (low + (t.bounds[i]-low)*part)
	}
	return 1000 * t.bounds[max(last-1, 0)] // at least
}

func writeMatches(w io.Writer, matches []match) error {
	if len(matches) == 0 {
		return nil
	}
	tab := tabwriter.NewWriter(w, 0, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tab, "one match\tplayers\tHz\ttick p50\tp99 ms\tslipped\trows\tbytes\tKB/s a client\tµs/snapshot\tload\tgenerator\tlost\t")
	for _, m := range matches {
		fmt.Fprintf(tab, "%s\t%d\t%d\t%.1f\t%.1f\t%d\t%.0f\t%.0f\t%.1f\t%.1f\t%.0f %%\t%.0f %%\t%d\t\n", m.Game, m.Clients, m.Rate, m.TickP50, m.TickP99,
			m.Slipped, m.Rows, m.BytesPer, m.KBSecond, m.MicrosPer, 100*m.ServerLoad, 100*m.GeneratorCPU, m.Lost)
	}
	return tab.Flush()
}
