package arena_test

import (
	"testing"

	"github.com/sandlot-server/sandlot/game/arena"
	"github.com/sandlot-server/sandlot/game/gametest"
)

func TestConforms(t *testing.T) { gametest.Conform(t, arena.New) }
