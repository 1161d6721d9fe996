package session

import (
	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// maxInputs bounds the queue between two ticks. When full, the oldest gives
// way and is counted; what it pressed, the next presses.
const maxInputs = 8

// inputs is what a client sent since the last Group.Read, decoded. Its memory
// is made at the first input and used again.
type inputs struct {
	ring []queued
	head int
	n    int

	newest  uint32 // number of the newest that came, whatever became of it
	gated   bool   // a match began: those still on their way belong to the last one
	handed  uint32 // number of the newest handed to the match, in its counting
	floor   uint32 // handed by this player's sessions before this one
	offset  uint32 // added to the client's numbers: it began again at 1
	started bool   // one was handed to the match by this session

	lost    bool    // since the newest in the ring came, some did that are not in it
	press   []int   // where in the fields what is pressed is
	pressed []int64 // by inputs that were lost since the newest in the ring, by press
}

type queued struct {
	seq, viewed uint32
	fields      []state.Value
}

// begin makes the memory.
func (q *inputs) begin(m *state.Message) {
	if q.ring != nil {
		return
	}
	q.ring = make([]queued, maxInputs)
	at := 0
	for _, f := range m.Fields {
		for range max(f.Len, 1) {
			if f.Flags&state.Press != 0 {
				q.press = append(q.press, at)
			}
			at++
		}
	}
	q.pressed = make([]int64, len(q.press))
}

// lose notes what an input pressed that does not come into the ring: the next one
// that does presses it, as the match does with what it skips.
func (q *inputs) lose(in *wire.Input, m *state.Message) {
	if q.gated {
		return // maybe of the match before
	}
	q.begin(m)
	q.lost = true
	for i, at := range q.press {
		q.pressed[i] |= in.Fields[at].Int
	}
}

// push queues one input, and reports whether another gave way. What that one
// pressed, the next presses.
func (q *inputs) push(in *wire.Input, m *state.Message) (dropped bool) {
	q.begin(m)
	if q.n == 0 {
		q.head = 0 // the slot that was used last is the likeliest to be in a cache
	}
	if q.n == maxInputs {
		old := &q.ring[q.head]
		q.head = (q.head + 1) % maxInputs
		q.n--
		dropped = true
		for _, at := range q.press {
			q.ring[q.head].fields[at].Int |= old.fields[at].Int
		}
	}
	slot := &q.ring[(q.head+q.n)%maxInputs]
	slot.seq, slot.viewed = in.Seq, in.Viewed
	slot.fields = append(slot.fields[:0], in.Fields...)
	q.n++
	if !q.lost {
		return dropped
	}
	q.lost = false
	for i, at := range q.press {
		slot.fields[at].Int |= q.pressed[i]
		q.pressed[i] = 0
	}
	return dropped
}

// stale says whether an input belongs to the match before. Input numbers and
// acks begin again with a match, so the first of the new one has a number not
// above the last, or acks nothing, or acks a state of the new match (known).
func (q *inputs) stale(in *wire.Input, known bool) bool {
	last := q.newest
	q.newest = in.Seq
	if q.gated && in.Seq > last && in.Ack != 0 && !known {
		return true
	}
	q.gated = false
	return false
}

// drain hands what is queued to the match, in order. It reports whether the
// client turned out to count from 1 again after coming back, which makes its
// numbers differ from the match's from now on.
func (q *inputs) drain(p state.Player, m Match) (renumbered bool) {
	for ; q.n > 0; q.n-- {
		in := &q.ring[q.head]
		q.head = (q.head + 1) % maxInputs
		if !q.started {
			q.started = true
			if in.seq <= q.floor {
				q.offset, renumbered = q.floor, true
			}
		}
		seq := in.seq + q.offset
		q.handed = max(q.handed, seq)
		m.Input(p, seq, in.viewed, in.fields)
	}
	return renumbered
}

// restart voids all for a new match.
func (q *inputs) restart() {
	q.head, q.n = 0, 0
	q.gated = q.newest > 0
	clear(q.pressed)
	q.handed, q.floor, q.offset, q.started = 0, 0, 0, false
}
