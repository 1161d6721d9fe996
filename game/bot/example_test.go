package bot_test

import (
	"fmt"

	"github.com/sandlot-server/sandlot/game/bot"
)

func ExampleFours_Choose() {
	var board [42]uint8
	board[0], board[1], board[2] = 1, 1, 1 // three in the bottom row
	fmt.Println(bot.NewFours(7).Choose(&board, 1))
	// Output: 3
}

func ExamplePilot_Decide() {
	scene := bot.Scene{
		Tick: 1, Width: 80, Height: 60, Radius: 1, ShotSpeed: 1.2, Range: 45,
		Alive: true, Me: bot.Ship{ID: 1, X: 40, Y: 30, Health: 1}, Ammo: 20,
		Foes: []bot.Ship{{ID: 2, X: 70, Y: 30, Health: 1}}, // far to the right
	}
	act := bot.NewPilot(7).Decide(&scene)
	fmt.Println("moves right:", act.MoveX > 60)
	// Output: moves right: true
}
