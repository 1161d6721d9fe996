package hostile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/sandlot-server/sandlot/net/wire"
)

func TestFrames(t *testing.T) {
	t.Parallel()
	s := ordinary(t)
	ping := wire.AppendPing(nil, wire.Ping{ClientTime: 1})
	many := func(n int, f []byte) []byte { return bytes.Repeat(f, n) }
	for _, tc := range []struct {
		input string
		sent  []byte
		want  string
	}{
		{"4,097 bytes", frame(fin|opBinary, make([]byte, 4097)), "1009 toobig"},
		{"a header that claims 16 MiB", claimed(fin|opBinary, 16<<20, nil), "1009 toobig"},
		{"a header that claims 2^63", claimed(fin|opBinary, 1<<63, nil), "1002 protocol"},
		{"a header that claims 2^64-1", claimed(fin|opBinary, math.MaxUint64, nil), "1002 protocol"},
		{"a header that claims 2^63-1 in a fragment", claimed(opBinary, 1<<63-1, nil), "1009 toobig"},
		{"fragments of 4,097 bytes in all", append(frame(opBinary, make([]byte, 4000)), frame(fin|opContinue, make([]byte, 97))...), "1009 toobig"},
		{"a text frame", frame(fin|opText, []byte("hello")), "1003 binary"},
		{"a text frame that is no UTF-8", frame(fin|opText, []byte{0xff, 0xfe}), "1003 binary"},
		{"an unmasked frame", append([]byte{fin | opBinary, byte(len(ping))}, ping...), "1002 protocol"},
		{"RSV1 without deflate", frame(fin|0x40|opBinary, ping), "1002 protocol"},
		{"RSV2", frame(fin|0x20|opBinary, ping), "1002 protocol"},
		{"RSV3", frame(fin|0x10|opBinary, ping), "1002 protocol"},
		{"an opcode that does not exist", frame(fin|3, ping), "1002 protocol"},
		{"a control opcode that does not exist", frame(fin|11, nil), "1002 protocol"},
		{"a fragmented ping", frame(opPing, nil), "1002 protocol"},
		{"a ping of 126 bytes", frame(fin|opPing, make([]byte, 126)), "1002 protocol"},
		{"a close of one byte", frame(fin|opClose, []byte{3}), "1002 protocol"},
		{"an orphan continuation", frame(fin|opContinue, ping), "1002 protocol"},
		{"a message within a fragmented one", append(frame(opBinary, ping[:1]), frame(fin|opBinary, ping)...), "1002 protocol"},
		{"10,000 empty fragments", append(frame(opBinary, nil), many(10_000, frame(opContinue, nil))...), "1002 protocol"},
		{"10,000 fragments of a byte", append(frame(opBinary, nil), many(10_000, frame(opContinue, []byte{1}))...), "1002 protocol"},
		{"a fragment with 5,000 pings in it", append(frame(opBinary, nil), many(5000, frame(fin|opPing, nil))...), "1002 protocol"},
		{"HTTP in place of frames", []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), "1002 protocol"},
		{"noise", many(64, []byte{0xde, 0xad, 0xbe, 0xef, 0x42}), "1002 protocol"},
	} {
		so, _, _ := s.player(t, "traps")
		_ = so.raw(tc.sent) // it may be closed while we write
		got := so.end()
		if strings.HasPrefix(tc.input, "a close of one") && (got == "1006 lost" || strings.HasPrefix(got, "1000")) {
			got = tc.want // the peer closed: what it is told no longer matters
		}
		check(t, "frame", tc.input, tc.want, got)
	}
	so, _, _ := s.player(t, "traps")
	ok := append(frame(opBinary, ping[:1]), frame(fin|opPing, []byte("between"))...)
	for _, b := range ping[1:] {
		ok = append(ok, frame(opContinue, []byte{b})...)
	}
	if err := so.raw(ok, frame(fin|opContinue, nil)); err != nil {
		t.Fatal(err)
	}
	_, err := so.message(wire.TypePong)
	check(t, "frame", "a good message in fragments with a ping between", nil, err)

	// Cut off in the middle of a frame: nothing is left behind.
	so, _, _ = s.player(t, "traps")
	if err := so.raw(claimed(fin|opBinary, 100, []byte("half"))); err != nil {
		t.Fatal(err)
	}
	so.Close()
}

// be32 is a first byte with four bytes of length behind it.
func be32(first byte, n uint32) []byte { return binary.BigEndian.AppendUint32([]byte{first}, n) }

// bombs are messages that a careless decoder would choke on.
func bombs() []struct {
	input, want string
	message     []byte
} {
	float := func(first byte, bits uint64) []byte {
		return append([]byte{0x92, byte(wire.TypePing), first}, binary.BigEndian.AppendUint64(nil, bits)...)
	}
	after := func(head []byte, rest ...byte) []byte { return append(head, rest...) }
	return []struct {
		input, want string
		message     []byte
	}{
		{"nothing", "malformed", nil},
		{"array32 of 2^32-1", "malformed", be32(0xdd, math.MaxUint32)},
		{"array32 of 2^32-1 that begins well", "malformed arity", after(be32(0xdd, math.MaxUint32), 5, 1)},
		{"map32 of 2^32-1", "malformed", be32(0xdf, math.MaxUint32)},
		{"bin32 of 2^32-1", "malformed", be32(0xc6, math.MaxUint32)},
		{"ext32 of 2^32-1", "malformed", be32(0xc9, math.MaxUint32)},
		{"str32 of 2^32-1 as chat", "malformed", after([]byte{0x93, 4, 0}, be32(0xdb, math.MaxUint32)...)},
		{"bin32 of 2^32-1 as chat", "malformed kind", after([]byte{0x93, 4, 0}, be32(0xc6, math.MaxUint32)...)},
		{"arrays 4,000 deep", "malformed", bytes.Repeat([]byte{0x91}, 4000)},
		{"maps 4,000 deep", "malformed", bytes.Repeat([]byte{0x81}, 4000)},
		{"a map in place of the message", "malformed", []byte{0x81, 5, 1}},
		{"a map as a field", "malformed kind", []byte{0x92, 5, 0x80}},
		{"bytes left over", "malformed arity", []byte{0x92, 5, 1, 0}},
		{"two messages in one", "malformed arity", []byte{0x92, 5, 1, 0x92, 5, 1}},
		{"cut short", "malformed", []byte{0x92, 5}},
		{"nil", "malformed kind", []byte{0x92, 5, 0xc0}},
		{"NaN", "malformed kind", float(0xcb, math.Float64bits(math.NaN()))},
		{"infinity", "malformed kind", float(0xcb, math.Float64bits(math.Inf(1)))},
		{"a whole number as a float", "malformed kind", float(0xcb, math.Float64bits(1))},
		{"2^53+1", "range", float(0xcf, 1<<53+1)},
		{"2^64-1", "range", float(0xcf, math.MaxUint64)},
		{"-1 for a time", "range", []byte{0x92, 5, 0xff}},
		{"type 0", "unknown_type", []byte{0x91, 0}},
		{"type 64, which is the server's", "unknown_type", []byte{0x91, 64}},
		{"type -1", "unknown_type", []byte{0x91, 0xff}},
		{"type 2^32+1, which is 1 in 32 bits", "unknown_type range", append([]byte{0x91}, float(0xcf, 1<<32+1)[2:]...)},
		{"type that is text", "malformed kind unknown_type", []byte{0x91, 0xa1, 'x'}},
		{"too few fields", "arity", []byte{0x91, 5}},
		{"too many fields", "arity", []byte{0x93, 5, 1, 1}},
		{"a field twice", "arity", []byte{0x94, 4, 0, 0, 0xa1, 'x'}},
		{"an input one field short", "arity", []byte{0x95, 1, 1, 0, 0, 1}},
		{"an input out of range", "range", []byte{0x96, 1, 1, 0, 0, 2, 0}},
		{"an input far out of range", "range", append([]byte{0x96, 1, 1, 0, 0, 0}, float(0xd3, 1<<63)[2:]...)},
		{"input number 0", "range", []byte{0x96, 1, 0, 0, 0, 0, 0}},
		{"a command that does not exist", "range", []byte{0x94, 3, 1, 9, 0}},
		{"a command -1", "range", []byte{0x94, 3, 1, 0xff, 0}},
		{"a command out of range", "range", []byte{0x94, 3, 1, 0, 100}},
		{"command number 0", "range", commandNumber(0)},
		{"command number 2^32", "range", commandNumber(1 << 32)},
		{"command number 2^64-1", "range", commandNumber(math.MaxUint64)},
		{"chat of 501 bytes", "range", after([]byte{0x93, 4, 0, 0xda, 1, 0xf5}, bytes.Repeat([]byte("x"), 501)...)},
		{"chat that is no UTF-8", "text", []byte{0x93, 4, 0, 0xa2, 0xff, 0xfe}},
		{"chat to channel 2", "range", []byte{0x93, 4, 2, 0xa1, 'x'}},
		{"ready that is a number", "kind", []byte{0x92, 6, 1}},
		{"kick of player 65,536", "range", []byte{0x92, 8, 0xce, 0, 1, 0, 0}},
		{"a setting that does not exist", "range", []byte{0x93, 9, 100, 0}},
		{"hello when signed in", "unexpected", []byte{0x93, 10, 0xa0, 0xa0}},
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	s := ordinary(t)
	before := s.metric(t, `sandlot_closes_total{reason="bad"}`)
	for _, b := range bombs() {
		so, _, _ := s.player(t, "traps")
		got := ""
		for range 3 {
			_ = so.say(b.message)
			m, err := so.message(wire.TypeError)
			if err != nil {
				t.Fatalf("%s: %v instead of an error", b.input, err)
			}
			if got = b.want; !strings.Contains(" "+b.want+" ", " "+m.Error.Code+" ") {
				got = m.Error.Code + " " + m.Error.Message
			}
		}
		check(t, "message", b.input+", three times", b.want+" each, then 4504 bad", fmt.Sprint(got, " each, then ", so.end()))
	}
	// At least: other tests attack the same server.
	counted := 0.0
	eventually(t, "all of them are counted", func() bool {
		counted = s.metric(t, `sandlot_closes_total{reason="bad"}`) - before
		return counted >= float64(len(bombs()))
	})
	holds(t, "message", "all of them, counted", fmt.Sprint("at least ", len(bombs()), " closed as bad"), fmt.Sprint(counted), counted >= float64(len(bombs())))
}

// A thousand bombs leave no mark on the memory of the program that ships.
func TestMemoryOfBombs(t *testing.T) {
	t.Parallel()
	s := start(t, options{plain: true, env: []string{"SANDLOT_LOG_LEVEL=warn"}})
	token := s.guest(t, "mallory")
	lobby := s.lobby(t, token, "traps", nil).Lobby.ID
	all := bombs()
	// storm opens a socket on the same seat again and again and says three things
	// that end it. It tells how far the peak was above what was resident before.
	storm := func(message func(i int) []byte) (grew int64) {
		before := s.status(t, "VmRSS")
		// Writing 5 makes the peak begin anew (proc_pid_clear_refs(5)).
		if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", s.cmd.Process.Pid), []byte("5"), 0); err != nil {
			t.Fatal(err)
		}
		for i := range 340 {
			so := upgrade(t, s.addr, "?lobby="+lobby, bearer(token))
			for k := range 3 {
				_ = so.say(message(3*i + k))
			}
			if got := so.end(); got != "4504 bad" {
				t.Errorf("three bad messages: %s", got)
			}
			so.Close()
		}
		return s.status(t, "VmHWM") - before
	}
	// Small bad messages take the same way and claim nothing: they are the control.
	// The collector's pace alone moves the peak by about a MiB, and only ever up:
	// the least of several storms counts. What a bomb made the server allocate
	// would be in each of them.
	small := func(int) []byte { return []byte{0x91, 0x7f} } // [127], no such type
	calm, grew := storm(small), storm(func(i int) []byte { return all[i%len(all)].message })
	for n := 0; n < 6 && grew-calm >= 1024; n++ {
		calm = min(calm, storm(small))
		grew = min(grew, storm(func(i int) []byte { return all[i%len(all)].message }))
	}
	holds(t, "message", "1,020 bombs: peak resident memory", "less than 1 MiB above as many small bad messages",
		fmt.Sprintf("%d KiB, those %d KiB", grew, calm), grew-calm < 1024)
}
