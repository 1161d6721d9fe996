package fours

import "github.com/sandlot-server/sandlot/game"

// Name is what the game is registered as.
const Name = "fours"

func init() { game.Register(Name, New, Options()...) }

// Options is all that the game says about itself at Register, for programs that
// define it once more under another name or with more options after these.
func Options() []game.Option {
	return []game.Option{
		game.Title("Four in a row"),
		game.Rate(rate),
		game.Players(2, 2),
		game.Commands(Drop{}),
		game.Events(Dropped{}, Refused{}, Finished{}),
		game.Bots(NewBrain),
		game.Modes(
			game.Mode{Name: "open", Title: "Casual", Size: 2},
			game.Mode{Name: "ranked", Title: "Ranked", Size: 2, Ranked: true},
		),
	}
}
