package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"text/tabwriter"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sandlot-server/sandlot/net/wire"
)

// viewing is what a match of 8 players costs its home while others watch it on
// another instance.
type viewing struct {
	viewers    int
	home       float64 // processor time a second, in cores
	other      float64
	frames     float64 // a second, made at home for all of them
	frameBytes float64
	delivered  float64 // states that came, of those that could have
	lost       int
}

// watchElsewhere measures at each number and prints the table. Of several rounds
// the one that was cheapest for the home counts.
func (p plan) watchElsewhere(ctx context.Context) error {
	var all []viewing
	for _, n := range append([]int{0}, p.viewers...) {
		var best viewing
		for round := range p.rounds {
			v, err := p.viewersOf(ctx, n)
			if err != nil {
				return fmt.Errorf("%d viewers: %w", n, err)
			}
			progress("%d viewers elsewhere: home %.1f ms a second, %.1f frames", n, 1000*v.home, v.frames)
			if round == 0 || v.home < best.home {
				best = v
			}
		}
		all = append(all, best)
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "viewers elsewhere\thome, ms CPU a second\tframes a second\tbytes a frame\tother instance, ms\tstates delivered\tlost\t")
	for _, v := range all {
		fmt.Fprintf(w, "%d\t%.1f\t%.1f\t%.0f\t%.1f\t%.0f %%\t%d\t\n", v.viewers, 1000*v.home, v.frames, v.frameBytes, 1000*v.other, 100*v.delivered, v.lost)
	}
	return w.Flush()
}

// viewersOf runs one match at a home, and n viewers of it on another instance.
func (p plan) viewersOf(ctx context.Context, n int) (v viewing, err error) {
	redis, stop, err := startRedis(ctx)
	if err != nil {
		return v, err
	}
	defer stop()
	env := func(name string) []string {
		return []string{
			"SANDLOT_REDIS_URL=" + redis, "SANDLOT_AUTH_SECRET=only for this measurement, not a secret", "SANDLOT_INSTANCE=" + name,
			"SANDLOT_ADVERTISE_URL=http://{listen}", "SANDLOT_LOBBY_VIEWERS=2000",
		}
	}
	home, err := openOn(ctx, 0, env("home")...)
	if err != nil {
		return v, err
	}
	defer home.stop()
	clients, err := fill(ctx, "http://"+home.addr, benchGame, lobbySize, lobbySize, true)
	defer func() { closeAll(clients) }()
	if err != nil {
		return v, fmt.Errorf("%w; the server said: %s", err, home.log)
	}
	// Only now: a new lobby would else go to whichever has less to do.
	other, err := openOn(ctx, 1, env("other")...)
	if err != nil {
		return v, err
	}
	defer other.stop()
	lobby, err := onlyLobby(ctx, "http://"+other.addr)
	if err != nil {
		return v, err
	}
	watchers, err := seatViewers(ctx, "http://"+other.addr, lobby, n)
	clients = append(clients, watchers...)
	if err != nil {
		return v, fmt.Errorf("%w; the server said: %s", err, other.log)
	}
	var cpu, otherCPU time.Duration
	// How many frames the home made for other instances, and their bytes.
	var before, after []float64
	var unknown, unknownAfter error
	made := func() ([]float64, error) {
		return home.sums(ctx, "sandlot_spectator_frames_total{", "sandlot_spectator_frame_bytes_total{")
	}
	result, err := run(ctx, clients, benchRate, p.warm, p.window, func() {
		before, unknown = made()
		cpu, otherCPU = home.cpu(), other.cpu()
	}, func() {
		cpu, otherCPU = home.cpu()-cpu, other.cpu()-otherCPU
		after, unknownAfter = made()
	})
	if err = errors.Join(err, unknown, unknownAfter); err != nil {
		return v, fmt.Errorf("%w; the home said: %s; the other: %s", err, home.log, other.log)
	}
	seconds := result.Window.Seconds()
	v = viewing{
		viewers: n, home: cpu.Seconds() / seconds, other: otherCPU.Seconds() / seconds, frames: (after[0] - before[0]) / seconds,
		delivered: float64(result.Snapshots) / (float64(len(clients)) * benchRate * seconds), lost: result.Lost,
	}
	if made := after[0] - before[0]; made > 0 {
		v.frameBytes = (after[1] - before[1]) / made
	}
	return v, nil
}

// startRedis starts one on a socket of its own that keeps nothing.
func startRedis(ctx context.Context) (url string, stop func(), err error) {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return "", nil, err
	}
	path := filepath.Join(dir, "s")
	c := exec.CommandContext(ctx, "redis-server", "--port", "0", "--unixsocket", path, "--save", "", "--appendonly", "no", "--dir", dir)
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := c.Start(); err != nil {
		return "", nil, errors.Join(fmt.Errorf("start redis-server: %w", err), os.RemoveAll(dir))
	}
	stop = func() {
		_ = c.Process.Kill() // may have ended
		_ = c.Wait()
		_ = os.RemoveAll(dir)
	}
	for range 200 {
		if _, err := os.Stat(path); err == nil {
			return "unix://" + path, stop, nil
		}
		select {
		case <-ctx.Done():
			stop()
			return "", nil, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	stop()
	return "", nil, errors.New("redis-server does not listen")
}

// onlyLobby waits until an instance knows of the one lobby that there is.
func onlyLobby(ctx context.Context, base string) (string, error) {
	for {
		ids, err := lobbyIDs(ctx, base)
		if err != nil {
			return "", err
		}
		if len(ids) > 0 {
			return ids[0], nil
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// seatViewers opens n sockets that watch.
func seatViewers(ctx context.Context, base, lobby string, n int) ([]*client, error) {
	seats := make([]*client, n)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(fillers)
	for i := range seats {
		group.Go(func() error {
			s, _, err := enter(ctx, base, "viewer"+strconv.Itoa(i), "/v1/lobbies/"+lobby+"/join", map[string]any{"role": "spectator"})
			if err != nil {
				return err
			}
			seats[i] = &client{socket: s, player: &watcher{turn: i}}
			return nil
		})
	}
	err := group.Wait()
	opened := seats[:0]
	for _, s := range seats {
		if s != nil {
			opened = append(opened, s)
		}
	}
	return opened, err
}

// watcher acks what it sees, five times a second.
type watcher struct {
	pilot
	turn  int
	acked uint32
}

func (w *watcher) input(dst []byte) []byte {
	if w.turn++; w.turn%4 != 0 || w.tick == w.acked {
		return dst
	}
	w.acked = w.tick
	return wire.AppendAck(dst, wire.Ack{Tick: w.tick})
}
