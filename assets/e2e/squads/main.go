// Command squads is the server with one more game, for tests of teams: the
// arena, in two teams.
package main

import (
	"github.com/sandlot-server/sandlot/cmd"
	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/arena"
	_ "github.com/sandlot-server/sandlot/game/fours"
)

func main() {
	game.Register("squads", arena.New, append(arena.Options(), game.Title("Squads"), game.Teams(2))...)
	cmd.Main()
}
