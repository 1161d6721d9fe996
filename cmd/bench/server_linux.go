package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// server is a process under measurement: this same program in another role,
// pinned to one core.
type server struct {
	cmd      *exec.Cmd
	addr     string
	admin    string // Sandlot's
	lateness string // where it tells it; "": nowhere
	data     string // its folder, removed at the end
	empty    int64  // resident bytes before anybody came
	profile  func() (wait func())
	edges    func(begin bool) // called as the measured window begins and when it has ended; nil: not
	log      *tail
}

// startServer runs this program with args and env on the given core and waits
// until addr accepts connections.
func startServer(ctx context.Context, core int, addr string, env []string, args ...string) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := &server{cmd: exec.CommandContext(ctx, self, args...), addr: addr, log: &tail{}}
	s.cmd.Env = append(os.Environ(), env...)
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(os.Interrupt) }
	s.cmd.WaitDelay = 10 * time.Second
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := onCore(core, s.cmd.Start); err != nil {
		return nil, fmt.Errorf("start %v: %w", args, err)
	}
	for range 200 {
		conn, err := net.DialTimeout("tcp", addr, time.Second)
		if err == nil {
			return s, conn.Close()
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	s.stop()
	return nil, fmt.Errorf("%v does not accept connections on %s: %s", args, addr, s.log)
}

// onCore calls start on a thread that may run on one core only; the process it
// starts inherits that, and Go's scheduler there sees one processor.
func onCore(core int, start func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before, one unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return err
	}
	one.Set(core)
	if err := unix.SchedSetaffinity(0, &one); err != nil {
		return fmt.Errorf("pin to core %d: %w", core, err)
	}
	defer func() { _ = unix.SchedSetaffinity(0, &before) }()
	return start()
}

// keepOff keeps this process off a core where it has others: what generates load
// must not take the processor of what it measures. Every thread that there is is
// moved; later ones begin where those that start them run.
func keepOff(core int) error {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return err
	}
	if set.Clear(core); set.Count() == 0 {
		return nil
	}
	for range 2 { // one may have been started meanwhile by one not moved yet
		threads, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return err
		}
		for _, t := range threads {
			id, err := strconv.Atoi(t.Name())
			if err != nil {
				continue
			}
			if err := unix.SchedSetaffinity(id, &set); err != nil && !errors.Is(err, unix.ESRCH) {
				return fmt.Errorf("keep off core %d: %w", core, err)
			}
		}
	}
	return nil
}

// stop ends the process and waits for that.
func (s *server) stop() {
	_ = s.cmd.Process.Signal(os.Interrupt)
	_ = s.cmd.Wait()
	if s.data != "" {
		_ = os.RemoveAll(s.data)
	}
}

// cpu is the processor time the server has used: the process's clock, which
// counts nanoseconds (clock_getcpuclockid(3)).
func (s *server) cpu() time.Duration {
	const sched = 2
	var t unix.Timespec
	if err := unix.ClockGettime(int32(^s.cmd.Process.Pid<<3|sched), &t); err != nil {
		return 0
	}
	return time.Duration(t.Nano())
}

// resident is the server's resident memory in bytes.
func (s *server) resident() int64 {
	file, err := os.Open("/proc/" + strconv.Itoa(s.cmd.Process.Pid) + "/status")
	if err != nil {
		return 0
	}
	defer file.Close()
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		if rest, ok := strings.CutPrefix(scanner.Text(), "VmRSS:"); ok {
			kb, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kb << 10
		}
	}
	return 0
}

// tail keeps the last 4 KiB written to it, for the message when a server fails.
// Safe for concurrent use: the server may still write.
type tail struct {
	mu   sync.Mutex
	kept []byte
}

var _ io.Writer = (*tail)(nil)

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, p...)
	if over := len(t.kept) - 4096; over > 0 {
		t.kept = t.kept[over:]
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.kept)
}

// freeAddr is a loopback address that was free a moment ago.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
