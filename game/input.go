package game

import "github.com/sandlot-server/sandlot/game/state"

const (
	inputBuffer = 8   // inputs waiting for one player
	maxRepeats  = 127 // what a margin counts to
	deepMark    = 2   // a buffer that stays this deep for a second is skipped ahead
)

// inputs is one player's buffer: at most 8 numbered inputs, one of which is
// applied each tick. When it is full the oldest makes room; its press fields
// live on in the next.
type inputs struct {
	head    int // of the oldest
	count   int
	newest  uint32 // highest number seen
	applied uint32 // highest number applied, skipped or dropped on the way
	viewed  uint32
	repeats int // ticks since an input came in time, up to maxRepeats
	deep    int // ticks since the buffer was below deepMark, up to a second
	values  []state.Value
	current any // *T, loaded from values
	queue   [inputBuffer]numbered
}

type numbered struct {
	seq, viewed uint32
	values      []state.Value
}

func (b *inputs) init(m *message) {
	b.values = append([]state.Value(nil), m.rest...)
	b.current = m.blank()
	m.layout.Load(b.values, b.current)
}

func (b *inputs) at(i int) *numbered { return &b.queue[(b.head+i)%inputBuffer] }

// push puts one in and reports whether the oldest had to make room. A number
// that is not above all before it is ignored.
func (b *inputs) push(m *message, seq, viewed uint32, values []state.Value) (dropped bool) {
	if seq <= b.newest {
		return false
	}
	b.newest = seq
	if b.count == inputBuffer {
		b.skip(m)
		dropped = true
	}
	if b.count == 0 {
		b.head = 0 // the slot that was used last is the likeliest to be in a cache
	}
	in := b.at(b.count)
	in.seq, in.viewed = seq, viewed
	in.values = append(in.values[:0], values...)
	b.count++
	return dropped
}

// step moves to the input of the next tick; second is one second in ticks.
func (b *inputs) step(m *message, second int) {
	if b.count == 0 {
		b.repeat(m)
		return
	}
	if b.deep >= second && b.count >= 2 {
		b.skip(m)
	}
	in := b.at(0)
	copy(b.values, in.values)
	b.applied, b.viewed = in.seq, in.viewed
	b.head, b.count = (b.head+1)%inputBuffer, b.count-1
	b.repeats = 0
	m.layout.Load(b.values, b.current)
	if b.count < deepMark {
		b.deep = 0
		return
	}
	b.deep = min(b.deep+1, second)
}

// skip drops the oldest of two or more; what it pressed is pressed in the next.
func (b *inputs) skip(m *message) {
	old, next := b.at(0), b.at(1)
	for _, i := range m.press {
		next.values[i].Int |= old.values[i].Int
	}
	b.head, b.count = (b.head+1)%inputBuffer, b.count-1
}

// repeat keeps what is held and lets go of what was pressed.
func (b *inputs) repeat(m *message) {
	b.deep = 0
	if b.applied == 0 {
		return // nothing came yet
	}
	b.repeats = min(b.repeats+1, maxRepeats)
	for _, i := range m.press {
		b.values[i].Int = 0
	}
	m.layout.Load(b.values, b.current)
}

// letGo forgets what waits and what was looked at, and lets go of everything held,
// until the next input.
func (b *inputs) letGo(m *message) {
	b.head, b.count, b.deep = 0, 0, 0
	b.applied, b.viewed = b.newest, 0
	copy(b.values, m.rest)
	m.layout.Load(b.values, b.current)
}

// margin is what a client steers by: the inputs left after this tick, or minus
// the ticks, up to 127, that repeated the last one.
func (b *inputs) margin() int {
	if b.repeats > 0 {
		return -b.repeats
	}
	return b.count
}
