package wire

import "encoding/binary"

// WebSocket header bytes of a whole, unmasked binary message (RFC 6455,
// section 5.2): what servers send.
const (
	binaryFrame = 0x82
	len16       = 126
	len64       = 127
	reserved    = 4 // the header of most messages; EndFrame moves what needs another
)

// AppendFrame appends payload as one ready-made WebSocket message of a server:
// binary, unmasked, final. It may be written to any number of connections.
func AppendFrame(dst, payload []byte) []byte {
	return append(AppendFrameHeader(dst, len(payload)), payload...)
}

// AppendFrameHeader appends only the header, for a payload of n bytes that
// follows in parts.
func AppendFrameHeader(dst []byte, n int) []byte {
	switch {
	case n < len16:
		return append(dst, binaryFrame, byte(n))
	case n <= 0xffff:
		return append(dst, binaryFrame, len16, byte(n>>8), byte(n))
	}
	return binary.BigEndian.AppendUint64(append(dst, binaryFrame, len64), uint64(n))
}

// BeginFrame makes room for a header whose payload is appended next and whose
// length is not yet known. EndFrame, with the same start, completes it.
func BeginFrame(dst []byte) (out []byte, start int) {
	return append(dst, make([]byte, reserved)...), len(dst)
}

// EndFrame writes the header of the frame begun at start over everything
// appended since, moving it where the header is not of the length reserved.
func EndFrame(dst []byte, start int) []byte {
	n := len(dst) - start - reserved
	var head [10]byte
	h := AppendFrameHeader(head[:0], n)
	if len(h) > reserved {
		dst = append(dst, make([]byte, len(h)-reserved)...)
	}
	if len(h) != reserved {
		copy(dst[start+len(h):], dst[start+reserved:start+reserved+n])
	}
	copy(dst[start:], h)
	return dst[:start+len(h)+n]
}
