package wire_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"github.com/vmihailenco/msgpack/v5"
	"pgregory.net/rapid"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

func TestFrameHeaders(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 4, 125, 126, 127, 65535, 65536, 70000} {
		payload := bytes.Repeat([]byte{0xab}, n)
		before := []byte("before")
		whole := wire.AppendFrame(bytes.Clone(before), payload)
		head := whole[len(before) : len(whole)-n]
		var length uint64
		switch {
		case n < 126:
			length = uint64(head[1])
		case n < 65536:
			length = uint64(binary.BigEndian.Uint16(head[2:]))
		default:
			length = binary.BigEndian.Uint64(head[2:])
		}
		if head[0] != 0x82 || length != uint64(n) || !bytes.Equal(whole[len(whole)-n:], payload) {
			t.Errorf("%d bytes: header % x", n, head)
		}
		dst, start := wire.BeginFrame(bytes.Clone(before))
		dst = wire.EndFrame(append(dst, payload...), start)
		if !bytes.Equal(dst, whole) {
			t.Errorf("%d bytes: begun and ended % x…, in one % x…", n, dst[:12], whole[:min(len(whole), 12)])
		}
	}
}

// TestIntegers: shortest encodings, and every encoding is read.
func TestIntegers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Int64Range(-wire.MaxNumber, wire.MaxNumber).Draw(t, "v")
		if rapid.Bool().Draw(t, "small") {
			v %= 70000
		}
		w := wire.NewWriter(nil)
		w.Array(1)
		w.Int(v)
		var b bytes.Buffer
		enc := msgpack.NewEncoder(&b)
		_ = enc.EncodeArrayLen(1)
		_ = enc.EncodeInt(v)
		if !bytes.Equal(w.Bytes(), b.Bytes()) {
			t.Fatalf("%d is % x, shortest % x", v, w.Bytes(), b.Bytes())
		}
		var r wire.Reader
		for _, p := range [][]byte{w.Bytes(), binary.BigEndian.AppendUint64([]byte{0x91, 0xd3}, uint64(v))} {
			r.Reset(p)
			if got := r.Int(); got != v || r.Done() != nil {
				t.Fatalf("% x is %d, %v; want %d", p, got, r.Done(), v)
			}
		}
	})
}

func TestWriterHoldsWhatClientsCanRead(t *testing.T) {
	w := wire.NewWriter(nil)
	w.Array(3)
	w.Int(1 << 60)
	w.Int(-1 << 60)
	w.Str("ab\xff\xfec")
	var r wire.Reader
	r.Reset(w.Bytes())
	a, b, s := r.Int(), r.Int(), r.Str(5)
	if a != wire.MaxNumber || b != -wire.MaxNumber || s != "ab?c" || r.Done() != nil || w.Count() != 3 {
		t.Errorf("%d %d %q %v", a, b, s, r.Done())
	}
}

func TestFaultsStay(t *testing.T) {
	var r wire.Reader
	r.Reset([]byte{0x93, 0x01, 0xc0, 0x02})
	if r.Int() != 1 || !r.More() {
		t.Fatal("the first is good")
	}
	if r.Int() != 0 || r.More() || r.Left() != 0 || r.Int() != 0 || r.Str(9) != "" || r.Bool() {
		t.Error("something was read after a fault")
	}
	var e *wire.Error
	if !errors.As(r.Err(), &e) || e.Code != wire.CodeMalformed || !strings.Contains(e.Message, "element 2 is nil") {
		t.Errorf("fault %v", r.Err())
	}
}

func TestDecodeWithoutSchema(t *testing.T) {
	var m wire.ClientMessage
	if err := wire.Decode(wire.AppendInput(nil, &wire.Input{Seq: 1}, &state.Message{}), nil, &m); err != nil {
		t.Errorf("an input without fields: %v", err)
	}
	if err := wire.Decode(unhex("94 03 01 00 06"), nil, &m); err == nil {
		t.Error("a command was accepted")
	}
	hello := wire.AppendHello(nil, wire.Hello{Credential: strings.Repeat("x", wire.MaxCredential), Lobby: "L"})
	if err := wire.Decode(hello, nil, &m); err != nil || m.Hello.Lobby != "L" {
		t.Errorf("hello: %v", err)
	}
}

func TestCheckIsWhatDecodeSays(t *testing.T) {
	s := schema()
	rapid.Check(t, func(t *rapid.T) {
		list := make([]state.Value, rapid.SampledFrom([]int{5, 5, 5, 4, 6}).Draw(t, "n"))
		for i := range list {
			list[i].Int = rapid.SampledFrom([]int64{0, 1, -1, 2, 200, -201, 65535, 65536}).Draw(t, "value")
		}
		err := wire.Check(&s.Input, list, wire.TypeInput)
		if err != nil && len(list) == wire.Slots(&s.Input) && list[2].Int != 0 && list[2].Int != 1 {
			return // sent as true, which is good
		}
		if len(list) != wire.Slots(&s.Input) {
			if err == nil {
				t.Fatal("a wrong number of values passed")
			}
			return
		}
		var m wire.ClientMessage
		got := wire.Decode(wire.AppendInput(nil, &wire.Input{Seq: 1, Fields: list}, &s.Input), s, &m)
		if (err == nil) != (got == nil) {
			t.Fatalf("check says %v, decode %v", err, got)
		}
	})
}

func TestTypes(t *testing.T) {
	counted := ""
	for i := range 256 {
		typ := wire.Type(i)
		if typ.FromClient() || typ.FromServer() {
			if strings.ContainsAny(typ.String(), "0123456789") {
				t.Errorf("type %d has no name", i)
			}
		}
		if typ.Counted() {
			counted += typ.String() + " "
		}
	}
	if counted != "event lobby member gone chat result slip match done " {
		t.Errorf("counted: %s", counted)
	}
	if wire.Type(200).String() != "200" || wire.PhaseRunning.String() != "running" || wire.Phase(9).String() != "unknown" {
		t.Error("names")
	}
}
