package cmd_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sandlot-server/sandlot/cmd/cmdtest"
)

// A game of somebody else's, in a module of its own with a page of its own,
// becomes a server by the five-line main, and is played.
func TestGameOfAnotherModule(t *testing.T) {
	t.Parallel()
	program := buildOther(t, "testdata/sprint", "example.com/sprint", "./server")
	env := []string{"SANDLOT_AUTH_SECRET=" + cmdtest.Secret, "SANDLOT_LOBBY_COUNTDOWN=50ms", "SANDLOT_LOBBY_RESULTS=100ms"}
	s := launch(t, env, program, "--config", write(t, ""), "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--data-dir", t.TempDir())

	games, err := (cmdtest.Guest(t, s.URL, "ann")).Games(t.Context())
	if err != nil || len(games) != 1 || games[0].Name != "sprint" || games[0].Page != "/games/sprint/" {
		t.Fatalf("its games are %+v, %v", games, err)
	}
	for path, want := range map[string]string{"/games/sprint/": "Press any key", "/games/sprint/sprint.js": "/sdk/sandlot.js", "/": "<!doctype html>"} {
		if resp, body := ask(t, "GET", s.URL+path, nil, ""); resp.StatusCode != 200 || !strings.Contains(strings.ToLower(body), strings.ToLower(want)) ||
			resp.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: %d %s", path, resp.StatusCode, body)
		}
	}

	bots := exec.Command(program, "bots", "--url", s.URL, "--game", "sprint", "--count", "12", "--duration", "8s", "--json")
	out, err := bots.Output()
	if err != nil {
		t.Fatalf("bots: %v\n%s", err, out)
	}
	var got struct{ Connected, Lobbies, Matches, Errors, States int }
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	// A second match in a lobby follows a result of the first.
	if got.Connected != 12 || got.Lobbies != 2 || got.Matches < 4 || got.Errors != 0 || got.States == 0 {
		t.Errorf("bots: %s", out)
	}
}

// buildOther builds a program out of a module of its own, which finds ours where
// it lies and everything else in the module cache: no network is used.
func buildOther(t *testing.T, from, module, main string) string {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	mod := "module " + module + "\n\ngo 1.26\n\nrequire github.com/sandlot-server/sandlot v0.0.0\n\nreplace github.com/sandlot-server/sandlot => " + root + "\n"
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod), 0o600); err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.sum"), sums, 0o600); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "program")
	build := exec.Command("go", "build", "-o", program, main)
	build.Dir = dir
	build.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "GOSUMDB=off")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build a program of another module: %v\n%s", err, out)
	}
	return program
}
