package gametest

import (
	"testing"

	"github.com/sandlot-server/sandlot/game"
)

// Conform proves that a game keeps the contract of package game.
func Conform(t *testing.T, newGame func() game.Game, opts ...Option) {
	t.Helper()
}
