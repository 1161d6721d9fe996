package state

import (
	"encoding/binary"
	"math"
	"unsafe"

	"github.com/cespare/xxhash/v2"
)

// Save appends a game's whole state: every exported field, and tables with
// their ids, owners and next id. Equal states give equal bytes. It allocates
// only to grow dst.
func (l *Layout) Save(dst []byte, game any) []byte {
	p := l.check(game)
	dst = append(dst, saveVersion)
	dst = binary.LittleEndian.AppendUint64(dst, l.hash)
	return l.save.save(dst, p)
}

// Hash is the hash of saved bytes (XXH64): the same on every machine, for
// replays to compare states by. It is no defence against forgery.
func Hash(saved []byte) uint64 { return xxhash.Sum64(saved) }

func (k *codec) save(dst []byte, p unsafe.Pointer) []byte {
	switch k.op {
	case opScalar:
		return k.kind.save(dst, p)
	case opString:
		s := *(*string)(p)
		return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
	case opSlice:
		h := (*sliceHeader)(p)
		if h.data == nil {
			return append(dst, 0)
		}
		dst = binary.AppendUvarint(dst, uint64(h.len)+1)
		return k.elem.saveMany(dst, h.data, h.len)
	case opArray:
		return k.elem.saveMany(dst, p, k.n)
	case opTable:
		return k.saveTable(dst, (*rawTable)(p))
	}
	for i := range k.fields {
		f := &k.fields[i]
		dst = f.save(dst, unsafe.Add(p, f.offset))
	}
	return dst
}

func (k *codec) saveMany(dst []byte, p unsafe.Pointer, n int) []byte {
	if k.op == opScalar && k.size == 1 {
		return append(dst, unsafe.Slice((*byte)(p), n)...)
	}
	for i := range n {
		dst = k.save(dst, unsafe.Add(p, uintptr(i)*k.size))
	}
	return dst
}

func (k *codec) saveTable(dst []byte, t *rawTable) []byte {
	dst = binary.AppendUvarint(dst, uint64(t.last))
	dst = binary.AppendUvarint(dst, uint64(t.Len()))
	var prev ID
	for i, id := range t.ids {
		if t.gone[i] {
			continue
		}
		dst = binary.AppendUvarint(dst, uint64(id-prev-1))
		dst = binary.AppendUvarint(dst, uint64(t.owners[i]))
		dst = k.elem.save(dst, t.row(i, k.elem.size))
		prev = id
	}
	return dst
}

func (s scalar) save(dst []byte, p unsafe.Pointer) []byte {
	switch s {
	case boolean, int8s, uint8s:
		return append(dst, *(*byte)(p))
	case int16s, int32s, int64s:
		return binary.AppendVarint(dst, s.read(p))
	case float32s:
		return binary.LittleEndian.AppendUint32(dst, math.Float32bits(*(*float32)(p)))
	case float64s:
		return binary.LittleEndian.AppendUint64(dst, math.Float64bits(*(*float64)(p)))
	}
	return binary.AppendUvarint(dst, uint64(s.read(p)))
}
