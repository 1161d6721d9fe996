package cmd_test

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/cmd/cmdtest"
	"github.com/sandlot-server/sandlot/lobby/bus/bustest"
	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/wire"
)

// two is two processes that share a Redis: ann plays at one, and cat talks in her
// lobby at two, where bob asks for things.
type two struct {
	t        *testing.T
	one, two *process
	bob      *client.API
	lobby    string

	ann, cat           *client.Client
	annHears, catHears <-chan wire.ChatOut
	ticks              <-chan uint32
	words              int
}

// slipOfOneWait is how many ticks a match would slip that waited once for as
// long as a call to Redis may take here, 500 ms, at 30 ticks a second.
const slipOfOneWait = 11

func together(t *testing.T, one, other *process) *two {
	w := &two{t: t, one: one, two: other, bob: cmdtest.Guest(t, other.URL, "bob")}
	ann, cat := cmdtest.Guest(t, one.URL, "ann"), cmdtest.Guest(t, other.URL, "cat")
	yes := true
	made, err := ann.Create(t.Context(), client.CreateOptions{Game: "arena", Bots: &yes, Settings: map[string]int64{"seconds": 900, "kills": 0}})
	if err != nil {
		t.Fatal(err)
	}
	w.lobby = made.Lobby.ID
	if made.Lobby.Instance != "one" {
		t.Fatalf("the lobby's home is %q", made.Lobby.Instance)
	}
	ticks := make(chan uint32, 1)
	w.ticks = ticks
	w.ann, w.annHears = watch(t, client.Options{URL: one.URL, Token: ann.Token, Joined: made, OnState: func(c *client.Client) {
		select {
		case ticks <- c.Tick():
		default:
		}
	}}, said)
	if err := w.ann.Ready(true); err != nil {
		t.Fatal(err)
	}
	until(t, "two knows the lobby", w.listed)
	talk, err := cat.Join(t.Context(), w.lobby, "chat")
	if err != nil {
		t.Fatal(err)
	}
	w.cat, w.catHears = watch(t, client.Options{URL: other.URL, Token: cat.Token, Joined: talk}, said)
	return w
}

func (w *two) listed() bool {
	page, err := w.bob.List(w.t.Context(), client.ListOptions{})
	n := 0
	if err == nil {
		for _, l := range page.Lobbies {
			if l.ID == w.lobby && l.Instance == "one" {
				n++
			}
		}
	}
	return n == 1 && len(page.Lobbies) == 1
}

func is(t *testing.T, p *process, want, why string) func() bool {
	return func() bool {
		status, body := peek(t, p.AdminURL+"/readyz")
		return status == 200 && strings.Contains(body, fmt.Sprintf("%q:%q", "status", want)) && strings.Contains(body, why)
	}
}

// hears lets a client say something until another hears it: what is said while
// things heal may be lost, and is then said to be.
func (w *two) hears(what string, from *client.Client, at <-chan wire.ChatOut) {
	w.t.Helper()
	w.words++
	text := fmt.Sprintf("%s %d", what, w.words)
	limit := time.NewTimer(patience)
	defer limit.Stop()
	again := time.NewTicker(200 * time.Millisecond)
	defer again.Stop()
	_ = from.Chat(0, text) // the next try says it again
	for {
		select {
		case c := <-at:
			if c.Text == text {
				return
			}
		case <-again.C:
			_ = from.Chat(0, text)
		case <-limit.C:
			w.t.Fatalf("%s: not heard within %s", what, patience)
		}
	}
}

// whole waits until all works, across instances and at home.
func (w *two) whole(when string) {
	w.t.Helper()
	until(w.t, when+": one is ready", is(w.t, w.one, "ready", ""))
	until(w.t, when+": two is ready", is(w.t, w.two, "ready", ""))
	until(w.t, when+": two lists the lobby", w.listed)
	w.hears(when+": one's word at two", w.ann, w.catHears)
	w.hears(when+": two's word at one", w.cat, w.annHears)
}

// plays checks that the match goes on and that home talks, without a wait for
// Redis on the way.
func (w *two) plays(when string) {
	w.t.Helper()
	slipped := number(w.t, w.one, "sandlot_slipped_ticks_total")
	first := wait(w.t, when+": a tick", w.ticks, func(uint32) bool { return true })
	wait(w.t, when+": ticks", w.ticks, func(n uint32) bool { return n > first+30 })
	w.hears(when+": a word at home", w.ann, w.annHears)
	if n := number(w.t, w.one, "sandlot_slipped_ticks_total") - slipped; n >= slipOfOneWait {
		w.t.Errorf("%s: %v ticks slipped", when, n)
	}
}

// refused checks that two refuses at once what it would have to ask Redis for.
func (w *two) refused(when string) {
	w.t.Helper()
	var p *client.Problem
	if _, err := w.bob.Join(w.t.Context(), "NOSUCHCD", ""); !errors.As(err, &p) || p.Status != 503 || p.RetryAfter == 0 {
		w.t.Errorf("%s: a lobby that only Redis may know: %v", when, err)
	}
}

// peek asks on a connection of its own, which leaves nothing behind at either end.
func peek(t *testing.T, url string) (status int, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Close = true
	resp, err := cmdtest.HTTP(t).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// number adds up what the metrics say under a name.
func number(t *testing.T, p *process, name string) (sum float64) {
	t.Helper()
	_, body := peek(t, p.AdminURL+"/metrics")
	for line := range strings.Lines(body) {
		var v float64
		if rest, ok := strings.CutPrefix(line, name); ok && (rest[0] == ' ' || rest[0] == '{') {
			if _, err := fmt.Sscan(rest[strings.LastIndexByte(rest, ' '):], &v); err != nil || math.IsNaN(v) {
				t.Fatalf("the metric %q cannot be read", line)
			}
			sum += v
		}
	}
	return sum
}

// Redis hangs, is out of memory, is killed and comes back empty, and one
// instance is cut off from it, all with a match going on: it goes on, the reason
// is named, what needs the others is refused at once, all heals by itself, and
// nothing is left over.
func TestRedisFaults(t *testing.T) {
	t.Parallel()
	redis := bustest.StartRedis(t)
	wire := newLine(t, redis.Network, redis.Addr)
	quick := []string{"--lobby-chat-every", "10ms", "--lobby-chat-burst", "100"}
	w := together(t, instance(t, "redis://"+wire.addr, "one", quick...), instance(t, redis.URL, "two", quick...))
	w.whole("at first")
	before := number(t, w.one, "go_goroutines") + number(t, w.two, "go_goroutines")

	for _, fault := range []struct {
		name, why string
		one, two  bool // who is degraded
		make, end func()
	}{
		{"hung", "bus: redis: no heartbeat", true, true, redis.Hang, redis.Thaw},
		{"out of memory", "OOM", true, true,
			func() { redis.Ask("CONFIG", "SET", "maxmemory", "1") }, func() { redis.Ask("CONFIG", "SET", "maxmemory", "0") }},
		{"cut off", "bus: ", true, false, wire.cut, wire.mend},
		{"silent", "bus: ", true, false, wire.hush, wire.mend},
		{"killed", "bus: ", true, true, redis.Kill, redis.Start},
	} {
		fault.make()
		if fault.one {
			until(t, fault.name+": one is degraded", is(t, w.one, "degraded", fault.why))
		}
		if fault.two {
			until(t, fault.name+": two is degraded", is(t, w.two, "degraded", fault.why))
			until(t, fault.name+": two knows of the store", is(t, w.two, "degraded", "store: "))
			w.refused(fault.name)
		}
		w.plays(fault.name)
		if !fault.two && !is(t, w.two, "ready", "")() {
			t.Errorf("%s: two is not ready", fault.name)
		}
		fault.end()
		w.whole(fault.name + " no more")
	}
	left := 0.0
	until(t, "no goroutine is left over", func() bool {
		left = number(t, w.one, "go_goroutines") + number(t, w.two, "go_goroutines") - before
		return left <= 8 // of connections to Redis that are kept for the next call
	})
	t.Logf("%v goroutines more than before", left)
}

// A server of the cluster dies, and its replica takes over: the match goes on,
// and all heals by itself.
func TestRedisClusterFailover(t *testing.T) {
	t.Parallel()
	c := bustest.StartCluster(t, true)
	flags := []string{"--redis-cluster", "--redis-nodes", strings.Join(c.Nodes, ","), "--lobby-chat-every", "10ms", "--lobby-chat-burst", "100"}
	w := together(t, instance(t, c.URL, "one", flags...), instance(t, c.URL, "two", flags...))
	w.whole("at first")
	c.Masters[0].Kill()
	until(t, "one is degraded", is(t, w.one, "degraded", "shard "+c.Masters[0].Addr))
	w.plays("without a server")
	w.whole("at its replica")
}

// An instance is frozen until others have forgotten it, and thawed: its lobby is
// gone from lists, then back, in one place all the time, and its players play on.
func TestFrozenInstance(t *testing.T) {
	t.Parallel()
	redis := bustest.StartRedis(t)
	quick := []string{"--lobby-chat-every", "10ms", "--lobby-chat-burst", "100"}
	w := together(t, instance(t, redis.URL, "one", quick...), instance(t, redis.URL, "two", quick...))
	w.whole("at first")
	last := wait(t, "a tick", w.ticks, func(uint32) bool { return true })
	freeze := func(s syscall.Signal) {
		if err := w.one.cmd.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
	}
	freeze(syscall.SIGSTOP)
	t.Cleanup(func() { _ = w.one.cmd.Process.Signal(syscall.SIGCONT) }) // before it is asked to stop
	until(t, "two forgets the lobby", func() bool {
		page, err := w.bob.List(t.Context(), client.ListOptions{})
		return err == nil && len(page.Lobbies) == 0
	})
	if !is(t, w.two, "ready", "")() {
		t.Error("two is not ready while one is frozen")
	}
	freeze(syscall.SIGCONT)
	wait(t, "the same match", w.ticks, func(n uint32) bool { return n > last+30 })
	until(t, "one is ready", is(t, w.one, "ready", ""))
	until(t, "two lists the lobby, once", w.listed)
	w.hears("ann at home", w.ann, w.annHears)
}
