package hostile

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

var (
	soakFor  = flag.Duration("soak", 3*time.Second, "how long TestSoak goes on")
	soakBots = flag.Int("soak-bots", 24, "how many bots play in it")
)

// TestSoak plays with bots, half of them on networks that lose, stall and cut, and
// with a fifth as many attackers, for as long as it is told to. In the test run that
// is seconds; make soak is ten minutes with 500 bots.
//
// First 4/5 of the bots play alone, then beside the attackers, for the figures
// side by side; then all of it at once.
func TestSoak(t *testing.T) {
	hold := min(max(*soakFor/10, 500*time.Millisecond), 10*time.Second) // longer than its networks are out
	s := start(t, options{plain: true, env: []string{
		"SANDLOT_LOG_LEVEL=error", "SANDLOT_LOBBY_HOLD=" + hold.String(), "SANDLOT_LOBBY_REAP=500ms", "SANDLOT_LOBBY_RESULTS=1s",
	}})
	bots, attackers := *soakBots, max(*soakBots/5, 1)
	idle := s.sample(t)

	side := *soakFor / 5
	quiet := s.period(t, func() { s.crowd(t, 1, bots*4/5, side, "") })
	loud := s.period(t, func() {
		stop := s.attack(attackers)
		defer stop()
		s.crowd(t, 2, bots*4/5, side, "")
	})
	for _, p := range []struct {
		who string
		period
	}{{"alone", quiet}, {fmt.Sprint("beside ", attackers, " attackers"), loud}} {
		table.note("soak", fmt.Sprint(bots*4/5, " honest bots ", p.who), "side by side", p.String())
	}

	stop := s.attack(attackers)
	done := make(chan struct{})
	long := *soakFor - 2*side
	go func() {
		defer close(done)
		var all sync.WaitGroup
		all.Go(func() { s.crowd(t, 3, bots/2, long, "") })
		all.Go(func() { s.crowd(t, 4, bots-bots/2, long, "80ms±30ms,1%,outage=1s/20s,cut=20s") })
		all.Wait()
	}()
	samples := s.follow(t, done)
	stop()
	s.judge(t, idle, samples)
}

// crowd runs the shipped program's bots and fails the test for their errors.
func (s *server) crowd(t *testing.T, seed, count int, length time.Duration, net string) {
	args := []string{"bots", "--url", "http://" + s.addr, "--count", fmt.Sprint(count), "--seed", fmt.Sprint(seed), "--duration", length.String(), "--json"}
	if net != "" {
		args = append(args, "--net", net)
	}
	ctx, cancel := context.WithTimeout(context.Background(), length+2*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, programs.plain, args...).CombinedOutput()
	var got struct {
		Connected            int
		States, Reconnects   uint64
		Errors, SlippedTicks uint64
		SnapshotIntervalMs   struct{ P50, P99 float64 }
		LatencyMs            struct{ P50, P99 float64 }
		ErrorSamples         []struct{ Text string }
	}
	if bad := json.Unmarshal(out, &got); bad != nil {
		t.Errorf("bots: %v\n%s", err, out)
		return
	}
	what := "good networks"
	if net != "" {
		what = net
	}
	holds(t, "soak", fmt.Sprintf("%d bots for %s on %s", count, length, what), "all in, no errors",
		fmt.Sprintf("%d in, %d errors %v; states every %.0f ms (p99 %.0f), input to state %.0f ms (p99 %.0f), %d reconnects, %d ticks slipped", got.Connected, got.Errors, got.ErrorSamples,
			got.SnapshotIntervalMs.P50, got.SnapshotIntervalMs.P99, got.LatencyMs.P50, got.LatencyMs.P99, got.Reconnects, got.SlippedTicks),
		got.Connected == count && got.Errors == 0)
}

// sample is the server at one moment.
type sample struct {
	at                      time.Time
	resident, live          float64 // MiB; live is what the last collection left
	goroutines, connections float64
	sessions, opened, ended float64
	panics, matches         float64
}

func (s *server) sample(t *testing.T) sample {
	const mib = 1 << 20
	m := s.metrics(t)
	return sample{
		at: time.Now(), resident: m["process_resident_memory_bytes"] / mib, live: m["go_memstats_next_gc_bytes"] / 2 / mib,
		goroutines: m["go_goroutines"], connections: m["sandlot_connections"], sessions: m["sandlot_sessions"],
		opened: m["sandlot_sessions_opened_total"], ended: m["sandlot_closes_total"],
		panics: m["sandlot_panics_total"], matches: m["sandlot_matches"],
	}
}

// follow takes a sample a second until done.
func (s *server) follow(t *testing.T, done <-chan struct{}) (all []sample) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return append(all, s.sample(t))
		case <-tick.C:
			all = append(all, s.sample(t))
		}
	}
}

// judge says what the soak is about.
func (s *server) judge(t *testing.T, idle sample, all []sample) {
	settled := all[len(all)/3:] // the first third fills caches
	peak, most := 0.0, 0.0
	for _, a := range all {
		peak = max(peak, a.resident)
		if a.connections >= float64(*soakBots/2) { // not while they come: each handshake has its own
			most = max(most, (a.goroutines-idle.goroutines)/a.connections)
		}
	}
	slope := slopeOf(settled, func(a sample) float64 { return a.live })
	// Shorter than minutes, one collection more or less is all that it shows.
	length := settled[len(settled)-1].at.Sub(settled[0].at)
	holds(t, "soak", "live heap, by regression over the last two thirds", "below 1 MiB a minute",
		fmt.Sprintf("%+.2f MiB a minute over %.0f s; peak resident %.0f MiB", slope, length.Seconds(), peak), slope < 1 || length < 3*time.Minute)
	holds(t, "soak", "goroutines per connection, at most, when most bots are in", "below 3", fmt.Sprintf("%.2f", most), most < 3)
	var end sample
	defer func() {
		if t.Failed() {
			t.Logf("before %+v\nafter %+v\n%s", idle, end, call(t, "GET", "http://"+s.admin+"/debug/pprof/goroutine?debug=1", "", nil).body)
		}
	}()
	eventually(t, "all sessions are over", func() bool {
		end = s.sample(t)
		return end.sessions == 0 && end.connections == 0 && end.matches == 0 && end.goroutines <= idle.goroutines+4
	})
	check(t, "soak", "sessions begun less sessions ended", 0.0, end.opened-end.ended)
	check(t, "soak", "panics", 0.0, end.panics)
	call(t, "GET", "http://"+s.admin+"/debug/pprof/heap?gc=1", "", nil) // collects
	end = s.sample(t)
	holds(t, "soak", "when all are gone", "at most 8 MiB more live heap than before", fmt.Sprintf("%.0f goroutines (before %.0f), %.0f sessions in all, live heap %.1f MiB (before %.1f)",
		end.goroutines, idle.goroutines, end.opened, end.live, idle.live), end.live < idle.live+8)
}

// slopeOf is the slope of a line through samples, a minute, by least squares.
func slopeOf(all []sample, of func(sample) float64) float64 {
	var n, sx, sy, sxx, sxy float64
	for _, a := range all {
		x, y := a.at.Sub(all[0].at).Minutes(), of(a)
		n, sx, sy, sxx, sxy = n+1, sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	if d := n*sxx - sx*sx; d > 0 {
		return (n*sxy - sx*sy) / d
	}
	return 0
}

// period is what a stretch of time cost, from the server's histograms.
type period struct{ late50, late99, cpu, slipped float64 }

func (p period) String() string {
	return fmt.Sprintf("ticks late by at most %.2f ms (p50), %.2f ms (p99); %.0f slipped; %.2f processors", p.late50*1000, p.late99*1000, p.slipped, p.cpu)
}

func (s *server) period(t *testing.T, f func()) period {
	before, began := s.metrics(t), time.Now()
	f()
	after, took := s.metrics(t), time.Since(began)
	diff := map[string]float64{}
	for k, v := range after {
		diff[k] = v - before[k]
	}
	return period{
		late50: bucket(diff, 0.5), late99: bucket(diff, 0.99), slipped: diff["sandlot_slipped_ticks_total"],
		cpu: diff["process_cpu_seconds_total"] / took.Seconds(),
	}
}

// bucket is the upper end of the bucket that holds the quantile of how late ticks
// were.
func bucket(m map[string]float64, q float64) float64 {
	const name = "sandlot_tick_lateness_seconds"
	least := 1e9
	for k, v := range m {
		var le float64
		if _, err := fmt.Sscanf(strings.TrimPrefix(k, name+"_bucket<="), "%g", &le); err != nil || !strings.HasPrefix(k, name+"_bucket<=") {
			continue
		}
		if v >= q*m[name+"_count"] {
			least = min(least, le)
		}
	}
	return least
}
