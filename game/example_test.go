package game_test

import (
	"fmt"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/state"
)

// Coins is a whole game: walk over a field and pick up coins; who has three wins.
type Coins struct {
	Walkers game.Table[Walker] `sync:"max=4"` // one a player
	Coins   game.Table[Coin]   `sync:"max=2"`
	Rules   Rules              `sandlot:"settings"`
}

// Walker is a player on the field.
type Walker struct {
	X, Y int16 `sync:"lerp"` // clients glide from tick to tick
	Got  uint8 `sync:""`
}

// Coin lies on the field.
type Coin struct {
	X, Y int16 `sync:""`
}

// Keys is what a player holds down.
type Keys struct {
	X, Y int8 `range:"-1..1"`
}

// Picked tells everyone who found a coin.
type Picked struct {
	By game.Player
}

// Rules are what a lobby's host may change.
type Rules struct {
	Goal int `range:"1..50" default:"3"`
}

const field = 10 // squares a side

// Step is one tick: who came and went, then everyone moves.
func (g *Coins) Step(t *game.Tick) {
	for _, e := range t.Events {
		switch e.Kind {
		case game.Joined:
			g.Walkers.Add(e.Player, Walker{X: field / 2, Y: field / 2})
		case game.Left:
			for id := range g.Walkers.Owned(e.Player) {
				g.Walkers.Remove(id)
			}
		}
	}
	for g.Coins.Len() < g.Coins.Max() {
		g.Coins.Add(0, Coin{X: int16(t.Rand.IntN(field)), Y: int16(t.Rand.IntN(field))})
	}
	for id, w := range g.Walkers.All() {
		g.walk(t, g.Walkers.Owner(id), w)
	}
}

func (g *Coins) walk(t *game.Tick, p game.Player, w *Walker) {
	keys := t.Input(p).(*Keys)
	w.X = min(max(w.X+int16(keys.X), 0), field-1)
	w.Y = min(max(w.Y+int16(keys.Y), 0), field-1)
	for id, c := range g.Coins.All() {
		if c.X == w.X && c.Y == w.Y {
			g.Coins.Remove(id)
			w.Got++
			t.Broadcast(Picked{By: p})
		}
	}
	if int(w.Got) >= g.Rules.Goal {
		t.End(game.Result{Places: []game.Place{{Player: p, Rank: 1, Score: int64(w.Got)}}})
	}
}

// Greedy is a bot: it goes for the oldest coin. It sees what a client sees.
type Greedy struct{}

// Think is called once a tick.
func (Greedy) Think(v *game.View, in any) any {
	keys := in.(*Keys)
	walkers, coins := v.Mirror.Table("walkers"), v.Mirror.Table("coins")
	x, _, _ := walkers.Field("x")
	y, _, _ := walkers.Field("y")
	for pos := range walkers.Len() {
		if walkers.Owner(pos) == v.Me && coins.Len() > 0 {
			keys.X = sign(coins.Int(0, x) - walkers.Int(pos, x))
			keys.Y = sign(coins.Int(0, y) - walkers.Int(pos, y))
		}
	}
	return nil // no command
}

func sign(n int64) int8 { return int8(min(max(n, -1), 1)) }

// coinsOptions is what the game says about itself. In a module of its own it is
// part of an init function:
//
//	func init() { game.Register("coins", newCoins, coinsOptions...) }
var coinsOptions = []game.Option{
	game.Title("Coins"),
	game.Rate(10), // ticks a second
	game.Players(1, 4),
	game.LateJoin(),
	game.Input(Keys{}),
	game.Events(Picked{}),
	game.Bots(func(seed uint64) game.Brain { return Greedy{} }),
}

func newCoins() game.Game { return new(Coins) }

// Sandlot runs registered games by itself. Here a bot plays one to its end.
func Example() {
	coins, err := game.Define("coins", newCoins, coinsOptions...)
	if err != nil {
		fmt.Println(err)
		return
	}
	match, err := game.NewRunner(coins, 1, nil) // chance from seed 1, settings at their defaults
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := match.Join(1, "ann", false, 0); err != nil {
		fmt.Println(err)
	}
	bot := coins.NewBrain(1)
	view := &game.View{Me: 1, Mirror: state.NewMirror(coins.Schema().Tables)}
	for seq := uint32(1); ; seq++ {
		in := coins.NewInput()
		bot.Think(view, in)
		values, _ := coins.InputValues(nil, in)
		match.Input(1, seq, 0, values)
		match.Step()
		view.Mirror.Fill(match.Ring().Newest(), match.View(1), 1)
		if result, over := match.Result(); over {
			fmt.Println("rank", result.Places[0].Rank, "score", result.Places[0].Score)
			return
		}
	}
	// Output: rank 1 score 3
}
