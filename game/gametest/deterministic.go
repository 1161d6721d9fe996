package gametest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
)

// Deterministic reads the Go packages that match patterns (as for go build), and
// those of the same module that they import, and fails the test for each place
// where two runs of a game could part: the clock, ranging over a map, go
// statements, channels, chance or an environment that is not the match's own,
// and writes to package-level variables, which matches would share. Test files
// are not read, nor is Sandlot's own package game.
//
// A place that is known to be harmless, such as a map whose keys are sorted
// next, takes a comment on its line or the one before:
//
//	//gametest:ok the keys are sorted below
//
// It finds what is written plainly and follows no value; the runs of [Conform]
// are the other half. Floating point passes: it is equal on equal machines.
func Deterministic(t testing.TB, patterns ...string) {
	t.Helper()
	found, err := scan(false, patterns...)
	if err != nil {
		t.Fatalf("gametest: %v", err)
	}
	for _, f := range found {
		t.Error(f)
	}
}

// deterministic checks the package that a game's type is from. In an external
// test package, functions that take a testing.T and the like are not read.
func deterministic(t testing.TB, g game.Game) {
	t.Helper()
	path := reflect.TypeOf(g).Elem().PkgPath()
	inTests := strings.HasSuffix(path, "_test")
	if path == "main" {
		path = "." // tests run in their package's folder
	}
	found, err := scan(inTests, path)
	if err != nil {
		t.Fatalf("gametest: %v", err)
	}
	for _, f := range found {
		t.Error(f)
	}
}

// framework is what a game imports of Sandlot: it has its own tests.
var framework = []string{
	reflect.TypeFor[game.Runner]().PkgPath(),
	reflect.TypeFor[state.Schema]().PkgPath(),
	reflect.TypeFor[Match]().PkgPath(),
}

// scan returns what it finds, one place a line, in the order of the source. In
// tests it reads the external test packages of that name instead.
func scan(tests bool, patterns ...string) ([]string, error) {
	if tests {
		return scanTests(patterns)
	}
	roots, err := load(packages.NeedName|packages.NeedImports|packages.NeedDeps|packages.NeedModule, false, patterns)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, p := range roots {
		paths = sameModule(p, p.Module, paths)
	}
	if len(paths) == 0 {
		return nil, nil // Sandlot's own, all of it
	}
	pkgs, err := load(packages.LoadSyntax, false, paths)
	if err != nil {
		return nil, err
	}
	return scanAll(pkgs), nil
}

func scanTests(paths []string) ([]string, error) {
	var dirs []string
	for _, p := range paths {
		dirs = append(dirs, strings.TrimSuffix(p, "_test"))
	}
	pkgs, err := load(packages.LoadSyntax, true, dirs)
	if err != nil {
		return nil, err
	}
	return scanAll(slices.DeleteFunc(pkgs, func(p *packages.Package) bool { return !slices.Contains(paths, p.PkgPath) })), nil
}

func load(mode packages.LoadMode, tests bool, patterns []string) ([]*packages.Package, error) {
	pkgs, err := packages.Load(&packages.Config{Mode: mode, Tests: tests}, patterns...)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", strings.Join(patterns, " "), err)
	}
	if len(pkgs) == 0 {
		return nil, fmt.Errorf("load %s: no such packages", strings.Join(patterns, " "))
	}
	for _, p := range pkgs {
		if len(p.Errors) > 0 {
			return nil, fmt.Errorf("load %s: %w", p.PkgPath, p.Errors[0])
		}
	}
	return pkgs, nil
}

// sameModule adds p and what it imports of its module, each once.
func sameModule(p *packages.Package, in *packages.Module, paths []string) []string {
	if slices.Contains(framework, p.PkgPath) || slices.Contains(paths, p.PkgPath) {
		return paths
	}
	if in != nil && (p.Module == nil || p.Module.Path != in.Path) {
		return paths
	}
	paths = append(paths, p.PkgPath)
	if in == nil {
		return paths
	}
	for _, imported := range p.Imports {
		paths = sameModule(imported, in, paths)
	}
	slices.Sort(paths)
	return paths
}

func scanAll(pkgs []*packages.Package) []string {
	var found []string
	for _, p := range pkgs {
		for _, file := range p.Syntax {
			s := scanner{pkg: p, ok: excuses(p.Fset, file)}
			s.file(file)
			found = append(found, s.found...)
		}
	}
	return found
}
