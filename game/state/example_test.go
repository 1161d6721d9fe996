package state_test

import (
	"fmt"
	"reflect"

	"github.com/sandlot-server/sandlot/game/state"
)

type pond struct {
	Ducks state.Table[duck] `sync:"max=8"`
}

type duck struct {
	X    int32 `sync:"step=64,lerp,predict"`
	Bait uint8 `sync:"owner"`
}

// A state goes from a game to two viewers: each sees all ducks, and its own
// exactly.
func Example() {
	layout, err := state.Compile(reflect.TypeFor[pond]())
	if err != nil {
		fmt.Println(err)
		return
	}
	game := &pond{}
	layout.Bind(game)
	game.Ducks.Add(1, duck{X: 1000, Bait: 3})
	game.Ducks.Add(2, duck{X: 2000, Bait: 5})

	ring := state.NewRing(layout, 30)
	differ := state.NewDiffer(layout.Tables())
	now := ring.Capture(1, game)
	for player := state.Player(1); player <= 2; player++ {
		var message state.Tape
		differ.Body(&message, nil, now, nil, nil)
		differ.Owner(&message, nil, now, nil, nil, player)

		mirror := state.NewMirror(layout.Tables())
		if err := mirror.Apply(message.Source(), true); err != nil {
			fmt.Println(err)
			return
		}
		ducks := mirror.Table("ducks")
		x, _, _ := ducks.Field("x")
		bait, _, _ := ducks.Field("bait")
		for pos := range ducks.Len() {
			fmt.Printf("player %d: duck %d of %d at %d with %d\n",
				player, ducks.ID(pos), ducks.Owner(pos), ducks.Int(pos, x), ducks.Int(pos, bait))
		}
	}
	// Output:
	// player 1: duck 1 of 1 at 1000 with 3
	// player 1: duck 2 of 2 at 1984 with 0
	// player 2: duck 1 of 1 at 1024 with 0
	// player 2: duck 2 of 2 at 2000 with 5
}
