package game

import (
	"encoding/binary"
	"fmt"

	"github.com/sandlot-server/sandlot/game/state"
)

// saveVersion is the first byte of a save.
const saveVersion = 2

// Save appends the whole state of the match at this tick boundary: the game, its
// chance, players, input buffers and what waits for the next Step. It is for the
// same build of the same game; see [Restore].
func (r *Runner) Save(dst []byte) []byte {
	dst = append(dst, saveVersion)
	dst = binary.LittleEndian.AppendUint64(dst, r.d.prints)
	dst = binary.AppendUvarint(dst, uint64(r.tick.N))
	dst = append(dst, bit(r.started)|bit(r.over)<<1)
	dst = binary.AppendUvarint(dst, r.dropped)
	dst = binary.AppendUvarint(dst, uint64(len(r.result.Places)))
	for _, p := range r.result.Places {
		dst = binary.AppendUvarint(dst, uint64(p.Player))
		dst = binary.AppendUvarint(dst, uint64(p.Rank))
		dst = binary.AppendVarint(dst, p.Score)
	}
	dst, err := r.pcg.AppendBinary(dst)
	if err != nil {
		panic(fmt.Sprintf("game: save chance: %v", err)) // it has no errors
	}
	dst = binary.AppendUvarint(dst, uint64(len(r.seats)))
	for _, s := range r.seats {
		dst = saveJoin(dst, s.Join)
		dst = binary.AppendUvarint(dst, uint64(s.commands))
		if r.d.input != nil {
			dst = s.inputs.save(dst)
		}
	}
	dst = binary.AppendUvarint(dst, uint64(len(r.pending)))
	for i := range r.pending {
		dst = r.saveEvent(dst, &r.pending[i])
	}
	return r.history.Save(r.d.layout.Save(dst, r.game))
}

func (r *Runner) saveEvent(dst []byte, e *Event) []byte {
	dst = append(dst, byte(e.Kind))
	dst = saveJoin(dst, Join{e.Player, e.Name, e.Bot, e.Team})
	if e.Kind != Commanded {
		return dst
	}
	index := find(r.d.commands, e.Command)
	dst = binary.AppendUvarint(dst, uint64(index))
	return saveValues(dst, r.d.commands[index].layout.Store(nil, e.Command))
}

func (b *inputs) save(dst []byte) []byte {
	for _, n := range [...]uint32{b.newest, b.applied, b.viewed, uint32(b.repeats), uint32(b.deep)} {
		dst = binary.AppendUvarint(dst, uint64(n))
	}
	dst = saveValues(dst, b.values)
	dst = binary.AppendUvarint(dst, uint64(b.count))
	for i := range b.count {
		in := b.at(i)
		dst = binary.AppendUvarint(dst, uint64(in.seq))
		dst = binary.AppendUvarint(dst, uint64(in.viewed))
		dst = saveValues(dst, in.values)
	}
	return dst
}

func saveJoin(dst []byte, j Join) []byte {
	dst = binary.AppendUvarint(dst, uint64(j.Player))
	dst = saveString(dst, j.Name)
	return append(dst, bit(j.Bot), j.Team)
}

// saveValues writes each value as both an integer and a string: an empty one
// takes one byte.
func saveValues(dst []byte, values []state.Value) []byte {
	for _, v := range values {
		dst = binary.AppendVarint(dst, v.Int)
		dst = saveString(dst, v.Str)
	}
	return dst
}

func saveString(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}
