// Command sandlot is the game server with the bundled games.
package main

import (
	"github.com/sandlot-server/sandlot/cmd"
	_ "github.com/sandlot-server/sandlot/game/arena"
	_ "github.com/sandlot-server/sandlot/game/fours"
)

func main() { cmd.Main() }
