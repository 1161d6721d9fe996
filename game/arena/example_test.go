package arena_test

import (
	"fmt"

	"github.com/sandlot-server/sandlot/game/arena"
)

// A client that predicts its own ship applies each input as it sends it, and
// once more from the server's state those that the server has not seen yet.
func ExampleMove() {
	ground := arena.Maps[0]
	ship := arena.Ship{X: 4 * arena.Unit, Y: 20 * arena.Unit}
	for range 30 {
		arena.Move(&ship, &arena.Input{MoveX: 127}, ground)
	}
	fmt.Printf("after a second at %.2f units, doing %d of %d\n", float64(ship.X)/arena.Unit, ship.VX, arena.TopSpeed)
	// Output: after a second at 14.48 units, doing 100 of 100
}
