package bustest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// Ask runs one command and returns the answer, of a list its items by lines. An
// error that Redis answers fails the test.
func (s *Server) Ask(command ...string) string {
	s.tb.Helper()
	got, err := s.ask(command...)
	if err != nil {
		s.tb.Fatalf("%s: %v", strings.Join(command, " "), err)
	}
	return got
}

func (s *Server) ask(command ...string) (string, error) {
	c, err := net.DialTimeout(s.Network, s.Addr, patience)
	if err != nil {
		return "", err
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(patience)) // an open socket takes one
	var b strings.Builder
	fmt.Fprintf(&b, "*%d\r\n", len(command))
	for _, word := range command {
		fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(word), word)
	}
	if _, err := io.WriteString(c, b.String()); err != nil {
		return "", err
	}
	return answer(bufio.NewReader(c))
}

func answer(r *bufio.Reader) (string, error) {
	line, err := r.ReadString('\n')
	if err != nil {
		return "", err
	}
	line = strings.TrimRight(line, "\r\n")
	kind, rest := line[0], line[1:]
	switch kind {
	case '-':
		return "", fmt.Errorf("redis says %s", rest)
	case '$', '*':
		n, err := strconv.Atoi(rest)
		if err != nil || n < 0 {
			return "", err
		}
		if kind == '$' {
			body := make([]byte, n+2)
			_, err := io.ReadFull(r, body)
			return string(body[:n]), err
		}
		items := make([]string, n)
		for i := range items {
			if items[i], err = answer(r); err != nil {
				return "", err
			}
		}
		return strings.Join(items, "\n"), nil
	}
	return rest, nil
}

// await asks again and again until the answer holds all of want.
func (s *Server) await(command string, want ...string) {
	s.tb.Helper()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for deadline := time.Now().Add(3 * patience); ; <-again.C {
		got, err := s.ask(strings.Fields(command)...)
		missing := ""
		for _, w := range want {
			if !strings.Contains(got, w) {
				missing = w
			}
		}
		if err == nil && missing == "" {
			return
		}
		if time.Now().After(deadline) {
			s.tb.Fatalf("%s at %s: %v, and never %q in\n%s", command, s.Addr, err, missing, got)
		}
	}
}
