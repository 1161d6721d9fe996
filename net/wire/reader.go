package wire

import (
	"fmt"
	"io"
	"math"
	"unicode/utf8"

	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"

	"github.com/sandlot-server/sandlot/game/state"
)

var _ state.Source = (*Reader)(nil)

// Reader reads the elements of one frame. It is a state.Source. Its first fault
// stays: every later read returns a zero value, More false and Err that fault.
// It allocates nothing but the strings it returns and its errors, and keeps the
// frame until the next Reset. It is not safe for concurrent use and must not be
// copied.
type Reader struct {
	in    cursor
	dec   *msgpack.Decoder
	about Type
	left  int // elements not yet read
	read  int // elements read
	fault *Error
}

// Reset makes r read frame from its array header on.
func (r *Reader) Reset(frame []byte) {
	if r.dec == nil {
		r.dec = msgpack.NewDecoder(&r.in)
	}
	r.in = cursor{b: frame}
	r.about, r.left, r.read, r.fault = 0, 0, 0, nil
	if len(frame) == 0 {
		r.fail(CodeMalformed, "an empty message")
		return
	}
	if c := frame[0]; !msgpcode.IsFixedArray(c) && c != msgpcode.Array16 && c != msgpcode.Array32 {
		r.fail(CodeMalformed, "%s where the message's array is due", nameOf(c))
		return
	}
	n, err := r.dec.DecodeArrayLen()
	if err != nil {
		r.fail(CodeMalformed, "the array's header is cut short")
		return
	}
	if n > len(frame)-r.in.at { // an element takes a byte at least
		r.fail(CodeMalformed, "%d elements announced in %d bytes", n, len(frame)-r.in.at)
		return
	}
	r.left = n
}

// Left returns the number of elements not yet read.
func (r *Reader) Left() int {
	if r.fault != nil {
		return 0
	}
	return r.left
}

// More reports whether there are elements left and no fault so far.
func (r *Reader) More() bool { return r.Left() > 0 }

// Err returns the first fault, an *Error, or nil.
func (r *Reader) Err() error {
	if r.fault == nil { // not a typed nil in an interface
		return nil
	}
	return r.fault
}

// Done returns the first fault, counting anything left over as one.
func (r *Reader) Done() error {
	if r.left > 0 {
		r.fail(CodeArity, "%d elements left over", r.left)
	}
	if rest := len(r.in.b) - r.in.at; rest > 0 {
		r.fail(CodeMalformed, "%d bytes left over", rest)
	}
	return r.Err()
}

// Int reads an integer within ±MaxNumber.
func (r *Reader) Int() int64 {
	c, ok := r.next()
	if !ok {
		return 0
	}
	if msgpcode.IsFixedNum(c) {
		r.in.at++
		return int64(int8(c))
	}
	if c < msgpcode.Uint8 || c > msgpcode.Int64 {
		r.wrong(c, "an integer")
		return 0
	}
	var v int64
	var err error
	if c == msgpcode.Uint64 {
		var u uint64
		u, err = r.dec.DecodeUint64()
		v = int64(min(u, MaxNumber+1))
	} else {
		v, err = r.dec.DecodeInt64()
	}
	if err != nil {
		r.fail(CodeMalformed, "element %d is cut short", r.read)
		return 0
	}
	if v < -MaxNumber || v > MaxNumber {
		r.fail(CodeRange, "element %d is beyond 2^53", r.read)
		return 0
	}
	return v
}

// Within reads an integer from low to high, both included; out of range it is
// a fault, and low is returned.
func (r *Reader) Within(low, high int64) int64 {
	v := r.Int()
	if r.fault != nil {
		return low
	}
	if v < low || v > high {
		r.fail(CodeRange, "element %d is %d, outside of %d to %d", r.read, v, low, high)
		return low
	}
	return v
}

// Bool reads true or false.
func (r *Reader) Bool() bool {
	c, ok := r.next()
	if !ok {
		return false
	}
	if c != msgpcode.True && c != msgpcode.False {
		r.wrong(c, "a boolean")
		return false
	}
	r.in.at++
	return c == msgpcode.True
}

// Str reads UTF-8 of at most max bytes.
func (r *Reader) Str(max int) string {
	c, ok := r.next()
	if !ok {
		return ""
	}
	if !isStr(c) {
		r.wrong(c, "a string")
		return ""
	}
	n, err := r.dec.DecodeBytesLen()
	if err != nil || n > len(r.in.b)-r.in.at {
		r.fail(CodeMalformed, "element %d is cut short", r.read)
		return ""
	}
	if n > max {
		r.fail(CodeRange, "element %d has %d bytes, more than %d", r.read, n, max)
		return ""
	}
	p := r.in.b[r.in.at : r.in.at+n]
	r.in.at += n
	if !utf8.Valid(p) {
		r.fail(CodeText, "element %d is not UTF-8", r.read)
		return ""
	}
	return string(p)
}

// count reads the number of the groups that follow, each of at least per
// elements, so that what is allocated for them is bounded by the frame.
func (r *Reader) count(per int) int {
	n := r.Int()
	if r.fault != nil {
		return 0
	}
	if n < 0 || n > int64(r.left/per) {
		r.fail(CodeArity, "element %d announces %d groups of %d in %d elements", r.read, n, per, r.left)
		return 0
	}
	return int(n)
}

// next takes one element: its first byte, not yet consumed.
func (r *Reader) next() (byte, bool) {
	if r.fault != nil {
		return 0, false
	}
	if r.left == 0 {
		r.fail(CodeArity, "only %d elements", r.read)
		return 0, false
	}
	r.left--
	r.read++
	if r.in.at >= len(r.in.b) {
		r.fail(CodeMalformed, "cut short before element %d", r.read)
		return 0, false
	}
	return r.in.b[r.in.at], true
}

// wrong reports an element of another kind than want: one that no message may
// have, or only not this one here.
func (r *Reader) wrong(c byte, want string) {
	code := CodeMalformed
	if msgpcode.IsFixedNum(c) || c >= msgpcode.Uint8 && c <= msgpcode.Int64 ||
		isStr(c) || c == msgpcode.True || c == msgpcode.False {
		code = CodeKind
	}
	r.fail(code, "element %d is %s where %s is due", r.read, nameOf(c), want)
}

// fail keeps the first fault.
func (r *Reader) fail(code, format string, args ...any) {
	if r.fault == nil {
		r.fault = &Error{Code: code, Message: fmt.Sprintf(format, args...), About: r.about}
	}
}

func isStr(c byte) bool {
	return msgpcode.IsFixedString(c) || c >= msgpcode.Str8 && c <= msgpcode.Str32
}

// nameOf says what a MessagePack value is by its first byte.
func nameOf(c byte) string {
	switch {
	case msgpcode.IsFixedNum(c), c >= msgpcode.Uint8 && c <= msgpcode.Int64:
		return "an integer"
	case isStr(c):
		return "a string"
	case c == msgpcode.True, c == msgpcode.False:
		return "a boolean"
	case c == msgpcode.Nil:
		return "nil"
	case c == msgpcode.Float, c == msgpcode.Double:
		return "a float"
	case msgpcode.IsFixedArray(c), c == msgpcode.Array16, c == msgpcode.Array32:
		return "an array"
	case msgpcode.IsFixedMap(c), c == msgpcode.Map16, c == msgpcode.Map32:
		return "a map"
	case msgpcode.IsBin(c):
		return "binary"
	case msgpcode.IsExt(c):
		return "an extension"
	}
	return "an unused code"
}

// cursor is the decoder's reader: over a slice, without a copy.
type cursor struct {
	b  []byte
	at int
}

func (c *cursor) Read(p []byte) (int, error) {
	if c.at >= len(c.b) {
		return 0, io.EOF
	}
	n := copy(p, c.b[c.at:])
	c.at += n
	return n, nil
}

func (c *cursor) ReadByte() (byte, error) {
	if c.at >= len(c.b) {
		return 0, io.EOF
	}
	c.at++
	return c.b[c.at-1], nil
}

func (c *cursor) UnreadByte() error {
	c.at--
	return nil
}

// begin resets r to a frame and reads its type, which must be one that its
// senders send; 0, with a fault, where it is not.
func (r *Reader) begin(frame []byte, sent func(Type) bool, senders string) Type {
	r.Reset(frame)
	t := r.Int()
	if r.fault != nil {
		return 0
	}
	if t >= 0 && t <= math.MaxUint8 {
		r.about = Type(t)
	}
	if !sent(r.about) {
		r.fail(CodeType, "%s send no message of type %d", senders, t)
		return 0
	}
	return r.about
}
