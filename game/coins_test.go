package game_test

import (
	"testing"

	"github.com/sandlot-server/sandlot/game/gametest"
)

// TestCoinsConforms is all that a game's author writes to have the contract
// proven; a registered game needs no With.
func TestCoinsConforms(t *testing.T) {
	gametest.Conform(t, newCoins, gametest.With(coinsOptions...))
}

func TestLabConforms(t *testing.T) {
	gametest.Conform(t, newLab, gametest.With(labOptions()...))
}
