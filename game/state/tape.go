package state

import "errors"

// Tape is a Sink that keeps its elements for a Source in the same process: a
// Mirror that is fed without a wire. The zero value is empty. It has no bound
// of its own: it is as long as the messages written to it.
type Tape struct {
	elements []element
	source   tapeSource
}

type element struct {
	isStr bool
	i     int64
	s     string
}

// Int implements Sink.
func (t *Tape) Int(v int64) { t.elements = append(t.elements, element{i: v}) }

// Str implements Sink.
func (t *Tape) Str(s string) { t.elements = append(t.elements, element{isStr: true, s: s}) }

// Len is the number of elements written.
func (t *Tape) Len() int { return len(t.elements) }

// Reset empties the tape and keeps its memory.
func (t *Tape) Reset() {
	clear(t.elements)
	t.elements = t.elements[:0]
}

// Source reads the tape from its start. It is valid until the next Source or
// Reset.
func (t *Tape) Source() Source {
	t.source = tapeSource{rest: t.elements}
	return &t.source
}

type tapeSource struct {
	rest []element
	err  error
}

var errTape = errors.New("read tape: not the element that is due")

func (s *tapeSource) take(str bool) element {
	if len(s.rest) == 0 || s.rest[0].isStr != str {
		s.rest, s.err = nil, errTape
		return element{}
	}
	e := s.rest[0]
	s.rest = s.rest[1:]
	return e
}

func (s *tapeSource) Int() int64 { return s.take(false).i }

func (s *tapeSource) Str(max int) string {
	e := s.take(true)
	if len(e.s) > max {
		s.rest, s.err = nil, errTape
		return ""
	}
	return e.s
}

func (s *tapeSource) More() bool { return len(s.rest) > 0 }

func (s *tapeSource) Err() error { return s.err }
