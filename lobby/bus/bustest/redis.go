package bustest

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Redis is a redis-server of one test, on a unix socket in a folder of its own.
// It keeps nothing on disk, so that it comes back empty.
type Redis struct {
	URL string

	tb     testing.TB
	dir    string
	server *exec.Cmd
}

// StartRedis starts a redis-server from PATH and stops it when the test ends. A
// missing one fails the test.
func StartRedis(tb testing.TB) *Redis {
	tb.Helper()
	dir, err := os.MkdirTemp("", "redis") // a short path: sockets allow about 100 bytes
	if err != nil {
		tb.Fatal(err)
	}
	r := &Redis{tb: tb, dir: dir, URL: "unix://" + filepath.Join(dir, "s")}
	tb.Cleanup(func() {
		r.Kill()
		os.RemoveAll(dir)
	})
	r.Start()
	return r
}

// Start starts it again after Kill, empty, and waits until it answers.
func (r *Redis) Start() {
	r.tb.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		r.tb.Fatal("redis-server is not installed: apt-get install redis-server")
	}
	r.server = exec.Command(path, "--port", "0", "--unixsocket", filepath.Join(r.dir, "s"), "--save", "",
		"--appendonly", "no", "--daemonize", "no", "--dir", r.dir, "--logfile", "")
	out, err := r.server.StdoutPipe()
	if err != nil {
		r.tb.Fatal(err)
	}
	if err := r.server.Start(); err != nil {
		r.tb.Fatalf("start redis-server: %v", err)
	}
	var said bytes.Buffer
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		said.WriteString(line)
		if strings.Contains(line, "eady to accept connections") {
			break
		}
		if err != nil {
			r.tb.Fatalf("redis-server did not start:\n%s", said.String())
		}
	}
	go func() { _, _ = io.Copy(io.Discard, lines) }() // ends with the process
}

// Kill ends it at once, as a crash would.
func (r *Redis) Kill() {
	if r.server == nil {
		return
	}
	_ = r.server.Process.Kill() // may have ended
	_ = r.server.Wait()         // says how it ended, which is known
	r.server = nil
}

// Hang makes it stop answering without ending; Thaw lets it go on.
func (r *Redis) Hang() { r.signal(syscall.SIGSTOP) }

// Thaw lets it go on.
func (r *Redis) Thaw() { r.signal(syscall.SIGCONT) }

func (r *Redis) signal(s syscall.Signal) {
	r.tb.Helper()
	if err := r.server.Process.Signal(s); err != nil {
		r.tb.Fatal(err)
	}
}
