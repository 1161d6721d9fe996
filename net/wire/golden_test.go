package wire_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sandlot-server/sandlot/game/state"
	"github.com/sandlot-server/sandlot/net/wire"
)

var update = flag.Bool("update", false, "write testdata/*.hex and *.json")

type object = map[string]any

func TestGoldenClient(t *testing.T) {
	var m wire.ClientMessage
	s := schema()
	golden(t, "client", "What clients send.", clientVectors(), func(frame []byte) object {
		if err := wire.Decode(frame, s, &m); err != nil {
			t.Errorf("decode: %v", err)
		}
		return object{"message": describeClient(&m, s)}
	})
}

func TestGoldenServer(t *testing.T) {
	s := schema()
	golden(t, "server", "What servers send.", serverVectors(), func(frame []byte) object {
		var m wire.ServerMessage
		if err := wire.DecodeServer(frame, s, &m); err != nil {
			t.Errorf("decode: %v", err)
		}
		return object{"message": describeServer(&m, s)}
	})
}

func TestGoldenState(t *testing.T) {
	var vectors []vector
	for _, s := range stateSteps() {
		vectors = append(vectors, vector{s.name, s.bytes()})
	}
	var m wire.ServerMessage
	var tick, applied uint32
	plain, mirror := &reference{tables: schema().Tables}, state.NewMirror(schema().Tables)
	golden(t, "state", "State messages of one connection, in order.", vectors, func(frame []byte) object {
		if err := wire.DecodeServer(frame, nil, &m); err != nil {
			t.Fatalf("decode: %v", err)
		}
		if m.State.Keyframe {
			tick, applied = 0, 0
		}
		tick, applied = tick+m.State.Tick, applied+m.State.Applied
		if err := plain.apply(m.Body(), m.State.Keyframe); err != nil {
			t.Fatalf("apply by the reference: %v", err)
		}
		if err := m.Body().Done(); err != nil {
			t.Fatalf("after apply: %v", err)
		}
		apply(t, mirror, frame)
		tables := plain.describe(1)
		if got, want := text(t, describeMirror(mirror, schema(), 1)), text(t, tables); got != want {
			t.Errorf("the mirror holds\n%s\nthe reference\n%s", got, want)
		}
		return object{
			"keyframe": m.State.Keyframe, "tick": tick, "applied": applied, "margin": m.State.Margin,
			"tables": tables,
		}
	})
}

func TestGoldenBadClient(t *testing.T) {
	var m wire.ClientMessage
	s := schema()
	golden(t, "bad_client", "What a server refuses.", badClientVectors(), func(frame []byte) object {
		return describeError(t, wire.Decode(frame, s, &m))
	})
}

func TestGoldenBadServer(t *testing.T) {
	s := schema()
	golden(t, "bad_server", "What a client refuses.", badServerVectors(), func(frame []byte) object {
		var m wire.ServerMessage
		err := wire.DecodeServer(frame, s, &m)
		if err != nil || m.Type != wire.TypeState {
			return describeError(t, err)
		}
		plain, mirror := &reference{tables: s.Tables}, state.NewMirror(s.Tables)
		first := stateSteps()[0].bytes()
		apply(t, mirror, first)
		if err := mirror.Apply(m.Body(), m.State.Keyframe); err == nil && m.Body().Done() == nil {
			t.Errorf("the mirror accepts %x", frame)
		}
		for _, p := range [][]byte{first, frame} {
			if err = wire.DecodeServer(p, nil, &m); err == nil {
				err = plain.apply(m.Body(), m.State.Keyframe)
			}
		}
		if err == nil && m.Body().Done() == nil {
			t.Errorf("the reference accepts %x", frame)
		}
		return object{"code": "state", "about": wire.TypeState}
	})
}

func text(t *testing.T, o object) string {
	t.Helper()
	b, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func apply(t *testing.T, mirror *state.Mirror, frame []byte) {
	t.Helper()
	var m wire.ServerMessage
	if err := wire.DecodeServer(frame, nil, &m); err != nil {
		t.Fatal(err)
	}
	if err := mirror.Apply(m.Body(), m.State.Keyframe); err != nil {
		t.Fatal(err)
	}
}

// golden compares the vectors and what describe says of them to the files of
// that name, or writes them with -update.
func golden(t *testing.T, name, title string, vectors []vector, describe func([]byte) object) {
	t.Helper()
	var bin, list bytes.Buffer
	bin.WriteString("# " + title + " The form is in README.md.\n\n")
	list.WriteString("[")
	for i, v := range vectors {
		bin.WriteString(v.name + ": " + hex.EncodeToString(v.bytes) + "\n")
		o := describe(v.bytes)
		o["name"] = v.name
		line, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		list.WriteString(strings.Repeat(",", min(i, 1)) + "\n" + string(line))
	}
	list.WriteString("\n]\n")
	compare(t, name+".hex", bin.Bytes())
	compare(t, name+".json", list.Bytes())
}

func compare(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	a, b := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	for i := range max(len(a), len(b)) {
		switch {
		case i >= len(a):
			t.Fatalf("%s: a line too many: %s", path, b[i])
		case i >= len(b):
			t.Fatalf("%s: a line is missing: %s", path, a[i])
		case a[i] != b[i]:
			t.Fatalf("%s, line %d:\nfile %s\ncode %s", path, i+1, a[i], b[i])
		}
	}
}
