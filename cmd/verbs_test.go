package cmd_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sandlot-server/sandlot/cmd"
	"github.com/sandlot-server/sandlot/cmd/cmdtest"
	"github.com/sandlot-server/sandlot/net/client"
)

func TestVersion(t *testing.T) {
	code, out, _ := run(t, "version")
	if code != 0 || !strings.HasPrefix(out, "sandlot ") || !strings.Contains(out, "go1.") {
		t.Errorf("%d %q", code, out)
	}
}

func TestCheckConfigNamesAllFaults(t *testing.T) {
	file := write(t, "colour = 1\n[log]\nlevel = \"loud\"\n")
	code, out, errOut := run(t, "check-config", "--config", file, "--limits-ping", "often")
	if code != 2 || out != "" {
		t.Errorf("exit code %d, output %q", code, out)
	}
	for _, want := range []string{"3 at fault", "config.toml:1: colour", "config.toml:3: log.level", "--limits-ping: limits.ping"} {
		if !strings.Contains(errOut, want) {
			t.Errorf("missing %q in\n%s", want, errOut)
		}
	}
}

func TestCheckConfigPrintsNoSecret(t *testing.T) {
	secret := strings.Repeat("geheim", 8)
	code, out, errOut := run(t, "check-config", "--auth-secret", secret, "--print", "--config", write(t, ""))
	if code != 0 || strings.Contains(out+errOut, "geheim") || !strings.Contains(out, "[limits]") {
		t.Errorf("%d\n%s\n%s", code, out, errOut)
	}
}

func TestServeRefusesRedisWithoutAKey(t *testing.T) {
	code, out, errOut := run(t, "serve", "--redis-url", "redis://127.0.0.1:1/0", "--config", write(t, ""))
	want := "instances that share a Redis must share the key that signs tokens: set auth.secret or auth.secret_file, the same on all"
	if code != 2 || out != "" || !strings.Contains(errOut, want) {
		t.Errorf("%d\n%s\n%s", code, out, errOut)
	}
}

func TestUnknownFlagAndVerb(t *testing.T) {
	for _, args := range [][]string{{"--lisen", ":1"}, {"dance"}, {"token"}} {
		if code, _, errOut := run(t, args...); code != 2 || errOut == "" {
			t.Errorf("%v: exit code %d, %q", args, code, errOut)
		}
	}
	for _, ask := range [][]string{{"bots", "--help"}, {"help", "bots"}} {
		if code, out, _ := run(t, ask...); code != 0 || !strings.Contains(out, "snapshotIntervalMs") {
			t.Errorf("%v: %d\n%s", ask, code, out)
		}
	}
	if code, out, _ := run(t, "help"); code != 0 || !strings.Contains(out, "check-config") {
		t.Errorf("help: %d\n%s", code, out)
	}
	if code, out, _ := run(t, "help", "serve"); code != 0 || !strings.Contains(out, "Configuration, section log:") {
		t.Errorf("help serve: %d\n%s", code, out)
	}
	for want, args := range map[string][]string{
		"--duration must be above 0": {"--duration", "0s"}, "is not within --duration 5s": {"--drop", "5s", "--duration", "5s"},
		"--drop -1s": {"--drop=-1s"}, "one of --lobby": {"--queue", "duel", "--lobby", "ABCD"}, "--quick-play and --queue": {"--quick-play", "--queue", "duel"},
	} {
		if code, _, errOut := run(t, append([]string{"bots"}, args...)...); code != 1 || !strings.Contains(errOut, want) {
			t.Errorf("bots %v: %d %s, want %q", args, code, errOut, want)
		}
	}
	if code, _, errOut := run(t, "bots", "--game", "chess"); code != 1 || !strings.Contains(errOut, "it has arena, fours") {
		t.Errorf("bots of an unknown game: %d %s", code, errOut)
	}
}

func TestSecretIsMadeOnceAndKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	none := write(t, "")
	issue := func() string {
		code, out, errOut := run(t, "token", "--name", "ann", "--config", none, "--data-dir", dir)
		if code != 0 {
			t.Fatalf("token: %s", errOut)
		}
		return strings.TrimSpace(out)
	}
	token := issue()
	info, err := os.Stat(filepath.Join(dir, "secret"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the secret's file: %v %v", info, err)
	}
	s := cmdtest.Start(t, func(c *cmd.Config) { c.Auth.Secret, c.DataDir = "", dir })
	for _, token := range []string{token, issue()} {
		api := &client.API{URL: s.URL, Token: token, HTTP: cmdtest.HTTP(t)}
		if _, err := api.Create(t.Context(), client.CreateOptions{Game: "arena"}); err != nil {
			t.Errorf("the token is not taken: %v", err)
		}
	}
	if code, _, errOut := run(t, "token", "--name", "ann", "--ttl", "9999h", "--config", none, "--data-dir", dir); code != 1 || !strings.Contains(errOut, "auth.lifetime") {
		t.Errorf("a token for a year: %d %s", code, errOut)
	}
	for want, flag := range map[string]string{"--ttl 0s": "--ttl=0s", "--ttl -1h0m0s": "--ttl=-1h", "--id": "--id=" + strings.Repeat("x", 129)} {
		if code, _, errOut := run(t, "token", "--name", "ann", flag, "--config", none, "--data-dir", dir); code != 1 || !strings.Contains(errOut, want) {
			t.Errorf("token %s: %d %s", flag, code, errOut)
		}
	}
	if strings.Contains(s.Log(), token) {
		t.Error("the log holds a token")
	}
}

// Whoever has a server running and starts another is told which flags help.
func TestTakenPortNamesTheFlags(t *testing.T) {
	s := cmdtest.Start(t, nil)
	taken := strings.TrimPrefix(s.URL, "http://")
	for _, ports := range [][2]string{{taken, "127.0.0.1:0"}, {"127.0.0.1:0", taken}} {
		code, _, errOut := run(t, "serve", "--listen", ports[0], "--admin-listen", ports[1], "--config", write(t, ""), "--data-dir", t.TempDir())
		if code != 1 || !strings.Contains(errOut, "--listen :7780 --admin-listen") {
			t.Errorf("on %v: %d %s", ports, code, errOut)
		}
	}
}

func TestNamedSecretFileMustBeThere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "typo")
	code, _, errOut := run(t, "token", "--name", "ann", "--auth-secret-file", file, "--config", write(t, ""))
	if code != 1 || !strings.Contains(errOut, "auth.secret_file") {
		t.Errorf("%d %s", code, errOut)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("it was made")
	}
}
