package fours_test

import (
	"testing"

	"github.com/sandlot-server/sandlot/game/fours"
	"github.com/sandlot-server/sandlot/game/gametest"
)

func TestConforms(t *testing.T) { gametest.Conform(t, fours.New) }
