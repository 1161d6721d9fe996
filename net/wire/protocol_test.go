package wire_test

import (
	"encoding/hex"
	"os"
	"regexp"
	"strings"
	"testing"
)

var hexStart = regexp.MustCompile(`^(?:[0-9a-f]{2}(?: |$))+`)

// TestExamplesOfTheProtocol: the examples on the page are the vectors.
func TestExamplesOfTheProtocol(t *testing.T) {
	page, err := os.ReadFile("PROTOCOL.md")
	if err != nil {
		t.Fatal(err)
	}
	vectors := map[string][]byte{}
	for file, list := range map[string][]vector{"client.hex": clientVectors(), "server.hex": serverVectors()} {
		for _, v := range list {
			vectors[file+": "+v.name] = v.bytes
		}
	}
	for _, s := range stateSteps() {
		vectors["state.hex: "+s.name] = s.bytes()
	}
	found := 0
	for _, block := range strings.Split(string(page), "\n```example ")[1:] {
		block, _, _ = strings.Cut(block, "\n```")
		lines := strings.Split(block, "\n")
		var got strings.Builder
		for _, line := range lines[1:] {
			got.WriteString(strings.ReplaceAll(hexStart.FindString(line), " ", ""))
		}
		want, ok := vectors[lines[0]]
		if !ok || got.String() != hex.EncodeToString(want) {
			t.Errorf("example %q is\n%s, the vector\n%x", lines[0], got.String(), want)
		}
		found++
	}
	if found < 10 {
		t.Errorf("only %d examples", found)
	}
}
