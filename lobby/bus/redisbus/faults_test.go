package redisbus_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/lobby/bus/bustest"
	"github.com/sandlot-server/sandlot/lobby/bus/redisbus"
)

// onShard listens to n channels of the cluster that live on its first master,
// and to n that do not.
func onShard(t *testing.T, c *bustest.Cluster, b bus.Bus, prefix string, n int) (there, elsewhere map[string]*bustest.Listener) {
	there, elsewhere = map[string]*bustest.Listener{}, map[string]*bustest.Listener{}
	for i := 0; len(there) < n || len(elsewhere) < n; i++ {
		channel := fmt.Sprint("c", i)
		slot, err := strconv.Atoi(c.Masters[1].Ask("CLUSTER", "KEYSLOT", prefix+":"+channel))
		if err != nil {
			t.Fatal(err)
		}
		of := elsewhere
		if slot < 5461 {
			of = there
		}
		if len(of) < n {
			of[channel] = bustest.Listen(t, b, channel)
		}
	}
	return there, elsewhere
}

// delivers publishes until text arrives: a cluster that changes loses some.
func delivers(t *testing.T, a bus.Bus, channel string, l *bustest.Listener, text string) {
	t.Helper()
	waitFor(t, channel+" to deliver", func() bool {
		_ = a.Publish(context.Background(), channel, []byte(text)) // may fail for a while
		select {
		case got := <-l.Got:
			return got == text
		case <-time.After(20 * time.Millisecond):
			return false
		}
	})
}

// A master of a cluster dies: what lives on the others is not disturbed, and
// what lived on it goes on at its replica, after a gap.
func TestClusterFailover(t *testing.T) {
	t.Parallel()
	c := bustest.StartCluster(t, true)
	cfg := redisbus.Config{URL: c.URL, Nodes: c.Nodes, Cluster: true, Prefix: "x"}
	a, b := start(t, cfg), start(t, cfg)
	bustest.Well(t, a)
	bustest.Well(t, b)
	there, elsewhere := onShard(t, c, b, "x", 5)

	c.Masters[0].Kill()
	waitFor(t, "the loss to be noticed", func() bool {
		for channel := range there {
			if a.Reach(channel) == nil {
				return false
			}
		}
		return a.Healthy() != nil && b.Healthy() != nil
	})
	if err := a.Healthy(); !strings.Contains(err.Error(), c.Masters[0].Addr) {
		t.Errorf("the fault does not name the server: %v", err)
	}
	for channel, l := range elsewhere {
		if err := a.Reach(channel); err != nil {
			t.Errorf("%s lives on another server and is not reached: %v", channel, err)
		}
		bustest.Publish(t, a, channel, "meanwhile")
		l.Want(t, "meanwhile")
	}
	for _, l := range there {
		l.WantGap(t)
	}
	bustest.Well(t, a)
	bustest.Well(t, b)
	for channel, l := range there {
		delivers(t, a, channel, l, "after")
	}
	for channel, l := range elsewhere {
		if len(l.Gap) > 0 {
			t.Errorf("%s had a gap, and its server did not die", channel)
		}
	}
	for i := range 20 { // keys of all shards
		if err := a.Append(context.Background(), fmt.Sprint("h", i), []byte("x"), 10, time.Minute); err != nil {
			t.Error(err)
		}
	}
	if err := a.Put(context.Background(), "lobby", []bus.Lease{{ID: "x"}}, time.Minute); err != nil {
		t.Error(err)
	}
}

// Slots move between servers: their channels follow, after a gap.
func TestClusterSlotsMove(t *testing.T) {
	t.Parallel()
	c := bustest.StartCluster(t, false)
	cfg := redisbus.Config{URL: c.URL, Cluster: true, Prefix: "x"}
	a, b := start(t, cfg), start(t, cfg)
	bustest.Well(t, a)
	bustest.Well(t, b)
	there, _ := onShard(t, c, b, "x", 2)
	id := c.Masters[1].Ask("CLUSTER", "MYID")
	for channel := range there {
		slot := c.Masters[0].Ask("CLUSTER", "KEYSLOT", "x:"+channel)
		for _, m := range []int{1, 0, 2} {
			c.Masters[m].Ask("CLUSTER", "SETSLOT", slot, "NODE", id)
		}
	}
	for channel, l := range there {
		l.WantGap(t)
		delivers(t, a, channel, l, "after")
		if n := c.Masters[1].Ask("PUBSUB", "SHARDNUMSUB", "x:"+channel); !strings.HasSuffix(n, "\n1") {
			t.Errorf("the new server has for %s the subscribers %q", channel, n)
		}
	}
	bustest.Well(t, a)
	bustest.Well(t, b)
}

// A master that sentinels watch dies: all goes on at its replica, after a gap.
func TestSentinelFailover(t *testing.T) {
	t.Parallel()
	s := bustest.StartSentinel(t)
	cfg := redisbus.Config{URL: s.URL, Master: s.Name}
	a, b := start(t, cfg), start(t, cfg)
	l := bustest.Listen(t, b, "c")
	bustest.Well(t, a)
	s.Master.Kill()
	waitFor(t, "the loss to be noticed", func() bool { return a.Healthy() != nil && b.Healthy() != nil })
	l.WantGap(t)
	delivers(t, a, "c", l, "after")
	waitFor(t, "writes", func() bool {
		return a.Put(context.Background(), "lobby", []bus.Lease{{ID: "x"}}, time.Minute) == nil
	})
	if role := s.Replica.Ask("ROLE"); !strings.HasPrefix(role, "master") {
		t.Errorf("the replica's role is %q", role)
	}
}

// A subscriber that does not keep up is cut off by Redis, which keeps only so
// much for it, and told of the gap; publishers and other subscribers of the same
// Redis go on meanwhile.
func TestSlowSubscriber(t *testing.T) {
	t.Parallel()
	server := bustest.StartRedis(t)
	server.Ask("CONFIG", "SET", "client-output-buffer-limit", "pubsub 256kb 128kb 1")
	a, slow, quick := open(t, server), open(t, server), open(t, server)
	bustest.Well(t, a)
	free := make(chan struct{})
	release := sync.OnceFunc(func() { close(free) })
	t.Cleanup(release)
	entered := make(chan struct{}, 1)
	gaps := make(chan struct{}, 100)
	s := slow.Subscribe("c", bus.Handler{
		Message: func([]byte) {
			select {
			case entered <- struct{}{}:
			default: // said already
			}
			<-free
		},
		Gap: func() { gaps <- struct{}{} },
	})
	defer s.Close()
	<-gaps
	other := bustest.Listen(t, quick, "other")
	bustest.Publish(t, a, "c", "x")
	<-entered
	large := strings.Repeat("x", 32<<10)
	for i := range 200 { // 6 MiB
		bustest.Publish(t, a, "c", large)
		bustest.Publish(t, a, "other", fmt.Sprint(i))
		other.Want(t, fmt.Sprint(i))
	}
	waitFor(t, "the slow one to be noticed", func() bool { return slow.Healthy() != nil })
	release()
	<-gaps
	bustest.Well(t, slow)
	last := bustest.Listen(t, slow, "c")
	bustest.Publish(t, a, "c", "last")
	waitFor(t, "the last message", func() bool { return <-last.Got == "last" })
	if len(other.Gap) > 0 {
		t.Error("another subscriber had a gap")
	}
}

// A Redis without memory refuses writes and says why; messages go on.
func TestOutOfMemory(t *testing.T) {
	t.Parallel()
	server := bustest.StartRedis(t)
	a, b := open(t, server), open(t, server)
	bustest.Well(t, a)
	l := bustest.Listen(t, b, "c")
	put := func() error { return a.Put(context.Background(), "lobby", []bus.Lease{{ID: "x"}}, time.Minute) }
	if err := put(); err != nil {
		t.Fatal(err)
	}
	server.Ask("CONFIG", "SET", "maxmemory-policy", "noeviction")
	server.Ask("CONFIG", "SET", "maxmemory", "1")
	if err := put(); err == nil || !strings.Contains(err.Error(), "OOM") {
		t.Errorf("a lease without memory: %v", err)
	}
	if err := a.Append(context.Background(), "h", []byte("x"), 10, time.Minute); err == nil || !strings.Contains(err.Error(), "OOM") {
		t.Errorf("a history without memory: %v", err)
	}
	bustest.Publish(t, a, "c", "still")
	l.Want(t, "still")
	server.Ask("CONFIG", "SET", "maxmemory", "0")
	if err := put(); err != nil {
		t.Error(err)
	}
}

// A Redis that comes back with what it had saved some time ago can be told from one
// that has kept everything, and is begun anew.
func TestPutBack(t *testing.T) {
	t.Parallel()
	server := bustest.StartRedis(t)
	a := open(t, server)
	bustest.Well(t, a)
	write := func(id string, version uint64) {
		t.Helper()
		r := bus.Record{ID: id, Version: version, Value: []byte(id), TTL: time.Hour}
		if err := a.Write(context.Background(), "k", bus.Change{Most: 9, Records: []bus.Record{r}}); err != nil {
			t.Fatal(err)
		}
	}
	now := func() (f bus.Feed) {
		t.Helper()
		waitFor(t, "an answer", func() (ok bool) {
			var err error
			f, err = a.Written(context.Background(), "k", 0, 9)
			return err == nil
		})
		return f
	}
	write("x", 1)
	server.Ask("SAVE")
	write("x", 2)
	write("y", 1)
	seen := now()
	server.Kill()
	server.Start()
	old := now()
	if old.Epoch != seen.Epoch || old.Count >= seen.Count || len(old.IDs) != 1 {
		t.Fatalf("it had %+v and has %+v", seen, old)
	}
	if err := a.Renew(context.Background(), "k", seen.Epoch, seen.Count); err != nil {
		t.Fatal(err)
	}
	if f := now(); f.Epoch <= seen.Epoch || len(f.IDs) != 0 {
		t.Errorf("then it has %+v", f)
	}
	write("x", 1)
}

func TestConfigIsRefusedClearly(t *testing.T) {
	for name, c := range map[string]struct {
		cfg  redisbus.Config
		want string
	}{
		"both":     {redisbus.Config{URL: "redis://h:1", Cluster: true, Master: "m"}, "not both"},
		"which":    {redisbus.Config{URL: "redis://h:1", Nodes: []string{"i:1"}}, "say which"},
		"node":     {redisbus.Config{URL: "redis://h:1", Nodes: []string{"i"}, Cluster: true}, `"i" is not of the form host:port`},
		"socket":   {redisbus.Config{URL: "unix:///s", Cluster: true}, "host:port"},
		"database": {redisbus.Config{URL: "redis://h:1/3", Cluster: true}, "only database 0"},
		"sentinel": {redisbus.Config{URL: "redis://h:1", SentinelPassword: "hunter2"}, "needs the master's name"},
		"silence":  {redisbus.Config{URL: "redis://h:1", Beat: time.Second, Silent: time.Second}, "two beats"},
	} {
		_, err := redisbus.New(c.cfg, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error is %v, want one with %q", name, err, c.want)
		}
	}
}
