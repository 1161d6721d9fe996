package game

import (
	"errors"
	"fmt"
	"strings"
)

// faults collects what is wrong with a game, so that all of it is said at once.
type faults []string

func (f *faults) add(format string, args ...any) { *f = append(*f, fmt.Sprintf(format, args...)) }

// lines adds an error that has one fault a line.
func (f *faults) lines(prefix string, err error) {
	for line := range strings.SplitSeq(err.Error(), "\n") {
		*f = append(*f, prefix+line)
	}
}

// err is nil without faults, else has one a line.
func (f faults) err() error {
	if len(f) == 0 {
		return nil
	}
	return errors.New(strings.Join(f, "\n"))
}
