package gametest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
)

// update has a name of its own: a package's tests may well have an -update, and a
// flag that is there twice is a panic.
var update = flag.Bool("gametest.update", false, "write golden files instead of comparing with them")

// updating reports whether files are to be written, by that flag or by the -update
// of the tests that use this package.
func updating() bool {
	theirs := flag.Lookup("update")
	return *update || theirs != nil && theirs.Value.String() == "true"
}

// Golden compares what p's client knows with the file at path, and fails the
// test at the first line that differs. With the flag -gametest.update, or -update
// where the test has that, it writes the file.
func (m *Match) Golden(p game.Player, path string) {
	m.t.Helper()
	got := m.Text(p)
	if updating() {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			m.t.Fatalf("golden view: %v", err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			m.t.Fatalf("golden view: %v", err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		m.t.Fatalf("golden view: %v (run the test with -gametest.update to write it)", err)
	}
	if line, a, b := firstDifference(string(want), got); line > 0 {
		m.t.Errorf("%s:%d: player %d's view at tick %d differs\nwant %s\ngot  %s", path, line, p, m.Tick(), a, b)
	}
}

func firstDifference(want, got string) (line int, a, b string) {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		a, b = "(no more lines)", "(no more lines)"
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			return i + 1, a, b
		}
	}
	return 0, "", ""
}

// Text is what p's client knows, table by table, a row a line. Positions and
// the like are true values, as exact as the client has them.
func (m *Match) Text(p game.Player) string {
	m.t.Helper()
	var out strings.Builder
	fmt.Fprintf(&out, "tick %d, player %d\n", m.Tick(), p)
	for _, t := range m.d.Schema().Tables {
		fmt.Fprintf(&out, "\n%s\n%s", t.Name, rowsText(t, m.client(p).mirror.Table(t.Name)))
	}
	return out.String()
}

// rowsText is a table as a client knows it: a line of names, then a row a line.
func rowsText(t state.TableSchema, rows *state.Rows) string {
	fields := t.Fields
	for _, f := range t.Owner {
		if !hasField(t.Fields, f.Name) { // else it is the other one's remainder
			fields = append(fields[:len(fields):len(fields)], f)
		}
	}
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "id\towner")
	for _, f := range fields {
		fmt.Fprintf(w, "\t%s", f.Name)
	}
	fmt.Fprintln(w)
	for pos := range rows.Len() {
		fmt.Fprintf(w, "%d\t%d", rows.ID(pos), rows.Owner(pos))
		for _, f := range fields {
			fmt.Fprintf(w, "\t%s", cell(rows, pos, f))
		}
		fmt.Fprintln(w)
	}
	w.Flush() // into memory: it cannot fail
	return out.String()
}

func hasField(fields []state.Field, name string) bool {
	for _, f := range fields {
		if f.Name == name {
			return true
		}
	}
	return false
}

func cell(rows *state.Rows, pos int, f state.Field) string {
	i, _, ok := rows.Field(f.Name)
	switch {
	case !ok:
		return "?"
	case f.Kind == state.String:
		return fmt.Sprintf("%q", rows.Str(pos, i))
	case f.Len == 0:
		return fmt.Sprint(rows.Int(pos, i))
	}
	var b strings.Builder
	for e := range f.Len {
		fmt.Fprintf(&b, "%d ", rows.Elem(pos, i, e))
	}
	return strings.TrimSpace(b.String())
}
