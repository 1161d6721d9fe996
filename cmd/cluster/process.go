package cluster

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// process is a program that runs. Its output is kept, the newest 64 KiB of it.
type process struct {
	name  string
	cmd   *exec.Cmd
	log   *tail
	asked bool          // to stop
	done  chan struct{} // closed when it has ended and err is set
	err   error
}

// start runs a program and gives each line of its standard output to line, if
// there is one, from a goroutine that ends with it.
func start(name string, env []string, line func(string), program string, args ...string) (*process, error) {
	p := &process{name: name, cmd: exec.Command(program, args...), log: &tail{}, done: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stderr = p.log
	apart(p.cmd)
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	go func() {
		defer close(p.done)
		lines := bufio.NewScanner(io.TeeReader(out, p.log))
		for lines.Scan() {
			if line != nil {
				line(lines.Text())
			}
		}
		p.err = p.cmd.Wait()
	}()
	return p, nil
}

// kill ends it at once, as a crash would.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // may have ended
	<-p.done
}

// terminate asks it to stop, once: a second time would end it at once.
func (p *process) terminate() {
	if !p.asked {
		p.asked = true
		_ = p.cmd.Process.Signal(syscall.SIGTERM) // may have ended
	}
}

// stop ends it in order, or at once after a while.
func (p *process) stop(within time.Duration) error {
	p.terminate()
	late := time.NewTimer(within)
	defer late.Stop()
	select {
	case <-p.done:
	case <-late.C:
		p.kill()
		return fmt.Errorf("%s did not stop within %s", p.name, within)
	}
	if exit := new(exec.ExitError); errors.As(p.err, &exit) {
		return fmt.Errorf("%s ended with %w:\n%s", p.name, p.err, p.log)
	}
	return nil
}

func (p *process) alive() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// await asks again and again until yes, until it has ended, or for within.
func (p *process) await(what string, within time.Duration, yes func() bool) error {
	late := time.NewTimer(within)
	defer late.Stop()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for !yes() {
		select {
		case <-p.done:
			return fmt.Errorf("%s ended before it %s:\n%s", p.name, what, p.log)
		case <-late.C:
			return fmt.Errorf("%s has not %s after %s:\n%s", p.name, what, within, p.log)
		case <-again.C:
		}
	}
	return nil
}

const maxTail = 64 << 10

// tail is the newest of what was written. Safe for concurrent use.
type tail struct {
	mu sync.Mutex
	b  []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, p...)
	if over := len(t.b) - maxTail; over > 0 {
		t.b = append(t.b[:0], t.b[over:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(bytes.TrimSpace(t.b))
}

// has says whether something was written that has s in it.
func (t *tail) has(s string) bool { return strings.Contains(t.String(), s) }
