package bustest

import (
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"testing"
)

// Cluster is a Redis Cluster of one test: three masters that share the slots,
// and maybe a replica of the first.
type Cluster struct {
	URL     string   // of the first master
	Nodes   []string // host:port of the others
	Masters []*Server
	Replica *Server // nil: none
}

const slots = 16384

// StartCluster starts three masters, assigns the slots and waits until all agree
// that the cluster is well; with a replica of the first, which takes its place
// about two seconds after it has died.
func StartCluster(tb testing.TB, replica bool) *Cluster {
	tb.Helper()
	dir := folder(tb)
	c := &Cluster{}
	var buses []string
	n := 3
	if replica {
		n++
	}
	var all []*Server
	for i := range n {
		all = append(all, onPorts(tb, func(port, other string) *Server {
			buses = append(buses[:i], other)
			return newServer(tb, "tcp", net.JoinHostPort("127.0.0.1", port), "--port", port, "--bind", "127.0.0.1", "--dir", dir,
				"--save", "", "--appendonly", "no", "--cluster-enabled", "yes", "--cluster-port", other,
				"--cluster-config-file", filepath.Join(dir, "nodes-"+strconv.Itoa(i)+"-"+port),
				"--cluster-node-timeout", "1000", "--cluster-require-full-coverage", "no",
				"--cluster-replica-validity-factor", "0", "--repl-diskless-sync-delay", "0")
		}))
	}
	c.Masters = all[:3]
	for i, m := range c.Masters {
		m.Ask("CLUSTER", "ADDSLOTSRANGE", strconv.Itoa(i*slots/3), strconv.Itoa((i+1)*slots/3-1))
		m.Ask("CLUSTER", "SET-CONFIG-EPOCH", strconv.Itoa(i+1))
	}
	for i, s := range all[1:] {
		host, port, err := net.SplitHostPort(s.Addr)
		if err != nil {
			tb.Fatal(err)
		}
		all[0].Ask("CLUSTER", "MEET", host, port, buses[i+1])
		c.Nodes = append(c.Nodes, s.Addr)
	}
	for _, s := range all {
		s.await("CLUSTER INFO", "cluster_state:ok", fmt.Sprintf("cluster_known_nodes:%d", n), "cluster_size:3", "cluster_slots_ok:16384")
	}
	if replica {
		c.Replica = all[3]
		c.Replica.Ask("CLUSTER", "REPLICATE", all[0].Ask("CLUSTER", "MYID"))
		c.Replica.await("INFO replication", "role:slave", "master_link_status:up")
		for _, s := range all { // who does not know that it is one would not vote for it
			s.await("CLUSTER NODES", "slave "+all[0].Ask("CLUSTER", "MYID"))
		}
	} else {
		for _, s := range all { // a slow machine is no fault
			s.Ask("CONFIG", "SET", "cluster-node-timeout", "15000")
		}
	}
	c.URL = "redis://" + all[0].Addr
	return c
}
