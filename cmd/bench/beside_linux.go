package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"text/tabwriter"
	"time"
)

const (
	players    = 40 // who are measured, in lobbies of 8
	besides    = 6  // clients of each kind in a lobby of theirs
	besideFor  = 20 * time.Second
	dropAfter  = 10 * time.Second // since all bots of a storm are in: those who play are measured by then
	besideWarm = 4 * time.Second
)

// company is who else is on the server while those who play are measured.
type company struct {
	name   string
	storm  []string // arguments of bots in lobbies of their own; nil: none
	nets   []string // for each, bots behind that network in a lobby with those who play
	unread bool     // and in one more, sockets that nobody reads
}

// fared is how those who play did.
type fared struct {
	load
	late         lateness
	server       float64 // its processor time, of one core
	first, most  int64   // resident bytes as the window began, and at most in it
	slow, begins float64 // sessions that ended as slow, and that began, in the window
	report       botsReport
}

// beside measures those who play with and without others, in turn, and prints a
// table for each.
func (p plan) beside(ctx context.Context) error {
	var runs []company
	if p.storm > 0 {
		storm := []string{
			"--game", "fours", "--count", strconv.Itoa(p.storm), "--net", "60ms", "--seed", "7", "--duration", (dropAfter + besideFor).String(),
		}
		runs = append(runs, company{name: fmt.Sprintf("%d others, all well", p.storm), storm: storm},
			company{name: fmt.Sprintf("%d others, dropped", p.storm), storm: append(storm[:len(storm):len(storm)], "--drop", dropAfter.String())})
	}
	if p.slow {
		runs = append(runs, company{name: "24 others, all well", nets: []string{"20ms", "20ms", "20ms", "20ms"}},
			company{name: "6 at 1 KB/s, 6 unread, 6 half-open, 6 in 5 s stalls", nets: []string{"20ms,1KB/s", "20ms,hang=6s", "20ms,outage=5s/12s"}, unread: true})
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "beside those who play\tdelivered\tinterval p50 ms\tp99\ttick late p50 ms\tp99\ttimer late p99\tserver\tresident MB\tat most\tended as slow\tsessions begun\t")
	for _, c := range runs {
		f, err := p.fare(ctx, c)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		const mb = 1 << 20
		fmt.Fprintf(w, "%s\t%.1f %%\t%.1f\t%.1f\t%.2f\t%.2f\t%.2f\t%.0f %%\t%.1f\t%.1f\t%.0f\t%.0f\t\n", c.name,
			100*float64(f.Snapshots)/(players*benchRate*f.Window.Seconds()), percentile(f.Intervals, 0.5), percentile(f.Intervals, 0.99),
			f.late.Ticks.P50, f.late.Ticks.P99, f.late.Timer.P99, 100*f.server, float64(f.first)/mb, float64(f.most)/mb, f.slow, f.begins)
		progress("%s: %d of those who play were lost", c.name, f.Lost)
		if c.storm != nil {
			progress("of the others %d connected, %d came back, %d errors %v", f.report.Connected, f.report.Reconnects, f.report.Errors, f.report.Samples)
		}
		if b := f.report.ComeBack; b != nil {
			progress("came back: %d, p50 %.0f ms, p99 %.0f ms, last %.0f ms, at most %d in 100 ms; in each quarter of a second: %v", b.Count, b.P50, b.P99, b.Last, b.In100, b.Per)
		}
	}
	return w.Flush()
}

// fare runs those who play on one core's server, with c beside them on another.
func (p plan) fare(ctx context.Context, c company) (f fared, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s, err := openSandlot(ctx)
	if err != nil {
		return f, err
	}
	defer s.stop()
	base := "http://" + s.addr
	var storm *bots
	if c.storm != nil {
		if storm, err = startBots(ctx, append([]string{"--url", base}, c.storm...)); err != nil {
			return f, err
		}
		defer storm.stop()
		n, _ := strconv.Atoi(c.storm[3])
		if err := s.sessions(ctx, n, storm.done); err != nil {
			storm.stop()
			return f, fmt.Errorf("%w; the bots said: %s; the server: %s", err, storm.err.String(), s.log)
		}
	}
	clients, err := fill(ctx, base, benchGame, players, lobbySize, true)
	defer func() { closeAll(clients) }()
	if err != nil {
		return f, fmt.Errorf("%w; the server said: %s", err, s.log)
	}
	if c.storm == nil {
		unread, stop, err := c.join(ctx, base)
		defer stop()
		defer closeAll(unread)
		if err != nil {
			return f, err
		}
	}
	sampled, done := make(chan int64), make(chan struct{})
	var cpu time.Duration
	var before, after headcount
	var unknown error
	began := false
	f.load, err = run(ctx, clients, benchRate, besideWarm, besideFor, func() {
		_, _ = s.tickLateness(ctx) // forget what was before
		before, unknown = s.headcount(ctx)
		began, cpu, f.first = true, s.cpu(), s.resident()
		go s.watchResident(sampled, done)
	}, func() {
		f.server = (s.cpu() - cpu).Seconds() / besideFor.Seconds()
		f.late, _ = s.tickLateness(ctx)
		var err error
		after, err = s.headcount(ctx)
		unknown = errors.Join(unknown, err)
	})
	if close(done); began {
		f.most = <-sampled
	}
	if err = errors.Join(err, unknown); err != nil {
		return f, fmt.Errorf("%w; the server said: %s", err, s.log)
	}
	f.slow, f.begins = after.slow-before.slow, after.begun-before.begun
	if storm != nil {
		closeAll(clients)
		f.report, err = storm.report()
	}
	return f, err
}

// join brings c into the lobbies of those who play, a kind into each.
func (c company) join(ctx context.Context, base string) (unread []*client, stop func(), err error) {
	var all []*bots
	stop = func() {
		for _, b := range all {
			b.stop()
		}
	}
	lobbies, err := lobbyIDs(ctx, base)
	if err != nil {
		return nil, stop, err
	}
	if len(lobbies) <= len(c.nets) {
		return nil, stop, fmt.Errorf("%d lobbies are too few", len(lobbies))
	}
	for i, net := range c.nets {
		b, err := startBots(ctx, []string{
			"--url", base, "--game", benchGame, "--count", strconv.Itoa(besides), "--net", net, "--seed", strconv.Itoa(i + 1),
			"--duration", (besideWarm + 2*besideFor).String(), "--lobby", lobbies[i],
		})
		if err != nil {
			return nil, stop, err
		}
		all = append(all, b)
	}
	for range besides {
		if !c.unread {
			break
		}
		s, _, err := enter(ctx, base, "nobody", "/v1/lobbies/"+lobbies[len(c.nets)]+"/join", map[string]any{})
		if err != nil {
			return unread, stop, err
		}
		unread = append(unread, &client{socket: s})
	}
	return unread, stop, nil
}

// sessions waits until so many are open, or those who open them have ended.
func (s *server) sessions(ctx context.Context, n int, over <-chan struct{}) error {
	for {
		now, err := s.headcount(ctx)
		if err != nil {
			return err
		}
		open := now.open
		if int(open) >= n {
			return nil
		}
		select {
		case <-over:
			return fmt.Errorf("%.0f of %d are connected", open, n)
		case <-ctx.Done():
			return fmt.Errorf("%.0f of %d are connected: %w", open, n, ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// watchResident gives the most that was resident, once done is closed.
func (s *server) watchResident(most chan<- int64, done <-chan struct{}) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	highest := s.resident()
	for {
		select {
		case <-done:
			most <- max(highest, s.resident())
			return
		case <-tick.C:
			highest = max(highest, s.resident())
		}
	}
}

// headcount is what the server counts of its sessions.
type headcount struct{ open, begun, slow float64 }

func (s *server) headcount(ctx context.Context) (headcount, error) {
	n, err := s.sums(ctx, "sandlot_sessions ", "sandlot_sessions_opened_total ", `sandlot_closes_total{reason="slow"} `)
	if err != nil {
		return headcount{}, err
	}
	return headcount{open: n[0], begun: n[1], slow: n[2]}, nil
}

// lobbyIDs are those of the lobbies that are open.
func lobbyIDs(ctx context.Context, base string) (ids []string, err error) {
	var page struct{ Lobbies []struct{ ID string } }
	if err := fetchJSON(ctx, base+"/v1/lobbies", &page); err != nil {
		return nil, fmt.Errorf("list lobbies: %w", err)
	}
	for _, l := range page.Lobbies {
		ids = append(ids, l.ID)
	}
	return ids, nil
}
