package lobby

import (
	"cmp"
	"slices"

	"github.com/sandlot-server/sandlot/net/wire"
)

// sequence puts numbered messages in order, each once. It is arithmetic.
type sequence struct {
	epoch  uint64
	newest uint64         // the offset given out last; 0: none
	first  uint64         // who comes anew begins with this one at the latest; 0: not known
	held   []wire.ChatOut // not given out yet, ascending, at most 2×chatKept
	last   []wire.ChatOut // given out, at most chatKept
}

// offer takes a message that may be old, early or known.
func (s *sequence) offer(c wire.ChatOut) {
	if c.Epoch < s.epoch {
		return
	}
	if c.Epoch > s.epoch { // a lobby's epoch changes only if its home forgot all
		s.epoch, s.newest, s.first, s.held = c.Epoch, 0, 0, nil
	}
	if c.Offset <= s.newest {
		return
	}
	i, known := slices.BinarySearchFunc(s.held, c.Offset, func(h wire.ChatOut, o uint64) int { return cmp.Compare(h.Offset, o) })
	if known {
		return
	}
	s.held = slices.Insert(s.held, i, c)
	if len(s.held) > 2*chatKept {
		s.held = slices.Delete(s.held, 0, 1) // receivers see the jump
	}
}

// take gives out what is in order; with force also what lies beyond a gap.
func (s *sequence) take(force bool) (ready []wire.ChatOut) {
	n := 0
	for _, c := range s.held {
		start := s.newest == 0 && (c.Offset == 1 || c.Offset <= s.first)
		if !force && !start && c.Offset != s.newest+1 {
			break
		}
		s.newest = c.Offset
		n++
	}
	ready = slices.Clone(s.held[:n])
	s.held = slices.Delete(s.held, 0, n)
	s.last = append(s.last, ready...)
	if over := len(s.last) - chatKept; over > 0 {
		s.last = slices.Delete(s.last, 0, over)
	}
	return ready
}

// waiting says whether something lies beyond a gap.
func (s *sequence) waiting() bool { return len(s.held) > 0 }

// begins says where the messages begin that are kept. Of an epoch that is not
// known yet it says nothing.
func (s *sequence) begins(epoch, first uint64) {
	if epoch == s.epoch {
		s.first = first
	}
}

// behind says whether a head is ahead of what was given out.
func (s *sequence) behind(epoch, offset uint64) bool {
	return epoch > s.epoch || epoch == s.epoch && offset > s.newest
}
