package ws

import (
	"bytes"
	"testing"
)

// maskedFrame is a client's frame with the zero key.
func maskedFrame(first byte, payload ...byte) []byte {
	return append([]byte{first, 0x80 | byte(len(payload)), 0, 0, 0, 0}, payload...)
}

func TestWhole(t *testing.T) {
	message, ping := maskedFrame(0x82, 1, 2, 3), maskedFrame(0x89, 'x')
	begin, end := maskedFrame(0x02, 1), maskedFrame(0x80, 2)
	parts := bytes.Join([][]byte{begin, ping, maskedFrame(0x00), end}, nil)
	for _, c := range []struct {
		name  string
		b     []byte
		n     int
		alone bool
	}{
		{"nothing", nil, 0, false},
		{"a message", message, 9, false},
		{"more than one", append(bytes.Clone(message), message...), 9, false},
		{"a ping", ping, 7, true},
		{"a ping before a message", append(bytes.Clone(ping), message...), 7, true},
		{"fragments, a ping among them", parts, len(parts), false},
		{"fragments without the last", parts[:len(parts)-1], 0, false},
		{"a close among fragments", append(bytes.Clone(begin), maskedFrame(0x88)...), 13, false},
		{"a message within one", append(bytes.Clone(begin), message...), 16, false},
		{"unmasked", []byte{0x82, 1, 9}, 2, false},
		{"too long, by its header", []byte{0x82, 0xfe, 0xff, 0xff, 0, 0, 0, 0}, 8, false},
		{"longer than can be", []byte{0x82, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0}, 14, false},
	} {
		if n, alone := whole(c.b); n != c.n || alone != c.alone {
			t.Errorf("%s: %d, %v; want %d, %v", c.name, n, alone, c.n, c.alone)
		}
	}
}

// A message is found once all of it is there, and not before, whatever follows.
func FuzzWhole(f *testing.F) {
	f.Add(append(maskedFrame(0x02, 1), maskedFrame(0x80, 2)...))
	f.Add(append(maskedFrame(0x89), maskedFrame(0x82, 1)...))
	f.Add([]byte{0x82, 0xfe, 0x01, 0x00, 1, 2, 3, 4})
	f.Fuzz(func(t *testing.T, b []byte) {
		n, alone := whole(b)
		if n < 0 || n > len(b) {
			t.Fatalf("%d of %d bytes", n, len(b))
		}
		for short := range b[:n] {
			if m, _ := whole(b[:short]); m != 0 {
				t.Fatalf("%d bytes are a message, and %d are", short, n)
			}
		}
		if m, same := whole(b[:n]); n > 0 && (m != n || same != alone) {
			t.Fatalf("alone it is %d bytes, with more %d", m, n)
		}
		// A tunnel sees frames end at the same places, in however many pieces they come.
		at, pieces := new(frames), new(frames)
		at.pass(b)
		for i := range b {
			pieces.pass(b[i : i+1])
		}
		if at.between() != pieces.between() || at.left != pieces.left || at.have != pieces.have {
			t.Fatalf("at once %+v, in pieces %+v", at, pieces)
		}
	})
}
