package cmd_test

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/cmd/cmdtest"
)

// process is a server in a process of its own.
type process struct {
	URL, AdminURL string

	cmd  *exec.Cmd
	log  *cmdtest.Log
	ends int           // with which exit code it must
	over chan struct{} // closed when it has
}

// launch starts a program that serves, waits until it says where, and stops it
// when the test ends: by SIGTERM, which must lead to exit code 0, or to ends.
func launch(t *testing.T, env []string, program string, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(program, args...), log: &cmdtest.Log{}, over: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stderr = p.log
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("log of %s:\n%s", p.URL, p.log)
		}
	})
	lines := bufio.NewScanner(out)
	for p.AdminURL == "" && lines.Scan() {
		what, rest, _ := strings.Cut(strings.TrimSpace(lines.Text()), ":")
		where, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
		switch what {
		case "Play":
			p.URL = cmdtest.Numeric(where)
		case "Admin":
			p.AdminURL = cmdtest.Numeric(where)
		}
	}
	if p.AdminURL == "" {
		_ = p.cmd.Wait()
		t.Fatalf("the program did not start:\n%s", p.log)
	}
	go func() {
		defer close(p.over)
		for lines.Scan() { // until it ends
		}
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Signal(syscall.SIGTERM)
		<-p.over
		_ = p.cmd.Wait() // the exit code says it
		if code := p.cmd.ProcessState.ExitCode(); code != p.ends {
			t.Errorf("%s ended with %v, not %d", p.URL, p.cmd.ProcessState, p.ends)
		}
	})
	return p
}

// freeAddress is an address that nobody listens on at this moment.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// until asks again and again until the answer is yes.
func until(t *testing.T, what string, yes func() bool) {
	t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for !yes() {
		select {
		case <-again.C:
		case <-limit.C:
			t.Fatalf("%s: not so after %s", what, patience)
		}
	}
}
