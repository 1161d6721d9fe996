package wire_test

import (
	"testing"

	"github.com/sandlot-server/sandlot/net/wire"
)

func TestNoAllocations(t *testing.T) {
	s := schema()
	in := wire.Input{Seq: 70000, Ack: 300, Viewed: 297, Fields: values(-1, 65535, true, -200, 128)}
	frame := wire.AppendInput(nil, &in, &s.Input)
	dst := make([]byte, 0, 4096)
	body := wire.NewWriter(nil)
	var client wire.ClientMessage
	var server wire.ServerMessage
	state := stateSteps()[1].bytes()
	for name, f := range map[string]func(){
		"encode an input": func() { dst = wire.AppendInput(dst[:0], &in, &s.Input) },
		"decode an input": func() {
			if wire.Decode(frame, s, &client) != nil {
				panic(name(client.Type))
			}
		},
		"write a state": func() {
			var start int
			dst, start = wire.BeginFrame(dst[:0])
			body.Reset(wire.AppendStateHead(dst, false, 1, 1, 1, 64))
			for i := range int64(64) {
				body.Int(i * 5)
			}
			dst = wire.EndFrame(body.Bytes(), start)
		},
		"read a state": func() {
			if wire.DecodeServer(state, nil, &server) != nil {
				panic(name(server.Type))
			}
			for r := server.Body(); r.More(); {
				r.Int()
			}
		},
		"share an event": func() { dst = wire.AppendFrame(dst[:0], frame) },
		"a pong":         func() { dst = wire.AppendPong(dst[:0], wire.Pong{ClientTime: 1 << 50, ReceivedUS: 1 << 50}) },
	} {
		f()
		if n := testing.AllocsPerRun(500, f); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func name(t wire.Type) string { return t.String() }

func BenchmarkDecodeInput(b *testing.B) {
	s := schema()
	frame := wire.AppendInput(nil, &wire.Input{Seq: 7000, Ack: 300, Viewed: 297, Fields: values(-1, 65535, true, -2, 12)}, &s.Input)
	var m wire.ClientMessage
	b.ReportAllocs()
	for b.Loop() {
		if err := wire.Decode(frame, s, &m); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncodeInput(b *testing.B) {
	s := schema()
	in := wire.Input{Seq: 7000, Ack: 300, Viewed: 297, Fields: values(-1, 65535, true, -2, 12)}
	dst := make([]byte, 0, 64)
	b.ReportAllocs()
	for b.Loop() {
		dst = wire.AppendInput(dst[:0], &in, &s.Input)
	}
}

// BenchmarkStateValues writes 16 rows of three small differences.
func BenchmarkStateValues(b *testing.B) {
	w := wire.NewWriter(make([]byte, 0, 256))
	b.ReportAllocs()
	for b.Loop() {
		w.Reset(w.Bytes()[:0])
		for i := range int64(48) {
			w.Int(i * 3)
		}
	}
}

func BenchmarkReadStateValues(b *testing.B) {
	w := wire.NewWriter(nil)
	w.Array(48)
	for i := range int64(48) {
		w.Int(i * 3)
	}
	var r wire.Reader
	b.ReportAllocs()
	for b.Loop() {
		r.Reset(w.Bytes())
		for r.More() {
			r.Int()
		}
	}
}
