package game

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/sandlot-server/sandlot/game/state"
)

// maxName bounds a player's name, in bytes; what people may choose is shorter.
const maxName = 256

var errSave = errors.New("damaged save")

// Restore makes a match out of what [Runner.Save] wrote; it goes on to the same
// states as the one that was saved. Src may come from anywhere: what is not a
// whole save of the same build of the same game is an error.
func Restore(d *Definition, src []byte) (*Runner, error) {
	r := newRunner(d)
	in := &saved{b: src}
	if v := in.byte(); v != saveVersion {
		return nil, fmt.Errorf("restore %s: version %d, want %d", d.Name, v, saveVersion)
	}
	if p := in.take(8); in.err == nil && binary.LittleEndian.Uint64(p) != d.prints {
		return nil, fmt.Errorf("restore %s: saved by another build or another game", d.Name)
	}
	r.restore(in)
	if in.err == nil {
		in.b, in.err = d.layout.Restore(in.b, r.game)
	}
	if in.err == nil {
		in.b, in.err = r.history.Restore(in.b, r.tick.N)
	}
	if in.err == nil && len(in.b) > 0 {
		in.err = errSave
	}
	if in.err != nil {
		return nil, fmt.Errorf("restore %s: %w", d.Name, in.err)
	}
	d.settings.mend(r.game)
	r.capture()
	return r, nil
}

// restore reads all but the game. What it leaves in r counts only without an
// error in the end.
func (r *Runner) restore(in *saved) {
	r.tick.N = uint32(in.uint(math.MaxUint32))
	flags := in.uint(3)
	r.started, r.over = flags&1 != 0, flags&2 != 0
	r.dropped = in.uint(math.MaxUint64)
	for range in.uint(math.MaxUint16) {
		p := Place{Player: Player(in.uint(math.MaxUint16)), Rank: int(in.uint(math.MaxInt32)), Score: in.int()}
		if in.err != nil {
			return
		}
		r.result.Places = append(r.result.Places, p)
	}
	if p := in.take(20); in.err == nil {
		in.err = r.pcg.UnmarshalBinary(p)
	}
	for range in.uint(uint64(r.d.MaxPlayers)) {
		j := in.join(r.d)
		if in.err == nil && (j.Player == 0 || r.seat(j.Player) != nil) {
			in.err = errSave
		}
		if in.err != nil {
			return
		}
		s := r.take(j)
		s.commands = int(in.uint(maxCommands))
		if r.d.input != nil {
			s.inputs.restore(r.d.input, in)
		}
	}
	for range in.uint(maxPending) {
		e := r.restoreEvent(in)
		if in.err != nil {
			return
		}
		r.pending = append(r.pending, e)
	}
}

func (r *Runner) restoreEvent(in *saved) Event {
	kind := EventKind(in.uint(uint64(Commanded)))
	j := in.join(r.d)
	e := Event{Kind: kind, Player: j.Player, Name: j.Name, Bot: j.Bot, Team: j.Team}
	if kind < Joined || kind == Commanded && len(r.d.commands) == 0 {
		in.fail()
	}
	if in.err != nil || kind != Commanded {
		return e
	}
	m := r.d.commands[in.uint(uint64(len(r.d.commands)-1))]
	values := in.values(nil, m)
	if in.err == nil {
		e.Command, in.err = m.load(values)
	}
	return e
}

func (b *inputs) restore(m *message, in *saved) {
	b.newest = uint32(in.uint(math.MaxUint32))
	b.applied = uint32(in.uint(math.MaxUint32))
	b.viewed = uint32(in.uint(math.MaxUint32))
	b.repeats = int(in.uint(maxRepeats))
	b.deep = int(in.uint(maxRate))
	b.values = in.values(b.values[:0], m)
	b.count = int(in.uint(inputBuffer))
	for i := range b.count {
		n := b.at(i)
		n.seq, n.viewed = uint32(in.uint(math.MaxUint32)), uint32(in.uint(math.MaxUint32))
		n.values = in.values(nil, m)
	}
	if in.err == nil {
		m.layout.Load(b.values, b.current)
	}
}

// saved reads a save. After the first fault everything is zero.
type saved struct {
	b   []byte
	err error
}

func (in *saved) fail() {
	if in.err == nil {
		in.err = errSave
	}
}

// take returns the next n bytes, or nil.
func (in *saved) take(n int) []byte {
	if in.err != nil || n > len(in.b) {
		in.fail()
		return nil
	}
	p := in.b[:n]
	in.b = in.b[n:]
	return p
}

func (in *saved) byte() byte {
	if p := in.take(1); p != nil {
		return p[0]
	}
	return 0
}

// uint reads a number of at most max.
func (in *saved) uint(max uint64) uint64 {
	v, n := binary.Uvarint(in.b)
	if in.err != nil || n <= 0 || v > max {
		in.fail()
		return 0
	}
	in.b = in.b[n:]
	return v
}

func (in *saved) int() int64 {
	v, n := binary.Varint(in.b)
	if in.err != nil || n <= 0 {
		in.fail()
		return 0
	}
	in.b = in.b[n:]
	return v
}

func (in *saved) string(max int) string { return string(in.take(int(in.uint(uint64(max))))) }

func (in *saved) join(d *Definition) Join {
	return Join{
		Player: Player(in.uint(math.MaxUint16)),
		Name:   in.string(maxName),
		Bot:    in.uint(1) != 0,
		Team:   uint8(in.uint(uint64(d.Teams))),
	}
}

// values reads the fields of m, in range.
func (in *saved) values(dst []state.Value, m *message) []state.Value {
	start := len(dst)
	for range m.rest {
		dst = append(dst, state.Value{Int: in.int(), Str: in.string(maxMessageString)})
	}
	if in.err == nil {
		in.err = m.shape.Check(dst[start:])
	}
	return dst
}

// maxMessageString bounds the strings of messages in a save, in bytes; a
// message's own bound is checked after.
const maxMessageString = 1 << 16
