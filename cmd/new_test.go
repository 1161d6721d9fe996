package cmd_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/sandlot-server/sandlot/cmd/cmdtest"
)

// Where the starting point of a game is printed, whole.
const (
	readme = "../assets/sdk/README.md"
	manual = "../game/doc.go"
)

// The order in which its files are printed.
var printed = []string{"rules.go", "bot.go", "rules_test.go", "server/main.go", "web/index.html", "web/play.js"}

// sandlot new, in a folder of its own.
func TestNew(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	code, out, errOut := run(t, "new", "hunt", "--replace", root)
	if code != 0 || !strings.Contains(out, "cd hunt\n") || !strings.Contains(out, "go run ./server") || errOut != "" {
		t.Fatalf("%d\n%s\n%s", code, out, errOut)
	}
	for _, name := range append(printed, "go.mod") {
		if _, err := os.Stat(filepath.Join("hunt", name)); err != nil {
			t.Error(err)
		}
	}
	for file, want := range map[string]string{
		"go.mod": "module example.com/hunt\n", "rules.go": "package hunt\n", "bot.go": `Register("hunt"`, "rules_test.go": `"example.com/hunt"`,
		"server/main.go": `_ "example.com/hunt"`, "web/index.html": "<title>Hunt</title>", "web/play.js": "quickPlay('hunt')",
	} {
		if text, _ := os.ReadFile(filepath.Join("hunt", file)); !strings.Contains(string(text), want) {
			t.Errorf("%s lacks %s:\n%s", file, want, text)
		}
	}
	if err := os.WriteFile("hunt/rules.go", []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errOut := run(t, "new", "hunt"); code != 1 || !strings.Contains(errOut, "hunt is there already") {
		t.Errorf("over what is there: %d %s", code, errOut)
	}
	if text, _ := os.ReadFile("hunt/rules.go"); string(text) != "mine" {
		t.Error("it wrote over a file")
	}
	for _, args := range [][]string{
		{""}, {"Hunt"}, {"9lives"}, {"a-b"}, {"../up"}, {"func"}, {"main"}, {"server"}, {strings.Repeat("a", 33)}, {"ok", "--module", "example.com/other"}, {"ok", "--module", "a b/ok"}, {"ok", "--replace", "."},
	} {
		if code, _, errOut := run(t, append([]string{"new"}, args...)...); code == 0 || errOut == "" {
			t.Errorf("new %q: %d %s", args, code, errOut)
		}
	}
	if left, _ := os.ReadDir("."); len(left) != 1 {
		t.Errorf("refused names left %v", left)
	}
}

// What is printed for people is what the program writes.
func TestStartingPointIsPrinted(t *testing.T) {
	files, lines := map[string]string{}, 0
	for _, name := range printed {
		source := filepath.Join("starter", name)
		if filepath.Ext(name) == ".go" {
			source += ".txt"
		}
		text, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(text)
		lines += strings.Count(files[name], "\n")
	}
	if lines >= 150 {
		t.Errorf("the whole game has %d lines, want fewer than 150", lines)
	}
	var page, comment strings.Builder
	for _, name := range printed {
		page.WriteString("`" + name + "`:\n\n```" + strings.TrimPrefix(filepath.Ext(name), ".") + "\n" + files[name] + "```\n\n")
		comment.WriteString("// " + name + ":\n//\n")
		for line := range strings.Lines(files[name]) {
			comment.WriteString(strings.TrimRight("//\t"+line, "\t\n") + "\n")
		}
		comment.WriteString("//\n")
	}
	holds(t, readme, regexp.MustCompile("(?s)(?:TUTORIAL\n\n|`rules.go`:\n.*?\n```\n\n)(`go mod tidy)"), page.String()+"$1")
	holds(t, manual, regexp.MustCompile(`(?s)(// # A whole game\n//\n.*?in your module\.\n//\n).*?(// # What players do\n)`), "${1}"+comment.String()+"${2}")
}

// holds fails if a file does not print something, or with -update makes it.
func holds(t *testing.T, file string, place *regexp.Regexp, with string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !place.Match(text) {
		t.Fatalf("%s has no place for it", file)
	}
	want := place.ReplaceAllString(string(text), with)
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(text) {
		t.Errorf("%s does not print what sandlot new writes; run with -update", file)
	}
}

// The game that the README prints, typed into an empty folder as it stands
// there, is built as a module of its own, tested, served and played.
func TestPrintedGameIsPlayed(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	from := t.TempDir()
	for _, m := range regexp.MustCompile("(?s)`([a-z_./]+)`:\n\n```[a-z]+\n(.*?)```\n").FindAllStringSubmatch(string(text), -1) {
		file := filepath.Join(from, filepath.FromSlash(m[1]))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(m[2]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	program := buildOther(t, from, "example.com/gems", "./server")
	test := exec.Command("go", "test", "./...")
	test.Dir = filepath.Dir(program)
	test.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "GOSUMDB=off")
	if out, err := test.CombinedOutput(); err != nil {
		t.Fatalf("its test: %v\n%s", err, out)
	}

	env := []string{"SANDLOT_AUTH_SECRET=" + cmdtest.Secret, "SANDLOT_LOBBY_COUNTDOWN=50ms", "SANDLOT_LOBBY_RESULTS=100ms"}
	s := launch(t, env, program, "--config", write(t, ""), "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--data-dir", t.TempDir())
	for path, want := range map[string]string{"/games/gems/": "<title>Gems</title>", "/games/gems/play.js": "/sdk/sandlot.js"} {
		if resp, body := ask(t, "GET", s.URL+path, nil, ""); resp.StatusCode != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: %d %s", path, resp.StatusCode, body)
		}
	}
	bots := exec.Command(program, "bots", "--url", s.URL, "--game", "gems", "--count", "8", "--duration", "15s", "--json")
	out, err := bots.Output()
	if err != nil {
		t.Fatalf("bots: %v\n%s", err, out)
	}
	var got struct{ Connected, Matches, Errors, States int }
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	// A second match follows the end of a first.
	if got.Connected != 8 || got.Matches < 2 || got.Errors != 0 || got.States == 0 {
		t.Errorf("bots: %s", out)
	}
}
