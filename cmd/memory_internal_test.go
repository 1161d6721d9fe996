package cmd

import (
	"os"
	"path/filepath"
	"testing"
)

// The least limit of a process's groups counts, wherever in the tree it stands.
func TestCgroupLimit(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("self", "0::/a/b\n")
	put("v1", "3:memory:/a\n2:cpu:/\n")
	put("root/a/memory.max", "1073741824\n")
	put("root/a/b/memory.max", "max\n")
	put("deep/a/memory.max", "max\n")
	put("deep/a/b/memory.max", "268435456\n")
	put("free/a/memory.max", "max\n")
	for _, tc := range []struct {
		self, root string
		want       int64
	}{
		{"self", "root", 1 << 30}, {"self", "deep", 1 << 28}, {"self", "free", 0}, {"v1", "root", 0}, {"none", "root", 0},
	} {
		if got := cgroupLimit(filepath.Join(dir, tc.self), filepath.Join(dir, tc.root)); got != tc.want {
			t.Errorf("%s in %s: %d, want %d", tc.self, tc.root, got, tc.want)
		}
	}
}

// Addresses as limits count them.
func TestAddressOf(t *testing.T) {
	for remote, want := range map[string]string{
		"203.0.113.5:1": "203.0.113.5/32", "[2001:db8:1:2:3::4]:5": "2001:db8:1:2::/64", "[::ffff:203.0.113.5]:1": "203.0.113.5/32",
		"127.0.0.1:1": "exempt", "[::1]:1": "exempt", "[fe80::1%eth0]:1": "fe80::/64", stranger: "invalid Prefix", "": "invalid Prefix",
	} {
		p, exempt := addressOf(remote)
		got := p.String()
		if exempt {
			got = "exempt"
		}
		if got != want {
			t.Errorf("%q is %s, want %s", remote, got, want)
		}
	}
}
