// Package cmd is the sandlot program: its command line, its configuration and
// the wiring of everything else. [Main] is all that a server with other games
// needs:
//
//	package main
//
//	import (
//		"github.com/sandlot-server/sandlot/cmd"
//		_ "example.com/snake" // its init calls game.Register
//	)
//
//	func main() { cmd.Main() }
//
// Each verb has a file of its own. [Config] is the configuration as data, read
// by [Load] from config.toml, SANDLOT_… variables and flags, the latter
// stronger; whatever is wrong with it is refused at once, all of it. [New] wires
// a [Server], which starts nothing until Run.
//
// Goroutines, all within Server.Run: the lobbies', the sockets' and those of
// the two HTTP servers stop first; the keys', the bus' and the admin port's,
// which the others lean on, stop last.
//
// Bounds: stopping takes at most limits.shutdown; a request's headers have 8 KiB;
// every label of a metric comes from a fixed list.
package cmd
