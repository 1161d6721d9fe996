package feed

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/sandlot-server/sandlot/game"
)

// version is the first byte of a frame. Another one is of another build.
const version = 1

// Print names what a build of a game says in frames: who has another one cannot
// show them.
func Print(d *game.Definition) uint64 { return d.Print()*31 + version }

// Bounds of a frame.
const (
	MaxFrame    = 16 << 20 // bytes
	maxMessages = 1 << 14  // of each kind
	maxBarred   = 256      // ids
	maxID       = 256      // bytes of an id
)

// Frame is what happened at a lobby since the frame before it: messages as its
// members get them (PROTOCOL.md has them), and at most one state message, which
// comes after them and leads on from the state of an earlier frame unless it is
// a keyframe. What a decoded Frame holds is the payload's memory.
type Frame struct {
	Print    uint64 // of the game's definition: frames are for the same build of it
	Epoch    uint64 // names the stream; a later one is above
	Seq      uint64 // from 1, one more each frame
	Messages [][]byte
	State    []byte // nil: none
	// Whole is set on frames that one may begin with: Standing is all that holds
	// of the lobby after Messages, State a keyframe if a match is to be seen, and
	// Barred the players that the host let nobody see it again.
	Whole    bool
	Standing [][]byte
	Barred   []string
}

// The flags of a frame.
const (
	flagWhole = 1 << iota
	flagState
)

// ErrVersion is for frames of another build.
var ErrVersion = errors.New("a frame of another version")

var errCut = errors.New("the frame is cut short, or longer than it says")

// head appends all of a frame before its messages.
func (f *Frame) head(dst []byte, state bool) []byte {
	dst = append(dst, version)
	dst = binary.LittleEndian.AppendUint64(dst, f.Print)
	dst = binary.AppendUvarint(dst, f.Epoch)
	dst = binary.AppendUvarint(dst, f.Seq)
	flags := byte(0)
	if f.Whole {
		flags |= flagWhole
	}
	if state {
		flags |= flagState
	}
	return append(dst, flags)
}

func appendBytes[T string | []byte](dst []byte, p T) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(p))), p...)
}

func appendList[T string | []byte](dst []byte, list []T) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(list)))
	for _, p := range list {
		dst = appendBytes(dst, p)
	}
	return dst
}

// Append appends the encoded frame.
func (f *Frame) Append(dst []byte) []byte {
	dst = appendList(f.head(dst, f.State != nil), f.Messages)
	if f.Whole {
		dst = appendList(appendList(dst, f.Standing), f.Barred)
	}
	if f.State != nil {
		dst = appendBytes(dst, f.State)
	}
	return dst
}

// Decode reads a frame. What a length claims is checked against what is there
// before anything is made for it.
func Decode(payload []byte) (f Frame, err error) {
	if len(payload) > MaxFrame {
		return f, fmt.Errorf("decode frame: %d bytes are more than %d", len(payload), MaxFrame)
	}
	if len(payload) == 0 || payload[0] != version {
		return f, ErrVersion
	}
	r := cursor{rest: payload[1:]}
	f.Print = r.fixed()
	f.Epoch, f.Seq = r.uint(), r.uint()
	flags := r.byte()
	f.Messages = r.list(maxMessages)
	if f.Whole = flags&flagWhole != 0; f.Whole {
		f.Standing = r.list(maxMessages)
		for _, id := range r.list(maxBarred) {
			if len(id) > maxID {
				r.bad = true
				break
			}
			f.Barred = append(f.Barred, string(id))
		}
	}
	if flags&flagState != 0 {
		f.State = r.bytes()
	}
	if r.bad || len(r.rest) > 0 || flags&^(flagWhole|flagState) != 0 {
		return Frame{}, errCut
	}
	return f, nil
}

// cursor reads on after a fault, and gives nothing then.
type cursor struct {
	rest []byte
	bad  bool
}

func (c *cursor) take(n int) []byte {
	if c.bad || n > len(c.rest) {
		c.bad = true
		return nil
	}
	p := c.rest[:n:n]
	c.rest = c.rest[n:]
	return p
}

func (c *cursor) byte() byte {
	if p := c.take(1); p != nil {
		return p[0]
	}
	return 0
}

func (c *cursor) fixed() uint64 {
	if p := c.take(8); p != nil {
		return binary.LittleEndian.Uint64(p)
	}
	return 0
}

func (c *cursor) uint() uint64 {
	v, n := binary.Uvarint(c.rest)
	if c.bad || n <= 0 {
		c.bad = true
		return 0
	}
	c.rest = c.rest[n:]
	return v
}

func (c *cursor) bytes() []byte { return c.take(int(min(c.uint(), MaxFrame+1))) }

func (c *cursor) list(most int) [][]byte {
	n := c.uint()
	if n > uint64(most) || n > uint64(len(c.rest)) { // each takes a byte at least
		c.bad = true
		return nil
	}
	list := make([][]byte, 0, n)
	for range n {
		list = append(list, c.bytes())
	}
	return list
}
