package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

const (
	benchGame = "bench" // arena's rules at benchRate
	crowdGame = "crowd" // ships that only fly, all in sight of all, up to crowdMax in one match
	benchRate = 20
	lobbySize = 8
)

// plan is what the flags say.
type plan struct {
	clients      []int // points in lobbies of 8, beside the reference
	sizes        []int // players a lobby, sizeClients in all
	sizeClients  int
	idle         int // connections; 0: not measured
	capacity     bool
	viewers      []int // spectators on another instance
	storm        int   // bots that are dropped at once beside those who play; 0: not measured
	slow         bool  // slow and dead clients beside those who play
	matches      bool  // the shapes
	warm, window time.Duration
	rounds       int
	limit        time.Duration
	json, plot   string
	profile      string
}

func parsePlan(args []string) (plan, error) {
	var p plan
	var counts, sizes, viewers string
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&counts, "clients", "200,800", "numbers of clients to measure at, ascending")
	flags.StringVar(&sizes, "sizes", "", "players a lobby to measure the cost of a player at")
	flags.IntVar(&p.sizeClients, "size-clients", 400, "clients in all when measuring sizes")
	flags.IntVar(&p.idle, "idle", 0, "connections to measure the memory of idle ones with")
	flags.BoolVar(&p.capacity, "capacity", false, "search for the number of clients one core carries")
	flags.BoolVar(&p.matches, "matches", false, "measure single matches of 100 to 1,000 players")
	flags.StringVar(&viewers, "viewers", "", "numbers of spectators on another instance to measure a match's home at; needs redis-server")
	flags.IntVar(&p.storm, "storm", 0, "clients that are dropped at once and come back, beside 40 who play; and the same without")
	flags.BoolVar(&p.slow, "slow", false, "measure 40 who play beside clients that are slow, stop reading, hang or stall; and beside good ones")
	flags.DurationVar(&p.warm, "warm", 2*time.Second, "run before each measurement, once all clients play")
	flags.DurationVar(&p.window, "window", 8*time.Second, "length of each measurement")
	flags.IntVar(&p.rounds, "rounds", 2, "measurements of each server at each number, in turn; the best counts")
	flags.DurationVar(&p.limit, "limit", 20*time.Minute, "give up after this long")
	flags.StringVar(&p.json, "json", "", "write the figures to this file")
	flags.StringVar(&p.plot, "plot", "", "write the plot (SVG) to this file")
	flags.StringVar(&p.profile, "profile", "", "write Sandlot's processor profile of each measurement to this file")
	err := flags.Parse(args)
	if err != nil {
		return p, err
	}
	if flags.NArg() > 0 {
		return p, fmt.Errorf("unexpected %q", flags.Arg(0))
	}
	if p.clients, err = numbers(counts, 20000); err != nil {
		return p, fmt.Errorf("-clients: %w", err)
	}
	if p.sizes, err = numbers(sizes, crowdMax); err != nil {
		return p, fmt.Errorf("-sizes: %w", err)
	}
	if p.viewers, err = numbers(viewers, 2000); err != nil {
		return p, fmt.Errorf("-viewers: %w", err)
	}
	if p.rounds < 1 || p.window < time.Second {
		return p, errors.New("-rounds must be at least 1 and -window at least 1s")
	}
	return p, nil
}

func numbers(list string, most int) ([]int, error) {
	var out []int
	if list == "" {
		return nil, nil
	}
	for word := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 || n > most {
			return nil, fmt.Errorf("%q is not a number from 1 to %d", word, most)
		}
		out = append(out, n)
	}
	return out, nil
}

// run measures what was asked for and reports it; the last line is the ratio at
// the last point.
func (p plan) run(ctx context.Context) error {
	if len(p.viewers) > 0 {
		if err := p.watchElsewhere(ctx); err != nil || len(p.clients) == 0 {
			return err
		}
	}
	if p.storm > 0 || p.slow {
		if err := p.beside(ctx); err != nil || len(p.clients) == 0 {
			return err
		}
	}
	var r results
	for _, n := range p.clients {
		pt, err := p.point(ctx, n)
		if err != nil {
			return err
		}
		r.Points = append(r.Points, pt)
		progress("%d clients: %.1f µs a snapshot, bare gws %.1f, ratio %.2f", n, pt.Sandlot.MicrosPer, pt.Reference.MicrosPer, pt.Ratio)
	}
	for _, size := range p.sizes {
		f, err := p.size(ctx, size)
		if err != nil {
			return err
		}
		r.Sizes = append(r.Sizes, f)
		progress("%d a lobby: %.1f µs a snapshot", size, f.MicrosPer)
	}
	if p.matches {
		for _, s := range shapes {
			m, err := p.match(ctx, s)
			if err != nil {
				return err
			}
			r.Matches = append(r.Matches, m)
			progress("%s: tick p99 %.1f ms, %d slipped, %.0f bytes", s.game, m.TickP99, m.Slipped, m.BytesPer)
		}
	}
	if p.idle > 0 {
		var err error
		if r.Idle, err = p.measureIdle(ctx); err != nil {
			return err
		}
		progress("%d idle: %.1f KB each", p.idle, r.Idle.SandlotKB)
	}
	if p.capacity {
		var err error
		if r.Capacity, err = p.searchCapacity(ctx); err != nil {
			return err
		}
	}
	return p.report(r)
}

// progress says on stderr what has been done.
func progress(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...)
}
