package hostile

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
)

// A line is one attack and what came of it.
type line struct{ group, input, want, got string }

// lines collects them for the table at the end.
type lines struct {
	mu  sync.Mutex
	all []line
}

var table lines

// check is one line of the suite: it fails the test unless got is want.
func check(t *testing.T, group, input string, want, got any) {
	t.Helper()
	w, g := fmt.Sprint(want), fmt.Sprint(got)
	table.mu.Lock()
	table.all = append(table.all, line{group, input, w, g})
	table.mu.Unlock()
	if w != g {
		t.Errorf("%s: want %s, got %s", input, w, g)
	}
}

// holds is check for a bound: want says it in words.
func holds(t *testing.T, group, input, want, got string, ok bool) {
	t.Helper()
	mark := ""
	if !ok {
		mark = "  ← not so"
		t.Errorf("%s: want %s, got %s", input, want, got)
	}
	table.mu.Lock()
	table.all = append(table.all, line{group, input, want, got + mark})
	table.mu.Unlock()
}

func (l *lines) print(w io.Writer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	slices.SortStableFunc(l.all, func(a, b line) int { return cmp.Compare(a.group, b.group) })
	width := [3]int{}
	for _, r := range l.all {
		for i, s := range []string{r.group, r.input, r.want} {
			width[i] = min(max(width[i], len([]rune(s))), 72)
		}
	}
	for _, r := range l.all {
		fmt.Fprintf(w, "| %-*s | %-*s | %-*s | %s\n", width[0], r.group, width[1], r.input, width[2], r.want, r.got)
	}
}

// note is a line that was measured and not judged.
func (l *lines) note(group, input, want, got string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, line{group, input, want, got})
}
