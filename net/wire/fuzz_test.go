package wire_test

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

// FuzzDecode: whatever a client sends, the decoder returns; what it accepts is
// within the schema and is the same message when encoded again.
func FuzzDecode(f *testing.F) {
	for _, v := range append(clientVectors(), badClientVectors()...) {
		f.Add(v.bytes)
	}
	s := schema()
	f.Fuzz(func(t *testing.T, frame []byte) {
		var m, again wire.ClientMessage
		if err := wire.Decode(frame, s, &m); err != nil {
			return
		}
		var out []byte
		switch m.Type {
		case wire.TypeInput:
			if err := wire.Check(&s.Input, m.Input.Fields, m.Type); err != nil {
				t.Fatalf("accepted %v", err)
			}
			out = wire.AppendInput(nil, &m.Input, &s.Input)
		case wire.TypeCommand:
			shape := &s.Commands[m.Command.Index]
			if err := wire.Check(shape, m.Command.Fields, m.Type); err != nil {
				t.Fatalf("accepted %v", err)
			}
			out = wire.AppendCommand(nil, &m.Command, shape)
		case wire.TypeChat:
			if !utf8.ValidString(m.Chat.Text) || len(m.Chat.Text) > wire.MaxChat {
				t.Fatalf("accepted chat %q", m.Chat.Text)
			}
			out = wire.AppendChat(nil, m.Chat)
		case wire.TypePing:
			out = wire.AppendPing(nil, m.Ping)
		default:
			return
		}
		if len(out) > len(frame) {
			t.Fatalf("% x is % x when encoded, which is longer", frame, out)
		}
		if err := wire.Decode(out, s, &again); err != nil || again.Type != m.Type {
			t.Fatalf("% x does not come back: %v", out, err)
		}
	})
}

// FuzzDecodeServer: whatever a server sends, a client survives it, a mirror
// included, and a welcome's schema can be used.
func FuzzDecodeServer(f *testing.F) {
	for _, v := range append(serverVectors(), badServerVectors()...) {
		f.Add(v.bytes)
	}
	for _, s := range stateSteps() {
		f.Add(s.bytes())
	}
	s := schema()
	first := stateSteps()[0].bytes()
	f.Fuzz(func(t *testing.T, frame []byte) {
		var m wire.ServerMessage
		mirror := state.NewMirror(s.Tables)
		apply(t, mirror, first)
		if err := wire.DecodeServer(frame, s, &m); err != nil {
			return
		}
		switch m.Type {
		case wire.TypeWelcome:
			state.NewMirror(m.Welcome.Schema.Tables)
			out := wire.AppendWelcome(nil, &m.Welcome)
			var again wire.ServerMessage
			if err := wire.DecodeServer(out, nil, &again); err != nil {
				t.Fatalf("% x does not come back: %v", out, err)
			}
			if twice := wire.AppendWelcome(nil, &again.Welcome); !bytes.Equal(out, twice) {
				t.Fatalf("% x comes back as % x", out, twice)
			}
		case wire.TypeState:
			if mirror.Apply(m.Body(), m.State.Keyframe) == nil && m.Body().Done() == nil {
				describeMirror(mirror, s, 1)
			}
		case wire.TypeResult:
			if 3*len(m.Result.Places) > len(frame) {
				t.Fatalf("%d places of %d bytes", len(m.Result.Places), len(frame))
			}
		}
	})
}
