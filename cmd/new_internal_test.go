package cmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A program finds the source that make built it in, and nothing else.
func TestSourceAbove(t *testing.T) {
	dir := t.TempDir()
	program, file := filepath.Join(dir, "bin", "sandlot"), filepath.Join(dir, "go.mod")
	if got := sourceAbove(program); got != "" {
		t.Errorf("beside nothing: %q", got)
	}
	for mod, want := range map[string]string{
		"module example.com/other\n":                  "",
		"module " + sandlotModule + "/more\n":         "",
		"module " + sandlotModule + "\n\ngo 1.26\n":   dir,
		"module " + sandlotModule + "\r\n\r\ngo 1.26": dir,
	} {
		if err := os.WriteFile(file, []byte(mod), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := sourceAbove(program); got != want {
			t.Errorf("with %q: %q, want %q", mod, got, want)
		}
	}
}

func TestGoModOfSpacedFolder(t *testing.T) {
	v := &newVerb{Name: "hunt", Module: "example.com/hunt", Replace: "/a folder/sandlot"}
	if mod := v.goMod(); !strings.Contains(mod, "replace "+sandlotModule+" => \"/a folder/sandlot\"\n") {
		t.Error(mod)
	}
}
