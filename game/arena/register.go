package arena

import "github.com/sandlot-server/sandlot/game"

// Name is what the game is registered as.
const Name = "arena"

func init() { game.Register(Name, New, Options()...) }

// Options is all that the game says about itself at Register, for programs that
// define it once more under another name or with more options after these.
func Options() []game.Option {
	return []game.Option{
		game.Title("Arena"),
		game.Rate(rate),
		game.Players(2, maxPlayers),
		game.LateJoin(),
		game.Input(Input{}),
		game.Events(Hit{}, Killed{}, Respawned{}, Picked{}, Railed{}),
		game.Bots(NewBrain),
		game.Modes(
			game.Mode{Name: "open", Title: "Free for all", Size: 8, Min: 2},
			game.Mode{Name: "ranked", Title: "Ranked", Size: 8, Min: 4, Ranked: true, Settings: map[string]int64{"seconds": 120}},
			game.Mode{Name: "duel", Title: "Duel", Size: 2, Ranked: true, Accept: true, Settings: map[string]int64{"seconds": 90}},
		),
	}
}
