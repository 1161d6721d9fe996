package cmd_test

import (
	"bytes"
	"context"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/sandlot-server/sandlot/cmd"
	_ "github.com/sandlot-server/sandlot/game/arena"
	_ "github.com/sandlot-server/sandlot/game/fours"
)

// asProgram makes this very test binary the program, for tests that need a
// process of its own.
const asProgram = "SANDLOT_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		cmd.Main()
	}
	goleak.VerifyTestMain(m)
}

// run runs a command line in this process.
func run(t *testing.T, args ...string) (code int, out, errOut string) {
	t.Helper()
	return runWith(t.Context(), args...)
}

func runWith(ctx context.Context, args ...string) (code int, out, errOut string) {
	var o, e bytes.Buffer
	code = cmd.Run(ctx, args, &o, &e)
	return code, o.String(), e.String()
}
