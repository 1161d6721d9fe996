package cmd_test

import (
	"context"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/sandlot-server/sandlot/cmd/cmdtest"
	"github.com/sandlot-server/sandlot/net/client"
)

// The first signal lets matches end, the second ends the process at once, not with
// 0: also one that was started with SIGINT ignored, as scripts do in the background.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	s := launch(t, []string{asProgram + "=1"}, "sh", "-c", `trap "" INT; exec "$0" "$@"`, os.Args[0],
		"serve", "--config", write(t, ""), "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--data-dir", t.TempDir(),
		"--lobby-countdown", "50ms", "--lobby-countdown-alone", "50ms", "--limits-drain", "1h")
	playing := make(chan bool, 1)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c, err := client.Dial(ctx, client.Options{URL: s.URL, Name: "ann", Game: "arena", HTTP: cmdtest.HTTP(t), OnState: func(*client.Client) {
		select {
		case playing <- true:
		default:
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { c.Close(); <-c.Done() }()
	wait(t, "a match", playing, func(bool) bool { return true })
	signal := func() {
		t.Helper()
		if err := s.cmd.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
	}
	signal()
	until(t, "it drains", func() bool {
		_, body := ask(t, "GET", s.AdminURL+"/readyz", nil, "")
		return strings.Contains(body, "draining")
	})
	s.ends = 128 + int(syscall.SIGINT)
	signal()
	<-s.over
}
