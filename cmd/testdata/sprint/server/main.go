// Command server is a Sandlot with a game of its own.
package main

import (
	_ "example.com/sprint"
	"github.com/sandlot-server/sandlot/cmd"
)

func main() { cmd.Main() }
