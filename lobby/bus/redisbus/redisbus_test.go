package redisbus_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/lobby/bus/bustest"
	"github.com/sandlot-server/sandlot/lobby/bus/redisbus"
)

// What dials a Redis that was away looks up once more within a second of Close.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/redis/go-redis/v9/internal/pool.(*ConnPool).tryDial"))
}

// start runs a Redis by what cfg says of where it is, with short times.
func start(t *testing.T, cfg redisbus.Config) *redisbus.Redis {
	cfg.Timeout, cfg.Beat, cfg.Silent = 500*time.Millisecond, 50*time.Millisecond, 300*time.Millisecond
	return run(t, cfg)
}

// patient is start where nothing fails: there is time for however slow the machine is.
func patient(t *testing.T, cfg redisbus.Config) *redisbus.Redis {
	cfg.Timeout, cfg.Beat, cfg.Silent = 10*time.Second, 50*time.Millisecond, 10*time.Second
	return run(t, cfg)
}

func run(t *testing.T, cfg redisbus.Config) *redisbus.Redis {
	r, err := redisbus.New(cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { _ = r.Run(ctx) })
	t.Cleanup(func() { cancel(); wg.Wait() })
	return r
}

func open(t *testing.T, server *bustest.Redis) *redisbus.Redis {
	return start(t, redisbus.Config{URL: server.URL})
}

func TestRedis(t *testing.T) {
	t.Parallel()
	server := bustest.StartRedis(t)
	bustest.Run(t, func(t *testing.T) func() bustest.Both {
		return func() bustest.Both { return patient(t, redisbus.Config{URL: server.URL, Prefix: t.Name()}) }
	})
}

// The same over a cluster: keys and channels are spread over three servers.
func TestCluster(t *testing.T) {
	t.Parallel()
	c := bustest.StartCluster(t, false)
	bustest.Run(t, func(t *testing.T) func() bustest.Both {
		return func() bustest.Both {
			return patient(t, redisbus.Config{URL: c.URL, Cluster: true, Prefix: t.Name()})
		}
	})
}

// And over what sentinels watch.
func TestSentinel(t *testing.T) {
	t.Parallel()
	s := bustest.StartSentinel(t)
	bustest.Run(t, func(t *testing.T) func() bustest.Both {
		return func() bustest.Both {
			return patient(t, redisbus.Config{URL: s.URL, Master: s.Name, Prefix: t.Name()})
		}
	})
}

// A Redis that was killed and comes back empty: calls fail at once meanwhile,
// then subscriptions deliver again and say that they were interrupted.
func TestRedisKilledAndRestartedEmpty(t *testing.T) {
	t.Parallel()
	server := bustest.StartRedis(t)
	a, b := open(t, server), open(t, server)
	l := bustest.Listen(t, b, "c")
	bustest.Well(t, a)
	bustest.Publish(t, a, "c", "before")
	l.Want(t, "before")
	if err := a.Put(context.Background(), "lobby", []bus.Lease{{ID: "x"}}, time.Hour); err != nil {
		t.Fatal(err)
	}

	server.Kill()
	waitFor(t, "the loss to be noticed", func() bool { return a.Healthy() != nil && b.Healthy() != nil })
	if err := a.Publish(context.Background(), "c", []byte("lost")); err == nil {
		t.Error("publish without a redis went well")
	}

	server.Start()
	l.WantGap(t)
	waitFor(t, "health", func() bool { return a.Healthy() == nil && b.Healthy() == nil })
	bustest.Publish(t, a, "c", "after")
	l.Want(t, "after")
	leases, err := a.List(context.Background(), "lobby") // its scripts are gone, too
	if err != nil || len(leases) > 0 {
		t.Errorf("an empty redis lists %v, %v", leases, err)
	}
}

// A Redis that hangs closes no connection: the silence of our own heartbeat
// tells, and no call waits longer than its bound.
func TestRedisHangs(t *testing.T) {
	t.Parallel()
	server := bustest.StartRedis(t)
	a := open(t, server)
	l := bustest.Listen(t, a, "c")
	waitFor(t, "health", func() bool { return a.Healthy() == nil })

	server.Hang()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if _, err := a.List(ctx, "lobby"); err == nil {
		t.Error("a redis that hangs answered")
	}
	if ctx.Err() != nil {
		t.Error("the call was not bounded by the configured timeout")
	}
	waitFor(t, "the silence to be noticed", func() bool { return a.Healthy() != nil })

	server.Thaw()
	l.WantGap(t)
	waitFor(t, "health", func() bool { return a.Healthy() == nil })
	bustest.Publish(t, a, "c", "after")
	for got := ""; got != "after"; { // what was written while it hung may come first
		select {
		case got = <-l.Got:
		case <-time.After(10 * time.Second):
			t.Fatal("nothing is delivered")
		}
	}
}

func TestRedisNotThereAtFirst(t *testing.T) {
	t.Parallel()
	server := bustest.StartRedis(t)
	server.Kill()
	a := open(t, server)
	got := make(chan string, 1)
	gaps := make(chan struct{}, 10)
	s := a.Subscribe("c", bus.Handler{Message: func(p []byte) { got <- string(p) }, Gap: func() { gaps <- struct{}{} }})
	defer s.Close()
	if a.Healthy() == nil {
		t.Error("healthy without a redis")
	}
	server.Start()
	<-gaps
	bustest.Publish(t, a, "c", "x")
	if <-got != "x" {
		t.Error("another message came")
	}
}

func TestBadURLDoesNotShowThePassword(t *testing.T) {
	_, err := redisbus.New(redisbus.Config{URL: "redis://me:hunter2@[bad"}, nil)
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("the error is %v", err)
	}
	if _, err := redisbus.New(redisbus.Config{}, nil); err == nil {
		t.Error("an empty url was taken")
	}
}

// waitFor polls: what it waits for has no event.
func waitFor(t *testing.T, what string, is func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(15 * time.Second); !is(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
