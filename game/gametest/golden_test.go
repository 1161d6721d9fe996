package gametest_test

import (
	"flag"
	"path/filepath"
	"testing"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/gametest"
)

// Tests of games may have a flag of that name, as many have.
var update = flag.Bool("update", false, "write golden files")

type still struct {
	N uint32 `sync:""`
}

func (g *still) Step(t *game.Tick) { g.N = t.N }

func TestGoldenIsWrittenByTheTestsOwnFlag(t *testing.T) {
	m := gametest.New(t, func() game.Game { return new(still) }, gametest.With())
	ann := m.Join("ann")
	m.Step(3)
	file := filepath.Join(t.TempDir(), "testdata", "after_3.golden")
	was := *update
	*update = true
	m.Golden(ann, file)
	*update = was
	m.Golden(ann, file) // fails if there is none, or another
}
