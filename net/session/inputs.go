package session

import (
	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// maxInputs bounds the queue between two ticks. When full, the oldest gives
// way and is counted.
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
}

type queued struct {
	seq, viewed uint32
	fields      []state.Value
}

// push queues one input, and reports whether another gave way.
func (q *inputs) push(in *wire.Input) (dropped bool) {
	if q.ring == nil {
		q.ring = make([]queued, maxInputs)
	}
	if q.n == maxInputs {
		q.head = (q.head + 1) % maxInputs
		q.n--
		dropped = true
	}
	slot := &q.ring[(q.head+q.n)%maxInputs]
	slot.seq, slot.viewed = in.Seq, in.Viewed
	slot.fields = append(slot.fields[:0], in.Fields...)
	q.n++
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
	q.handed, q.floor, q.offset, q.started = 0, 0, 0, false
}
