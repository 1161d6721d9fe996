package gametest

import (
	"bufio"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func TestDeterministicPassesCleanSource(t *testing.T) {
	Deterministic(t, "./testdata/clean")
}

var (
	place = regexp.MustCompile(`^(.*\.go):(\d+):\d+: (.*)$`)
	want  = regexp.MustCompile(`// want(-above)?((?: "[^"]+")+)`)
	quote = regexp.MustCompile(`"([^"]+)"`)
)

// TestDeterministicFinds holds the findings equal to the want comments in the source.
func TestDeterministicFinds(t *testing.T) {
	found, err := scan(false, "./testdata/dirty")
	if err != nil {
		t.Fatal(err)
	}
	wanted := wants(t, "testdata/dirty/dirty.go", "testdata/dirty/helper/helper.go")
	for _, f := range found {
		m := place.FindStringSubmatch(f)
		if m == nil {
			t.Fatalf("not file:line:column: message: %s", f)
		}
		line := m[1] + ":" + m[2]
		rest, ok := take(wanted[line], m[3])
		if !ok {
			t.Errorf("unexpected: %s", f)
		}
		wanted[line] = rest
	}
	for line, left := range wanted {
		for _, w := range left {
			t.Errorf("%s: nothing found that says %q", line, w)
		}
	}
}

func TestDeterministicNamesPackagesThatDoNotLoad(t *testing.T) {
	if _, err := scan(false, "./testdata/none"); err == nil || !strings.Contains(err.Error(), "testdata/none") {
		t.Errorf("got %v", err)
	}
}

func wants(t *testing.T, files ...string) map[string][]string {
	wanted := map[string][]string{}
	for _, name := range files {
		f, err := os.Open(filepath.FromSlash(name))
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(f)
		for n := 1; lines.Scan(); n++ {
			m := want.FindStringSubmatch(lines.Text())
			if m == nil {
				continue
			}
			at := n
			if m[1] != "" {
				at--
			}
			for _, q := range quote.FindAllStringSubmatch(m[2], -1) {
				key := name + ":" + strconv.Itoa(at)
				wanted[key] = append(wanted[key], q[1])
			}
		}
		f.Close()
	}
	return wanted
}

// take removes the first of left that message contains.
func take(left []string, message string) ([]string, bool) {
	for i, w := range left {
		if strings.Contains(message, w) {
			return append(left[:i:i], left[i+1:]...), true
		}
	}
	return left, false
}
