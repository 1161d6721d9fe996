package state

import (
	"runtime"
	"unsafe"
)

const (
	cacheLine   = 64
	maxPrefetch = 4 << 10 // bytes of a slice: what follows, the processor sees coming
)

// Prefetch has the processor fetch what p points at, which is about to be used:
// between two ticks of a match the others have had its caches. Memory that is
// asked for at once arrives at once, while code that comes to it piece by piece
// waits for each. It only reads, whoever may be writing, and keeps nothing; nil
// is nothing.
func Prefetch[T any](p *T) { lines(unsafe.Pointer(p), unsafe.Sizeof(*p)) }

// PrefetchSlice is Prefetch of the elements of s, of the first 4 KiB.
func PrefetchSlice[T any](s []T) {
	var one T
	lines(unsafe.Pointer(unsafe.SliceData(s)), min(uintptr(len(s))*unsafe.Sizeof(one), maxPrefetch))
}

// lines reads a byte of each cache line.
//
//go:noinline
//go:norace
func lines(p unsafe.Pointer, size uintptr) {
	if p == nil || size == 0 {
		return
	}
	sum := byte(0)
	for at := uintptr(0); at < size; at += cacheLine {
		sum ^= *(*byte)(unsafe.Add(p, at))
	}
	sum ^= *(*byte)(unsafe.Add(p, size-1))
	runtime.KeepAlive(sum) // else the compiler would read nothing
}
