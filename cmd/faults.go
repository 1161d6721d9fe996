package cmd

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Fault is one thing wrong with a configuration.
type Fault struct {
	Where   string // config.toml:12, --listen or SANDLOT_LISTEN; empty where nothing was set
	Line    int    // in the file, 0 if it does not come from there
	Key     string // auth.secret, empty if it is about the whole
	Message string
}

// String is the fault as one line: where, key, message.
func (f Fault) String() string {
	parts := make([]string, 0, 3)
	for _, p := range []string{f.Where, f.Key, f.Message} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ": ")
}

// Faults is the error of a configuration that was refused: everything that is
// wrong with it, at once.
type Faults []Fault

// Error is a line a fault.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, one := range f {
		lines[i] = "  " + one.String()
	}
	return fmt.Sprintf("the configuration is refused, %d at fault:\n%s", len(f), strings.Join(lines, "\n"))
}

// err is f as an error, nil if it is empty. The file's come first, by line.
func (f Faults) err() error {
	if len(f) == 0 {
		return nil
	}
	slices.SortStableFunc(f, func(a, b Fault) int {
		if (a.Line == 0) != (b.Line == 0) {
			return cmp.Compare(b.Line, a.Line)
		}
		return cmp.Compare(a.Line, b.Line)
	})
	return f
}
