package ws

import (
	"encoding/binary"

	"github.com/sandlot-server/sandlot/net/wire"
)

// whole finds the first whole message in b: all of its fragments and what
// control frames lie among them, or a control frame alone. n is its length, 0
// while it is not all there. It judges nothing: at the first frame that is not
// as it should be the message ends, and the library, which then reads no
// further, says what is wrong.
func whole(b []byte) (n int, alone bool) {
	for at, within := 0, false; ; {
		f, ok := frameAt(b[at:])
		if !ok {
			return 0, false
		}
		if f.bad {
			return at + f.head, false
		}
		if len(b)-at < f.head+f.size {
			return 0, false
		}
		at += f.head + f.size
		switch f.opcode {
		case 0x9, 0xa:
			if !within {
				return at, true
			}
		case 0, 1, 2:
			if f.fin || within != (f.opcode == 0) {
				return at, false
			}
			within = true
		default: // a close, or unknown
			return at, false
		}
	}
}

// frame is a frame's header (RFC 6455, section 5.2).
type frame struct {
	opcode     byte
	fin, bad   bool // bad: the library refuses it without its payload
	head, size int
}

// frameAt reads the header at the start of b; false if it is not all there.
func frameAt(b []byte) (f frame, ok bool) {
	if len(b) < 2 {
		return f, false
	}
	f.fin, f.opcode = b[0]&0x80 != 0, b[0]&0x0f
	f.head, f.size = 2, int(b[1]&0x7f)
	control := f.opcode > 2
	f.bad = b[0]&0x70 != 0 || control && (!f.fin || f.size > 125)
	switch f.size {
	case 126:
		f.head = 4
	case 127:
		f.head = 10
	}
	if b[1]&0x80 != 0 {
		f.head += 4
	} else {
		f.bad = true // unmasked
	}
	if len(b) < f.head {
		return f, false
	}
	switch f.size {
	case 126:
		f.size = int(binary.BigEndian.Uint16(b[2:]))
	case 127:
		f.size = int(min(binary.BigEndian.Uint64(b[2:]), wire.MaxClientFrame+1))
	}
	f.bad = f.bad || f.size > wire.MaxClientFrame
	return f, true
}
