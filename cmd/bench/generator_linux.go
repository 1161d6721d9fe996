package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// player is what the generator does with one connection: it is told of each
// message and asked for each input. Both run on the generator's one goroutine.
type player interface {
	// message reads one whole message and says whether it was a snapshot.
	message(payload []byte) (snapshot bool, err error)
	// input appends the next input's payload to dst.
	input(dst []byte) []byte
}

// client is one connection under load.
type client struct {
	*socket
	player
	nextInput time.Duration // since the start of the run
	last      time.Duration // arrival of the newest snapshot; 0: none yet
}

// load is what the generator counted in the measured window.
type load struct {
	Snapshots int
	Bytes     int           // of snapshot messages, WebSocket header included
	Window    time.Duration // how long was measured
	CPU       time.Duration // the generator's own, in the window
	Intervals []float64     // milliseconds between snapshots of one client, sorted
	Lost      int           // connections that ended
	Reason    string        // why the first one did
}

// run drives clients: rate inputs a second each, evenly staggered, one
// goroutine and one epoll set for all. The window begins when warm has passed
// since every client had its first snapshot. begin and end are called at the
// window's edges, to read the server's clock of processor time.
func run(ctx context.Context, clients []*client, rate int, warm, window time.Duration, begin, end func()) (load, error) {
	g, err := newGenerator(clients, rate)
	if err != nil {
		return load{}, err
	}
	defer g.close()
	for g.playing < len(clients)-g.result.Lost {
		if time.Since(g.start) > mustPlay {
			return g.result, fmt.Errorf("only %d of %d clients play after %s; %d lost: %s", g.playing, len(clients), mustPlay, g.result.Lost, g.result.Reason)
		}
		if err := g.until(ctx, time.Since(g.start)+50*time.Millisecond); err != nil {
			return g.result, err
		}
	}
	if err := g.until(ctx, time.Since(g.start)+warm); err != nil {
		return g.result, err
	}
	g.result.Intervals = make([]float64, 0, int(window/g.period)*len(clients)*5/4)
	g.counting = true
	begin()
	cpu := ownCPU()
	from := time.Since(g.start)
	if err := g.until(ctx, from+window); err != nil {
		return g.result, err
	}
	end()
	g.result.Window = time.Since(g.start) - from
	g.result.CPU = ownCPU() - cpu
	slices.Sort(g.result.Intervals)
	return g.result, nil
}

// mustPlay is how long clients may take until all of them play.
const mustPlay = time.Minute

// newGenerator watches the clients' sockets.
func newGenerator(clients []*client, rate int) (*generator, error) {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("create epoll: %w", err)
	}
	g := &generator{clients: clients, epoll: epoll, period: time.Second / time.Duration(rate), buffer: make([]byte, 64<<10)}
	for i, c := range clients {
		err := unix.SetNonblock(c.fd, true)
		if err == nil {
			err = unix.EpollCtl(epoll, unix.EPOLL_CTL_ADD, c.fd, &unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLET, Fd: int32(i)})
		}
		if err != nil {
			g.close()
			return nil, fmt.Errorf("watch socket: %w", err)
		}
		c.nextInput = g.period * time.Duration(i) / time.Duration(len(clients))
	}
	g.start = time.Now()
	return g, nil
}

func (g *generator) close() { _ = unix.Close(g.epoll) }

type generator struct {
	clients  []*client
	epoll    int
	period   time.Duration
	start    time.Time
	buffer   []byte
	payload  []byte
	due      int // the client whose input is due next; they are in order of phase
	playing  int // clients that had a snapshot
	counting bool
	result   load
}

func (g *generator) until(ctx context.Context, stop time.Duration) error {
	events := make([]unix.EpollEvent, 512)
	for {
		now := time.Since(g.start)
		if now >= stop {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		g.sendDue(now)
		n, err := unix.EpollWait(g.epoll, events, g.wait(now))
		if err != nil && !errors.Is(err, unix.EINTR) {
			return fmt.Errorf("wait for sockets: %w", err)
		}
		for _, event := range events[:max(n, 0)] {
			g.read(g.clients[event.Fd])
		}
	}
}

// wait is how many milliseconds to wait for sockets: until the next input is
// due, rounded up, so that inputs go out a millisecond's worth at a time and
// the generator does not spin.
func (g *generator) wait(now time.Duration) int {
	left := g.clients[g.due].nextInput - now
	return int(max(0, min((left+time.Millisecond-1)/time.Millisecond, 10)))
}

func (g *generator) sendDue(now time.Duration) {
	for range g.clients {
		c := g.clients[g.due]
		if c.nextInput > now {
			return
		}
		c.nextInput += g.period
		g.due = (g.due + 1) % len(g.clients)
		if c.fd < 0 {
			continue
		}
		if g.payload = c.input(g.payload[:0]); len(g.payload) == 0 {
			continue // nothing to say yet
		}
		if err := c.send(g.payload); err != nil {
			g.lose(c, err)
		}
	}
}

func (g *generator) read(c *client) {
	if c.fd < 0 {
		return
	}
	err := c.receive(g.buffer, func(payload []byte, wire int) error {
		snapshot, err := c.message(payload)
		if err != nil || !snapshot {
			return err
		}
		now := time.Since(g.start)
		if c.last == 0 {
			g.playing++
		}
		if g.counting {
			g.result.Snapshots++
			g.result.Bytes += wire
			if c.last > 0 {
				g.result.Intervals = append(g.result.Intervals, float64(now-c.last)/1e6)
			}
		}
		c.last = now
		return nil
	})
	if err != nil {
		g.lose(c, err)
	}
}

func (g *generator) lose(c *client, err error) {
	g.result.Lost++
	if g.result.Reason == "" {
		g.result.Reason = err.Error()
	}
	_ = unix.Close(c.fd)
	c.fd = -1
}

// close shuts every connection that is still open.
func closeAll(clients []*client) {
	for _, c := range clients {
		if c.fd >= 0 {
			_ = unix.Close(c.fd)
			c.fd = -1
		}
	}
}

// percentile of sorted values; NaN for none.
func percentile(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	return sorted[min(len(sorted)-1, int(p*float64(len(sorted))))]
}

// ownCPU is the processor time this process has used.
func ownCPU() time.Duration {
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
