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
	mirror := &reference{tables: schema().Tables}
	golden(t, "state", "State messages of one connection, in order.", vectors, func(frame []byte) object {
		if err := wire.DecodeServer(frame, nil, &m); err != nil {
			t.Fatalf("decode: %v", err)
		}
		if m.State.Keyframe {
			tick, applied = 0, 0
		}
		tick, applied = tick+m.State.Tick, applied+m.State.Applied
		if err := mirror.apply(m.Body(), m.State.Keyframe); err != nil {
			t.Fatalf("apply: %v", err)
		}
		if err := m.Body().Done(); err != nil {
			t.Fatalf("after apply: %v", err)
		}
		return object{
			"keyframe": m.State.Keyframe, "tick": tick, "applied": applied, "margin": m.State.Margin,
			"tables": mirror.describe(1),
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
		mirror := &reference{tables: s.Tables}
		apply(t, mirror, stateSteps()[0].bytes())
		if err = mirror.apply(m.Body(), m.State.Keyframe); err == nil {
			err = m.Body().Done()
		}
		if err == nil {
			t.Errorf("accepted")
		}
		return object{"code": "state", "about": wire.TypeState}
	})
}

func apply(t *testing.T, mirror *reference, frame []byte) {
	t.Helper()
	var m wire.ServerMessage
	if err := wire.DecodeServer(frame, nil, &m); err != nil {
		t.Fatal(err)
	}
	if err := mirror.apply(m.Body(), m.State.Keyframe); err != nil {
		t.Fatal(err)
	}
}

// golden compares the vectors and what describe says of them to the files of
// that name, or writes them with -update.
func golden(t *testing.T, name, title string, vectors []vector, describe func([]byte) object) {
	t.Helper()
	var bin, text bytes.Buffer
	bin.WriteString("# " + title + " The form is in README.md.\n\n")
	text.WriteString("[")
	for i, v := range vectors {
		bin.WriteString(v.name + ": " + hex.EncodeToString(v.bytes) + "\n")
		o := describe(v.bytes)
		o["name"] = v.name
		line, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		text.WriteString(strings.Repeat(",", min(i, 1)) + "\n" + string(line))
	}
	text.WriteString("\n]\n")
	compare(t, name+".hex", bin.Bytes())
	compare(t, name+".json", text.Bytes())
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
