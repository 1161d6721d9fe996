package session

import (
	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// bodies are the encoded differences of one tick, each made once and shared by
// all members with the same base and the same sights. Memory is used again
// from tick to tick.
type bodies struct {
	differ  *state.Differ
	out     *wire.Writer
	entries []*body
	used    int
	heads   [bodyHeads]int32 // by hash: the newest entry plus one; 0: none
}

// bodyHeads is how many lists the entries of a tick are spread over, a power of
// two.
const bodyHeads = 512

// body is the difference between two snapshots as two views show them,
// closing 0 included.
type body struct {
	keyframe         bool
	first            uint32 // First of the base: names a distinct state in a match
	hadView, hasView bool
	baseKey, nowKey  uint64
	baseView         state.View
	nowView          state.View

	hash     uint16
	next     int32 // of the same hash
	bytes    []byte
	elements int
	changed  bool
}

func newBodies(schema *state.Schema) *bodies {
	b := &bodies{differ: state.NewDiffer(schema.Tables), out: wire.NewWriter(nil)}
	b.differ.Share(wire.NewWriter(nil))
	return b
}

// reset begins a tick.
func (b *bodies) reset() {
	for _, e := range b.entries[:b.used] {
		b.heads[e.hash] = 0
	}
	b.used = 0
}

// get gives the difference, from the cache or new.
func (b *bodies) get(base, now *state.Snapshot, baseView, nowView *state.View) *body {
	baseKey, nowKey := baseView.Key(), nowView.Key()
	h := hash(base, baseKey, nowKey)
	head := &b.heads[h]
	for i := *head; i > 0; i = b.entries[i-1].next {
		if e := b.entries[i-1]; e.is(base, baseKey, nowKey, baseView, nowView) {
			return e
		}
	}
	if b.used == len(b.entries) {
		b.entries = append(b.entries, new(body))
	}
	e := b.entries[b.used]
	b.used++
	e.hash, e.next, *head = h, *head, int32(b.used)
	e.baseKey, e.nowKey = baseKey, nowKey
	if e.keyframe = base == nil; !e.keyframe {
		e.first = base.First
	}
	if e.hadView = baseView != nil; e.hadView {
		e.baseView.Set(baseView)
	}
	if e.hasView = nowView != nil; e.hasView {
		e.nowView.Set(nowView)
	}
	b.out.Reset(e.bytes[:0])
	e.elements, e.changed = b.differ.Body(b.out, base, now, baseView, nowView)
	e.bytes = b.out.Bytes()
	return e
}

// hash spreads keys, which are hashes themselves.
func hash(base *state.Snapshot, baseKey, nowKey uint64) uint16 {
	h := baseKey*3 ^ nowKey
	if base != nil {
		h += uint64(base.First)
	}
	return uint16(h * 0x9e3779b97f4a7c15 >> 55) // the upper 9 bits
}

func (e *body) is(base *state.Snapshot, baseKey, nowKey uint64, baseView, nowView *state.View) bool {
	if e.keyframe != (base == nil) || base != nil && e.first != base.First {
		return false
	}
	if e.baseKey != baseKey || e.nowKey != nowKey || e.hadView != (baseView != nil) || e.hasView != (nowView != nil) {
		return false
	}
	// Keys are hashes: confirm.
	return (!e.hadView || e.baseView.Equal(baseView)) && (!e.hasView || e.nowView.Equal(nowView))
}
