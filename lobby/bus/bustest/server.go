package bustest

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// Server is one redis-server process that a test does harm to.
type Server struct {
	Network, Addr string // of its listener

	tb   testing.TB
	args []string
	cmd  *exec.Cmd
}

// newServer makes a server that Start starts, and ends it with the test.
func newServer(tb testing.TB, network, addr string, args ...string) *Server {
	s := &Server{Network: network, Addr: addr, tb: tb, args: append(args, "--daemonize", "no", "--logfile", "")}
	tb.Cleanup(s.Kill)
	return s
}

// Start starts it, again after Kill, empty, and waits until it answers.
func (s *Server) Start() {
	s.tb.Helper()
	if said, ok := s.start(); !ok {
		s.tb.Fatalf("redis-server did not start:\n%s", said)
	}
}

func (s *Server) start() (said string, ok bool) {
	s.tb.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		s.tb.Fatal("redis-server is not installed: apt-get install redis-server")
	}
	s.cmd = exec.Command(path, s.args...)
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		s.tb.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		s.tb.Fatalf("start redis-server: %v", err)
	}
	var all bytes.Buffer
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		all.WriteString(line)
		if strings.Contains(line, "eady to accept connections") || strings.Contains(line, "Sentinel ID is") {
			break
		}
		if err != nil {
			_ = s.cmd.Wait() // what it said tells more
			s.cmd = nil
			return all.String(), false
		}
	}
	go func() { _, _ = io.Copy(io.Discard, lines) }() // ends with the process
	return all.String(), true
}

// Kill ends it at once, as a crash would.
func (s *Server) Kill() {
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Kill() // may have ended
	_ = s.cmd.Wait()         // says how it ended, which is known
	s.cmd = nil
}

// Hang makes it stop answering without ending.
func (s *Server) Hang() { s.signal(syscall.SIGSTOP) }

// Thaw lets it go on.
func (s *Server) Thaw() { s.signal(syscall.SIGCONT) }

func (s *Server) signal(sig syscall.Signal) {
	s.tb.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.tb.Fatal(err)
	}
}

// freePort is a TCP port of loopback that nobody listens on at this moment.
func freePort(tb testing.TB) string {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		tb.Fatal(err)
	}
	return port
}

// onPorts starts a server on ports that are free; somebody else may take one
// before it does, so that it tries others then.
func onPorts(tb testing.TB, make func(port, other string) *Server) *Server {
	tb.Helper()
	said := ""
	for range 5 {
		s, ok := make(freePort(tb), freePort(tb)), false
		if said, ok = s.start(); ok {
			return s
		}
	}
	tb.Fatalf("redis-server did not start:\n%s", said)
	return nil
}
