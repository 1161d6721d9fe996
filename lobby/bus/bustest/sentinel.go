package bustest

import (
	"net"
	"os"
	"path/filepath"
	"testing"
)

// Sentinel is a master, its replica, and a sentinel that watches them, of one
// test. When the master has died, the replica takes its place within seconds.
type Sentinel struct {
	URL             string // of the sentinel
	Name            string // of the master
	Master, Replica *Server
}

// StartSentinel starts the three and waits until the sentinel knows both others.
func StartSentinel(tb testing.TB) *Sentinel {
	tb.Helper()
	dir := folder(tb)
	data := func(more ...string) *Server {
		return onPorts(tb, func(port, _ string) *Server {
			return newServer(tb, "tcp", net.JoinHostPort("127.0.0.1", port), append([]string{"--port", port, "--bind", "127.0.0.1",
				"--dir", dir, "--save", "", "--appendonly", "no", "--repl-diskless-sync-delay", "0"}, more...)...)
		})
	}
	s := &Sentinel{Name: "game", Master: data()}
	host, port, err := net.SplitHostPort(s.Master.Addr)
	if err != nil {
		tb.Fatal(err)
	}
	s.Replica = data("--replicaof", host+" "+port)
	s.Replica.await("INFO replication", "master_link_status:up")
	guard := onPorts(tb, func(at, _ string) *Server {
		file := filepath.Join(dir, "sentinel-"+at)
		text := "port " + at + "\nbind 127.0.0.1\nsentinel monitor game " + host + " " + port + " 1\n" +
			"sentinel down-after-milliseconds game 700\nsentinel failover-timeout game 5000\n"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			tb.Fatal(err)
		}
		return newServer(tb, "tcp", net.JoinHostPort("127.0.0.1", at), file, "--sentinel", "--dir", dir)
	})
	guard.await("SENTINEL MASTER game", "num-slaves\n1")
	s.URL = "redis://" + guard.Addr
	return s
}
