package state

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
	"unsafe"
)

// maxRestored bounds the memory that one Restore allocates, in bytes.
const maxRestored = 64 << 20

// The faults of a save; Restore's errors wrap one of them.
var (
	ErrLayout  = errors.New("saved by another version of the game")
	ErrCorrupt = errors.New("corrupt save")
)

// Restore reads what Save wrote into a game, binds its tables, and returns the
// bytes that follow. Scratch fields are left as they are. Bytes of any content
// are safe to give: the error then wraps ErrLayout or ErrCorrupt, memory is
// bounded by about 64 MiB, and the game is not to be used.
func (l *Layout) Restore(src []byte, game any) ([]byte, error) {
	p := l.check(game)
	l.Bind(game)
	if len(src) < 9 {
		return nil, fmt.Errorf("restore %s: %w: %d bytes are too few", l.name, ErrCorrupt, len(src))
	}
	if src[0] != saveVersion {
		return nil, fmt.Errorf("restore %s: %w: format %d, this build reads %d", l.name, ErrLayout, src[0], saveVersion)
	}
	if h := binary.LittleEndian.Uint64(src[1:]); h != l.hash {
		return nil, fmt.Errorf("restore %s: %w: its fields are those of layout %016x, this build has %016x", l.name, ErrLayout, h, l.hash)
	}
	r := restorer{src: src[9:], room: maxRestored}
	l.save.restore(&r, p, l.name)
	if r.err != nil {
		return nil, fmt.Errorf("restore %s: %w", l.name, r.err)
	}
	return r.src, nil
}

// restorer reads saved bytes. After the first fault every read gives zeros.
type restorer struct {
	src  []byte
	room int // bytes that may still be allocated
	err  error
}

func (r *restorer) fail(where, format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%s: %w: %s", where, ErrCorrupt, fmt.Sprintf(format, args...))
	}
	r.src = nil
}

func (r *restorer) take(n int, where string) []byte {
	if n > len(r.src) {
		r.fail(where, "it ends too early")
		return nil
	}
	b := r.src[:n]
	r.src = r.src[n:]
	return b
}

func (r *restorer) uvarint(limit uint64, where string) uint64 {
	v, n := binary.Uvarint(r.src)
	if n <= 0 {
		r.fail(where, "no number where one is due")
		return 0
	}
	if v > limit {
		r.fail(where, "%d is above %d", v, limit)
		return 0
	}
	r.src = r.src[n:]
	return v
}

// count reads how many elements follow, of at least least bytes and size bytes
// in memory each.
func (r *restorer) count(n uint64, least int, size uintptr, where string) (int, bool) {
	if r.err != nil {
		return 0, false
	}
	if n > uint64(len(r.src)/max(least, 1)) {
		r.fail(where, "%d elements do not fit in %d bytes", n, len(r.src))
		return 0, false
	}
	if need := n * uint64(size); need > uint64(r.room) {
		r.fail(where, "%d elements need more than %d MiB of memory", n, maxRestored>>20)
		return 0, false
	}
	r.room -= int(n) * int(size)
	return int(n), true
}

func (k *codec) restore(r *restorer, p unsafe.Pointer, where string) {
	if r.err != nil {
		return
	}
	switch k.op {
	case opScalar:
		k.kind.restore(r, p, where)
	case opString:
		n := r.uvarint(math.MaxInt32, where)
		if n, ok := r.count(n, 1, 1, where); ok {
			*(*string)(p) = string(r.take(n, where))
		}
	case opSlice:
		k.restoreSlice(r, p, where)
	case opArray:
		k.elem.restoreMany(r, p, k.n, where)
	case opTable:
		k.restoreTable(r, p, where)
	case opStruct:
		for i := range k.fields {
			f := &k.fields[i]
			f.restore(r, unsafe.Add(p, f.offset), f.name)
		}
	}
}

func (k *codec) restoreMany(r *restorer, p unsafe.Pointer, n int, where string) {
	for i := 0; i < n && r.err == nil; i++ {
		k.restore(r, unsafe.Add(p, uintptr(i)*k.size), where)
	}
}

func (k *codec) restoreSlice(r *restorer, p unsafe.Pointer, where string) {
	n := r.uvarint(math.MaxInt32, where)
	dst := reflect.NewAt(k.typ, p).Elem()
	if n == 0 {
		dst.SetZero()
		return
	}
	if n, ok := r.count(n-1, k.elem.least, k.elem.size, where); ok {
		dst.Set(reflect.MakeSlice(k.typ, n, n))
		k.elem.restoreMany(r, dst.UnsafePointer(), n, where)
	}
}

// rowOverhead is what a table keeps beside each row, in bytes.
const rowOverhead = unsafe.Sizeof(ID(0)) + unsafe.Sizeof(Player(0)) + unsafe.Sizeof(false) + unsafe.Sizeof(int32(0))

func (k *codec) restoreTable(r *restorer, p unsafe.Pointer, where string) {
	last := r.uvarint(math.MaxUint32, where)
	rows := r.uvarint(uint64(k.n), where)
	n, ok := r.count(rows, k.elem.least+2, k.elem.size+rowOverhead, where)
	if !ok {
		return
	}
	reflect.NewAt(k.typ, p).Interface().(tabler).refill(n)
	t := (*rawTable)(p)
	t.last = ID(last)
	var prev uint64
	for i := range n {
		id := prev + 1 + r.uvarint(math.MaxUint32, where)
		if id > last {
			r.fail(where, "row %d is above the newest id %d", id, last)
		}
		t.ids[i], t.owners[i] = ID(id), Player(r.uvarint(math.MaxUint16, where))
		k.elem.restore(r, t.row(i, k.elem.size), where)
		if r.err != nil {
			return
		}
		prev = id
	}
}

func (s scalar) restore(r *restorer, p unsafe.Pointer, where string) {
	switch s {
	case boolean, int8s, uint8s:
		b := r.take(1, where)
		if b == nil {
			return
		}
		if s == boolean && b[0] > 1 {
			r.fail(where, "%d is not a boolean", b[0])
			return
		}
		*(*byte)(p) = b[0]
	case float32s:
		if b := r.take(4, where); b != nil {
			*(*float32)(p) = math.Float32frombits(binary.LittleEndian.Uint32(b))
		}
	case float64s:
		if b := r.take(8, where); b != nil {
			*(*float64)(p) = math.Float64frombits(binary.LittleEndian.Uint64(b))
		}
	case uint16s, uint32s, uint64s:
		v := r.uvarint(math.MaxUint64>>(64-8*s.size()), where)
		s.write(p, int64(v))
	default:
		v, n := binary.Varint(r.src)
		if lim := 64 - 8*s.size(); n <= 0 || v > math.MaxInt64>>lim || v < math.MinInt64>>lim {
			r.fail(where, "no integer of %d bits where one is due", 8*s.size())
			return
		}
		r.src = r.src[n:]
		s.write(p, v)
	}
}
