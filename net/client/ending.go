package client

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Close codes with a rule of their own.
const (
	codeBye     = 1000
	codeLost    = 1006 // no close frame came
	codeMoved   = 4001
	codeExpired = 4010
)

// Ending is why a connection ended, read from its close frame: it is the error
// of a client that is not to come back.
type Ending struct {
	Code   uint16
	Word   string
	After  time.Duration // wait at least so long before coming back
	URL    string        // with 4001: where to go
	Detail string        // what else the server says, a word for programs; may be empty
	Err    error         // with 1006: what broke the connection
}

// Error implements error.
func (e *Ending) Error() string {
	text := fmt.Sprintf("connection ended: %d %s", e.Code, e.Word)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives what broke the connection.
func (e *Ending) Unwrap() error { return e.Err }

// ParseEnding reads a close frame's text: the word, then key=value pairs after
// semicolons. What it does not know it passes over.
func ParseEnding(code uint16, text string) *Ending {
	e := &Ending{Code: code}
	word, rest, _ := strings.Cut(text, ";")
	e.Word = word
	// A URL may hold semicolons, and is always last.
	if before, url, ok := strings.Cut(";"+rest, ";url="); ok {
		e.URL, rest = url, before
	}
	for pair := range strings.SplitSeq(rest, ";") {
		if s, ok := strings.CutPrefix(pair, "after="); ok {
			if n, err := strconv.Atoi(s); err == nil && n > 0 && n <= 86400 {
				e.After = time.Duration(n) * time.Second
			}
		} else if pair != "" && !strings.Contains(pair, "=") && e.Detail == "" {
			e.Detail = pair
		}
	}
	return e
}

// ComeBack reports whether a client that was closed with code should come
// back, by the table of PROTOCOL.md. Of a code that no table has, the hundreds
// decide: 4000 to 4499 come back.
func ComeBack(code uint16) bool {
	switch code {
	case 1001, 1005, 1006, 1011, 1012, 1013:
		return true
	}
	return code >= 4000 && code <= 4499
}
