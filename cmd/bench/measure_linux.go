package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// point measures both servers with n clients, in turn, and keeps the better
// measurement of each.
func (p plan) point(ctx context.Context, n int) (point, error) {
	var best point
	for range p.rounds {
		reference, err := p.reference(ctx, n, lobbySize)
		if err != nil {
			return best, fmt.Errorf("reference with %d clients: %w", n, err)
		}
		sandlot, err := p.sandlot(ctx, benchGame, n, lobbySize)
		if err != nil {
			return best, fmt.Errorf("sandlot with %d clients: %w", n, err)
		}
		best.Reference = better(best.Reference, reference)
		best.Sandlot = better(best.Sandlot, sandlot)
	}
	best.Ratio = best.Sandlot.MicrosPer / best.Reference.MicrosPer
	return best, nil
}

// size measures lobbies of another size, all in sight of each other, in the
// crowd game.
func (p plan) size(ctx context.Context, size int) (best figure, err error) {
	for range p.rounds {
		f, err := p.sandlot(ctx, crowdGame, max(size, p.sizeClients/size*size), size)
		if err != nil {
			return best, fmt.Errorf("sandlot with %d a lobby: %w", size, err)
		}
		f.LobbySize = size
		best = better(best, f)
	}
	return best, nil
}

// better keeps the run with the least processor time: on a shared machine noise
// only ever adds.
func better(a, b figure) figure {
	if a.Server == "" || b.MicrosPer < a.MicrosPer {
		return b
	}
	return a
}

func (p plan) reference(ctx context.Context, n, size int) (figure, error) {
	s, clients, err := openReference(ctx, n, size)
	if err != nil {
		return figure{}, err
	}
	defer s.stop()
	defer closeAll(clients)
	return p.underLoad(ctx, s, "gws", benchRate, clients)
}

// openReference starts the bare server and connects n clients to it.
func openReference(ctx context.Context, n, size int) (*server, []*client, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, nil, err
	}
	s, err := startServer(ctx, 0, addr, nil, "reference", addr, strconv.Itoa(size))
	if err != nil {
		return nil, nil, err
	}
	s.empty = s.resident()
	clients := make([]*client, 0, n)
	for range n {
		socket, err := dialSocket(ctx, "ws://"+addr+"/", "")
		if err != nil {
			closeAll(clients)
			s.stop()
			return nil, nil, err
		}
		clients = append(clients, &client{socket: socket, player: plain{}})
	}
	return s, clients, nil
}

// plain is a client of the reference: every message is a snapshot, and inputs
// are as long as Sandlot's.
type plain struct{}

func (plain) message([]byte) (bool, error) { return true, nil }
func (plain) input(dst []byte) []byte      { return append(dst, "0123456789abcdef"...) }

func (p plan) sandlot(ctx context.Context, game string, n, size int) (figure, error) {
	s, err := openSandlot(ctx)
	if err != nil {
		return figure{}, err
	}
	defer s.stop()
	clients, err := fill(ctx, "http://"+s.addr, game, n, size, true)
	if err != nil {
		return figure{}, fmt.Errorf("%w; the server said: %s", err, s.log)
	}
	defer closeAll(clients)
	if p.profile != "" {
		s.profile = func() func() { return profile(ctx, p, s.admin) }
	}
	return p.underLoad(ctx, s, "sandlot", benchRate, clients)
}

// openSandlot starts the server as shipped. The bench signs in everybody at
// once from one address and does not wait for matches to begin; all else stays
// as it is for players.
func openSandlot(ctx context.Context) (*server, error) { return openOn(ctx, 0) }

// openOn is openSandlot on another core, with more of an environment.
func openOn(ctx context.Context, core int, more ...string) (*server, error) {
	var addrs [3]string
	for i := range addrs {
		var err error
		if addrs[i], err = freeAddr(); err != nil {
			return nil, err
		}
	}
	data, err := os.MkdirTemp("", "sandlot-bench-")
	if err != nil {
		return nil, err
	}
	env := []string{
		"SANDLOT_LISTEN=" + addrs[0], "SANDLOT_ADMIN_LISTEN=" + addrs[1], latenessEnv + "=" + addrs[2], "SANDLOT_DATA_DIR=" + data,
		"SANDLOT_LOG_LEVEL=warn", "SANDLOT_LIMITS_REQUEST_RATE=100000", "SANDLOT_LIMITS_REQUEST_BURST=100000", "SANDLOT_LOBBY_MAX=10000",
		"SANDLOT_LOBBY_COUNTDOWN=1s",
	}
	for _, m := range more {
		env = append(env, strings.ReplaceAll(m, "{listen}", addrs[0]))
	}
	s, err := startServer(ctx, core, addrs[0], env, "serve")
	if err != nil {
		_ = os.RemoveAll(data)
		return nil, err
	}
	s.admin, s.lateness, s.data = addrs[1], addrs[2], data
	s.empty = s.resident()
	return s, nil
}

// underLoad has the clients play at rate and measures the server meanwhile.
func (p plan) underLoad(ctx context.Context, s *server, name string, rate int, clients []*client) (figure, error) {
	var from, to time.Duration
	var late lateness
	wait := func() {}
	begin := func() {
		if s.profile != nil {
			wait = s.profile()
		}
		if s.edges != nil {
			s.edges(true)
		}
		_, _ = s.tickLateness(ctx) // forget what was before
		from = s.cpu()
	}
	end := func() {
		to = s.cpu()
		late, _ = s.tickLateness(ctx)
		if s.edges != nil {
			s.edges(false)
		}
	}
	result, err := run(ctx, clients, rate, p.warm, p.window, begin, end)
	wait()
	if err != nil {
		return figure{}, fmt.Errorf("%w; the server said: %s", err, s.log)
	}
	if result.Snapshots == 0 {
		return figure{}, fmt.Errorf("no snapshot came; %d connections lost: %s; the server said: %s", result.Lost, result.Reason, s.log)
	}
	return figure{
		Server: name, Clients: len(clients), LobbySize: lobbySize, Snapshots: result.Snapshots,
		Delivered:   float64(result.Snapshots) / (float64(len(clients)) * float64(rate) * result.Window.Seconds()),
		MicrosPer:   float64((to - from).Microseconds()) / float64(result.Snapshots),
		BytesPer:    float64(result.Bytes) / float64(result.Snapshots),
		KBPerConn:   float64(s.resident()-s.empty) / 1024 / float64(len(clients)),
		IntervalP50: percentile(result.Intervals, 0.50), IntervalP99: percentile(result.Intervals, 0.99),
		LateP99: late.Ticks.P99, TimerP99: late.Timer.P99,
		ServerLoad:   float64(to-from) / float64(result.Window),
		GeneratorCPU: float64(result.CPU) / float64(result.Window),
		Lost:         result.Lost, Reason: result.Reason,
	}, nil
}
