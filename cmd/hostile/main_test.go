package hostile

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// programs are the victims: plain is what ships, for what is measured; watched
// has the race detector if this test has it.
var programs struct{ plain, watched string }

func TestMain(m *testing.M) { os.Exit(runAll(m)) }

func runAll(m *testing.M) int {
	dir, err := os.MkdirTemp("", "hostile")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	programs.plain = filepath.Join(dir, "sandlot")
	programs.watched = programs.plain
	if err := build(programs.plain, "CGO_ENABLED=0", "-trimpath", "-ldflags=-s -w"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if raced {
		programs.watched = filepath.Join(dir, "sandlot-race")
		if err := build(programs.watched, "CGO_ENABLED=1", "-race"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	code := m.Run()
	for _, s := range shared.running() {
		if err := s.stop(); err != nil {
			fmt.Fprintln(os.Stderr, "a server that many tests attacked:", err)
			code = 1
		}
	}
	if testing.Verbose() {
		table.print(os.Stdout)
	}
	return code
}

func build(to, env string, flags ...string) error {
	args := append([]string{"build", "-o", to}, flags...) // what make built is in the cache
	c := exec.Command("go", append(args, "./testdata/victim")...)
	c.Env = append(os.Environ(), env)
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("build the program to attack: %w\n%s", err, out)
	}
	return nil
}
