package cmd_test

import (
	"os"
	"strings"
	"testing"
)

// The types of the bundled games. assets/sdk/test/games.ts uses these files
// with the SDK, and "npm run check" compiles it.
func TestTypes(t *testing.T) {
	for _, game := range []string{"arena", "fours"} {
		code, out, errOut := run(t, "types", "--game", game)
		if code != 0 || errOut != "" {
			t.Fatalf("%s: %d %s", game, code, errOut)
		}
		golden(t, "testdata/types/"+game+".ts", out)
	}
}

func TestTypesOfWhichGame(t *testing.T) {
	for _, tc := range []struct{ args, want string }{
		{"types", "--game is one of arena, fours"},
		{"types --game chess", `there is no game "chess": there are arena, fours`},
	} {
		if code, out, errOut := run(t, strings.Fields(tc.args)...); code != 1 || out != "" || !strings.Contains(errOut, tc.want) {
			t.Errorf("%s: %d %q %q", tc.args, code, out, errOut)
		}
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (run with -update to write it)", err)
	}
	if got != string(want) {
		t.Errorf("%s is not what is printed any longer; run with -update", file)
	}
}
