package hostile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/cmd/cmdtest"
)

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

// server is a program under attack, in a process of its own.
type server struct {
	addr, admin string // host:port

	cmd  *exec.Cmd
	log  cmdtest.Log
	rest chan struct{} // closed when its output ended
	once sync.Once
	err  error
}

// options are how a server is started.
type options struct {
	plain bool     // without the race detector
	env   []string // SANDLOT_… settings
	limit string   // ulimit's arguments, as in "-n 96"
}

// start starts a server that the test's end stops, in good order.
func start(t *testing.T, o options) *server {
	t.Helper()
	s, err := launch(t.TempDir(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.stop(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Logf("log of %s:\n%s", s.addr, tail(s.log.String()))
		}
	})
	return s
}

func launch(dir string, o options) (*server, error) {
	program := programs.watched
	if o.plain {
		program = programs.plain
	}
	s := &server{cmd: exec.Command(program), rest: make(chan struct{})}
	if o.limit != "" {
		s.cmd = exec.Command("sh", "-c", "ulimit "+o.limit+` && exec "$0"`, program)
	}
	s.cmd.Env = append(os.Environ(),
		"SANDLOT_LISTEN=127.0.0.1:0", "SANDLOT_ADMIN_LISTEN=127.0.0.1:0", "SANDLOT_DATA_DIR="+dir,
		"SANDLOT_AUTH_SECRET="+secret, "SANDLOT_INSTANCE=victim", "SANDLOT_LOG_LEVEL=debug",
		"SANDLOT_LOBBY_COUNTDOWN=50ms", "SANDLOT_LOBBY_COUNTDOWN_ALONE=50ms", "SANDLOT_LOBBY_BOTS_AFTER=50ms",
		"GORACE=exitcode=66",
	)
	s.cmd.Env = append(s.cmd.Env, o.env...)
	s.cmd.Stderr = &s.log
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	in := bufio.NewScanner(out)
	for s.admin == "" && in.Scan() {
		what, rest, _ := strings.Cut(strings.TrimSpace(in.Text()), ":")
		where, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
		where = strings.Replace(strings.TrimPrefix(where, "http://"), "localhost", "127.0.0.1", 1)
		switch what {
		case "Play":
			s.addr = where
		case "Admin":
			s.admin = where
		}
	}
	if s.admin == "" {
		_ = s.cmd.Wait()
		return nil, fmt.Errorf("the program did not start:\n%s", s.log.String())
	}
	go func() {
		defer close(s.rest)
		_, _ = io.Copy(io.Discard, out)
	}()
	return s, nil
}

// stop ends the server by SIGTERM; anything but an orderly end is an error, and
// so are a data race and a panic outside of games.
func (s *server) stop() error {
	s.once.Do(func() {
		_ = s.cmd.Process.Signal(syscall.SIGTERM)
		kill := time.AfterFunc(patience, func() { _ = s.cmd.Process.Kill() })
		defer kill.Stop()
		<-s.rest
		if err := s.cmd.Wait(); err != nil {
			s.err = fmt.Errorf("the server ended with %w:\n%s", err, tail(s.log.String()))
		}
		for _, bad := range []string{"DATA RACE", "panic on a connection", "a request panicked", "fatal error"} {
			if strings.Contains(s.log.String(), bad) {
				s.err = errors.Join(s.err, fmt.Errorf("the log has %q:\n%s", bad, around(s.log.String(), bad)))
			}
		}
	})
	return s.err
}

// crash ends the server at once: what it was asked to do never ends by itself.
func (s *server) crash() {
	s.once.Do(func() {
		_ = s.cmd.Process.Kill()
		<-s.rest
		_ = s.cmd.Wait()
	})
}

// pool is the servers that many tests attack at once, by their settings.
type pool struct {
	mu  sync.Mutex
	all map[string]*server
}

var shared = pool{all: map[string]*server{}}

// ordinary is the one with default settings.
func ordinary(t *testing.T) *server { return shared.get(t) }

func (p *pool) get(t *testing.T, env ...string) *server {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	key := strings.Join(env, " ")
	if s := p.all[key]; s != nil {
		return s
	}
	dir, err := os.MkdirTemp("", "hostile")
	if err != nil {
		t.Fatal(err)
	}
	s, err := launch(dir, options{env: env})
	if err != nil {
		t.Fatal(err)
	}
	p.all[key] = s
	return s
}

func (p *pool) running() (all []*server) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.all {
		all = append(all, s)
	}
	return all
}

// metrics sums the series of each metric, whatever their labels but for le: a
// histogram's buckets are NAME_bucket<=LE.
func (s *server) metrics(t *testing.T) map[string]float64 {
	t.Helper()
	all := map[string]float64{}
	s.series(t, func(name, labels string, v float64) {
		if _, le, ok := strings.Cut(labels, `le="`); ok {
			le, _, _ = strings.Cut(le, `"`)
			name += "<=" + le
		}
		all[name] += v
	})
	return all
}

// metric sums the series of a metric, or of one with these very labels:
// name{label="value"}. 0 if it is not there.
func (s *server) metric(t *testing.T, name string) (sum float64) {
	t.Helper()
	s.series(t, func(one, labels string, v float64) {
		if name == one || name == one+"{"+labels+"}" {
			sum += v
		}
	})
	return sum
}

func (s *server) series(t *testing.T, each func(name, labels string, v float64)) {
	t.Helper()
	resp, err := http.Get("http://" + s.admin + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	in := bufio.NewScanner(resp.Body)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		at := strings.LastIndexByte(in.Text(), ' ')
		if at < 0 || in.Text()[0] == '#' {
			continue
		}
		name, labels, _ := strings.Cut(in.Text()[:at], "{")
		v, err := strconv.ParseFloat(in.Text()[at+1:], 64)
		if err != nil {
			t.Fatal(err)
		}
		each(name, strings.TrimSuffix(labels, "}"), v)
	}
}

// status reads a figure of the process from /proc, in kB or as it is.
func (s *server) status(t *testing.T, name string) int64 {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^` + name + `:\s+(\d+)`).FindSubmatch(b)
	if m == nil {
		t.Fatalf("/proc has no %s", name)
	}
	n, _ := strconv.ParseInt(string(m[1]), 10, 64)
	return n
}

// cpu is the processor time that the process has used.
func (s *server) cpu(t *testing.T) time.Duration {
	return time.Duration(s.metric(t, "process_cpu_seconds_total") * float64(time.Second))
}

// eventually asks until the answer is yes.
func eventually(t *testing.T, what string, yes func() bool) {
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

func tail(s string) string { return s[max(0, len(s)-4000):] }

func around(s, what string) string {
	at := strings.Index(s, what)
	return s[max(0, at-200):min(len(s), at+3000)]
}

func quantile(all []time.Duration, q float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[int(float64(len(all)-1)*q)]
}
