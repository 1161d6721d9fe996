package wire

import (
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/vmihailenco/msgpack/v5"

	"github.com/sandlot-server/sandlot/game/state"
)

var _ state.Copier = (*Writer)(nil)

// Writer appends MessagePack values to a byte slice and counts them. It is a
// state.Copier. A Writer that is used again does not allocate beyond the growth
// of its slice. It is not safe for concurrent use and must not be copied.
type Writer struct {
	out   appender
	enc   *msgpack.Encoder
	count int
}

// NewWriter returns a Writer that appends to dst.
func NewWriter(dst []byte) *Writer {
	w := &Writer{enc: msgpack.NewEncoder(nil)}
	w.Reset(dst)
	return w
}

// Reset makes w append to dst and sets its count to 0.
func (w *Writer) Reset(dst []byte) {
	w.out.b, w.count = dst, 0
	w.enc.Reset(&w.out)
	w.enc.UseCompactInts(true) // Reset clears it
}

// Bytes returns the slice with all that was appended. It is w's until Reset.
func (w *Writer) Bytes() []byte { return w.out.b }

// Empty is Reset to what it appended to so far, without what was appended: its
// memory is used again.
func (w *Writer) Empty() { w.Reset(w.out.b[:0]) }

// Copy appends n elements that another Writer encoded.
func (w *Writer) Copy(p []byte, n int) {
	w.out.b = append(w.out.b, p...)
	w.count += n
}

// Count returns the number of elements appended since Reset, array headers
// left out.
func (w *Writer) Count() int { return w.count }

// Array appends the header of an array of n elements.
func (w *Writer) Array(n int) { _ = w.enc.EncodeArrayLen(n) } // the appender never fails

// Int appends v in its shortest encoding, held within ±MaxNumber.
func (w *Writer) Int(v int64) {
	w.count++
	if v >= -32 && v <= 127 { // nearly all of a delta: one byte is the value
		w.out.b = append(w.out.b, byte(v))
		return
	}
	_ = w.enc.EncodeInt(min(max(v, -MaxNumber), MaxNumber))
}

// Bool appends v as true or false.
func (w *Writer) Bool(v bool) {
	w.count++
	_ = w.enc.EncodeBool(v)
}

// Str appends s. What is not UTF-8 in it is replaced by question marks, so that
// the string gets no longer and every client can read it.
func (w *Writer) Str(s string) {
	w.count++
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "?")
	}
	_ = w.enc.EncodeString(s)
}

// appender is the encoder's writer.
type appender struct{ b []byte }

func (a *appender) Write(p []byte) (int, error) {
	a.b = append(a.b, p...)
	return len(p), nil
}

func (a *appender) WriteByte(c byte) error {
	a.b = append(a.b, c)
	return nil
}

var writers = sync.Pool{New: func() any { return NewWriter(nil) }}

// open starts a message of n elements with its type, on a pooled Writer.
func open(dst []byte, n int, t Type) *Writer {
	w := writers.Get().(*Writer)
	w.Reset(dst)
	w.Array(n)
	w.Int(int64(t))
	return w
}

// shut ends what open began.
func (w *Writer) shut() []byte {
	b := w.out.b
	w.out.b = nil
	writers.Put(w)
	return b
}
