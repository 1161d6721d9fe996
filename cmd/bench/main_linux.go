package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/sandlot-server/sandlot/cmd"
	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/arena"
)

const (
	benchGame = "bench" // arena's rules at benchRate
	benchRate = 20
	lobbySize = 8
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := start(ctx, os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// start takes one of this program's three roles: Sandlot under test, the bare
// reference, or (without a word) the measurement that runs both.
func start(ctx context.Context, args []string) error {
	if len(args) > 0 && args[0] == "serve" {
		game.Register(benchGame, arena.New, append(arena.Options(), game.Title("Bench"), game.Rate(benchRate))...)
		cmd.Main()
		return nil
	}
	if len(args) == 2 && args[0] == "reference" {
		l, err := net.Listen("tcp", args[1])
		if err != nil {
			return err
		}
		return serveReference(ctx, l, lobbySize, benchRate)
	}
	return measure(ctx, args)
}

// plan is what the flags say.
type plan struct {
	clients      []int
	warm, window time.Duration
	rounds       int
	json, plot   string
}

func parsePlan(args []string) (plan, error) {
	var p plan
	var counts string
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&counts, "clients", "200,800", "numbers of clients to measure at, ascending")
	flags.DurationVar(&p.warm, "warm", 3*time.Second, "run before each measurement")
	flags.DurationVar(&p.window, "window", 10*time.Second, "length of each measurement")
	flags.IntVar(&p.rounds, "rounds", 2, "measurements of each server at each number; the best counts")
	flags.StringVar(&p.json, "json", "", "write the figures to this file")
	flags.StringVar(&p.plot, "plot", "", "write the plot (SVG) to this file")
	if err := flags.Parse(args); err != nil {
		return p, err
	}
	if flags.NArg() > 0 {
		return p, fmt.Errorf("unexpected %q", flags.Arg(0))
	}
	for _, word := range strings.Split(counts, ",") {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 || n > 20000 {
			return p, fmt.Errorf("-clients: %q is not a number from 1 to 20000", word)
		}
		p.clients = append(p.clients, n)
	}
	if p.rounds < 1 || p.window < time.Second {
		return p, errors.New("-rounds must be at least 1 and -window at least 1s")
	}
	return p, nil
}

// measure runs the two servers in turn, pinned to core 0, with the generator on
// another core, and prints the table; the last line is the ratio.
func measure(ctx context.Context, args []string) error {
	p, err := parsePlan(args)
	if err != nil {
		return err
	}
	if err := raiseFileLimit(); err != nil {
		return err
	}
	var points []point
	for _, n := range p.clients {
		var best point
		for range p.rounds {
			reference, err := measureReference(ctx, p, n)
			if err != nil {
				return fmt.Errorf("reference with %d clients: %w", n, err)
			}
			sandlot, err := measureSandlot(ctx, p, n)
			if err != nil {
				return fmt.Errorf("sandlot with %d clients: %w", n, err)
			}
			best.Reference = better(best.Reference, reference)
			best.Sandlot = better(best.Sandlot, sandlot)
		}
		best.Ratio = best.Sandlot.MicrosPer / best.Reference.MicrosPer
		points = append(points, best)
	}
	return report(p, points)
}

// better keeps the run with the least processor time: on a shared machine noise
// only ever adds.
func better(a, b figure) figure {
	if a.Server == "" || b.MicrosPer < a.MicrosPer {
		return b
	}
	return a
}

func report(p plan, points []point) error {
	if err := writeTable(os.Stdout, points); err != nil {
		return err
	}
	for _, out := range []struct {
		path  string
		write func(io.Writer, []point) error
	}{{p.json, writeJSON}, {p.plot, writePlot}} {
		if out.path == "" {
			continue
		}
		file, err := os.Create(filepath.Clean(out.path))
		if err != nil {
			return err
		}
		if err := errors.Join(out.write(file, points), file.Close()); err != nil {
			return err
		}
	}
	last := points[len(points)-1]
	_, err := fmt.Fprintf(os.Stdout, "cpu per snapshot, ratio to bare gws: %.2f\n", last.Ratio)
	return err
}

func measureReference(ctx context.Context, p plan, n int) (figure, error) {
	addr, err := freeAddr()
	if err != nil {
		return figure{}, err
	}
	s, err := startServer(ctx, 0, addr, nil, "reference", addr)
	if err != nil {
		return figure{}, err
	}
	defer func() { _ = s.stop() }()
	empty := s.resident()
	clients := make([]*client, 0, n)
	defer func() { closeAll(clients) }()
	for range n {
		socket, err := dialSocket(ctx, "ws://"+addr+"/", "")
		if err != nil {
			return figure{}, err
		}
		clients = append(clients, &client{socket: socket, player: plain{}})
	}
	return underLoad(ctx, p, s, empty, "gws", clients)
}

// plain is a client of the reference: every message is a snapshot, and inputs
// are as long as Sandlot's.
type plain struct{}

func (plain) message([]byte) (bool, error) { return true, nil }
func (plain) input(dst []byte) []byte      { return append(dst, "0123456789abcdef"...) }

func measureSandlot(ctx context.Context, p plan, n int) (figure, error) {
	addr, err := freeAddr()
	if err != nil {
		return figure{}, err
	}
	admin, err := freeAddr()
	if err != nil {
		return figure{}, err
	}
	data, err := os.MkdirTemp("", "sandlot-bench-")
	if err != nil {
		return figure{}, err
	}
	defer os.RemoveAll(data)
	// The bench signs in everybody at once from one address; all else stays as
	// it is for players.
	env := []string{"SANDLOT_LISTEN=" + addr, "SANDLOT_ADMIN_LISTEN=" + admin, "SANDLOT_DATA_DIR=" + data,
		"SANDLOT_LOG_LEVEL=warn", "SANDLOT_LIMITS_REQUEST_RATE=100000", "SANDLOT_LIMITS_REQUEST_BURST=100000", "SANDLOT_LOBBY_MAX=10000"}
	s, err := startServer(ctx, 0, addr, env, "serve")
	if err != nil {
		return figure{}, err
	}
	defer func() { _ = s.stop() }()
	empty := s.resident()
	clients, err := fill(ctx, "http://"+addr, n, lobbySize)
	if err != nil {
		return figure{}, fmt.Errorf("%w; the server said: %s", err, s.log)
	}
	defer func() { closeAll(clients) }()
	return underLoad(ctx, p, s, empty, "sandlot", clients)
}

func underLoad(ctx context.Context, p plan, s *server, empty int64, name string, clients []*client) (figure, error) {
	var from, to time.Duration
	result, err := run(ctx, clients, benchRate, p.warm, p.window, func() { from = s.cpu() }, func() { to = s.cpu() })
	if err != nil {
		return figure{}, err
	}
	if result.Snapshots == 0 {
		return figure{}, fmt.Errorf("no snapshot came; %d connections lost: %s; the server said: %s", result.Lost, result.Reason, s.log)
	}
	return figure{
		Server: name, Clients: len(clients), Snapshots: result.Snapshots,
		MicrosPer:   float64((to - from).Microseconds()) / float64(result.Snapshots),
		BytesPer:    float64(result.Bytes) / float64(result.Snapshots),
		KBPerConn:   float64(s.resident()-empty) / 1024 / float64(len(clients)),
		IntervalP50: percentile(result.Intervals, 0.50), IntervalP99: percentile(result.Intervals, 0.99),
		ServerLoad:   float64(to-from) / float64(result.Window),
		GeneratorCPU: float64(result.CPU) / float64(result.Window),
		Lost:         result.Lost, Reason: result.Reason,
	}, nil
}

// raiseFileLimit lets this process and those it starts open a file for each of
// thousands of connections.
func raiseFileLimit() error {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return err
	}
	limit.Cur = limit.Max
	return unix.Setrlimit(unix.RLIMIT_NOFILE, &limit)
}
