// Package cmdtest boots the real program within a test: listeners on ports of
// their own, a lobby's waits shortened, everything else as shipped.
//
//	s := cmdtest.Start(t, func(c *cmd.Config) { c.Auth.Guests = false })
//
// Each server's goroutines carry a label, so that its end can be proven beside
// other servers and other tests that run at the same time.
package cmdtest

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/pprof"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/cmd"
	"github.com/sandlot-server/sandlot/net/client"
)

// Secret signs the tokens of servers that Start boots.
const Secret = "cmdtest: a secret of no worth, long enough"

// Server is a running server of a test.
type Server struct {
	URL      string // http://127.0.0.1:PORT
	AdminURL string

	t      testing.TB
	server *cmd.Server
	cancel context.CancelFunc
	label  string
	done   chan struct{} // closed when err is set
	err    error
	log    *Log
}

// Config is what Start boots before it is changed.
func Config(t testing.TB) cmd.Config {
	t.Helper()
	c := cmd.Default()
	c.Listen, c.AdminListen = "127.0.0.1:0", "127.0.0.1:0"
	c.DataDir = t.TempDir()
	c.Auth.Secret = Secret
	c.Log.Level = "debug"
	c.Lobby.Countdown, c.Lobby.CountdownAlone = 50*time.Millisecond, 50*time.Millisecond
	c.Lobby.BotsAfter, c.Lobby.Results, c.Lobby.Reap = 50*time.Millisecond, 200*time.Millisecond, 500*time.Millisecond
	return c
}

var servers atomic.Int64

// Start boots a server; change may be nil. The test's cleanup stops it, and fails
// the test if that was not orderly or left a goroutine behind. The log is shown
// if the test fails.
func Start(t testing.TB, change func(*cmd.Config)) *Server {
	t.Helper()
	c := Config(t)
	if change != nil {
		change(&c)
	}
	log := &Log{}
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.Log.Level))
	server, err := cmd.New(c, slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: level})))
	if err != nil {
		t.Fatalf("boot the server: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{
		URL: Numeric(server.URL()), AdminURL: Numeric(server.AdminURL()), t: t, server: server, cancel: cancel,
		label: fmt.Sprintf("server-%d", servers.Add(1)), done: make(chan struct{}), log: log,
	}
	go pprof.Do(ctx, pprof.Labels("cmdtest", s.label), func(ctx context.Context) {
		s.err = server.Run(ctx)
		close(s.done)
	})
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Errorf("the server did not stop in order: %v", err)
		}
		if t.Failed() {
			t.Logf("log of %s:\n%s", s.URL, log)
		}
	})
	return s
}

// Stop asks the server to stop and waits for its end; more than once is no harm.
// The error is Run's, or says what was left behind.
func (s *Server) Stop() error {
	s.cancel()
	<-s.done
	if s.err != nil {
		return s.err
	}
	// A goroutine that has done its work takes a moment to be gone.
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for range 1000 {
		if labelled(s.label) == "" {
			return nil
		}
		<-look.C
	}
	return fmt.Errorf("goroutines left behind:\n%s", labelled(s.label))
}

// Done is closed when the server has ended.
func (s *Server) Done() <-chan struct{} { return s.done }

// Ready is what the admin port would say.
func (s *Server) Ready() cmd.Readiness { return s.server.Ready() }

// Log is what was logged so far.
func (s *Server) Log() string { return s.log.String() }

// Guest signs in and returns the calls as that player.
func (s *Server) Guest(name string) *client.API {
	s.t.Helper()
	return Guest(s.t, s.URL, name)
}

// Guest signs in at url and returns the calls as that player.
func Guest(t testing.TB, url, name string) *client.API {
	t.Helper()
	api := &client.API{URL: url, HTTP: HTTP(t)}
	g, err := api.Guest(t.Context(), name)
	if err != nil {
		t.Fatalf("sign %s in: %v", name, err)
	}
	api.Token = g.Token
	return api
}

// HTTP is a client whose connections end with the test.
func HTTP(t testing.TB) *http.Client {
	tr := http.DefaultTransport.(*http.Transport).Clone()
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr, Timeout: 10 * time.Second}
}

// labelled lists the goroutines that carry a server's label.
func labelled(label string) string {
	var all bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&all, 1); err != nil {
		return err.Error()
	}
	var left []string
	for _, block := range strings.Split(all.String(), "\n\n") {
		if strings.Contains(block, `"cmdtest":"`+label+`"`) {
			left = append(left, block)
		}
	}
	return strings.Join(left, "\n\n")
}

// Numeric is url without a name to look up: the barest of machines know no
// localhost.
func Numeric(url string) string { return strings.Replace(url, "//localhost:", "//127.0.0.1:", 1) }
