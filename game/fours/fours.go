package fours

import "github.com/sandlot-server/sandlot/game"

const rate = 10 // ticks a second

// Fours is one match.
type Fours struct {
	Board    Board       `sync:""`
	First    game.Player `sync:""` // disc 1; 0 until seated
	Second   game.Player `sync:""` // disc 2
	Turn     game.Player `sync:""` // who is to move; 0 before the start and after the end
	Deadline uint32      `sync:""` // the tick at which its time is up
	Last     int8        `sync:""` // the cell of the last disc, -1 if none
	Over     bool        `sync:""`
	Winner   game.Player `sync:""` // 0 until the end, and for a draw
	Line     [4]int8     `sync:""` // the cells of the winning line, -1 if none

	Settings Settings `sandlot:"settings"`
}

var (
	_ game.Game    = (*Fours)(nil)
	_ game.Starter = (*Fours)(nil)
)

// New returns a match that has not started.
func New() game.Game { return new(Fours) }

// Start clears the table.
func (f *Fours) Start(*game.Tick) {
	f.Last = -1
	f.Line = [4]int8{-1, -1, -1, -1}
}

// Step advances the match by one tick.
func (f *Fours) Step(t *game.Tick) {
	for _, e := range t.Events {
		if f.Over {
			return
		}
		switch e.Kind {
		case game.Joined:
			f.seat(t, e.Player)
		case game.Left:
			f.leave(t, e.Player)
		case game.Commanded:
			if d, ok := e.Command.(*Drop); ok {
				f.drop(t, e.Player, int(d.Column))
			}
		}
	}
	if f.Turn != 0 && t.N >= f.Deadline {
		f.finish(t, f.other(f.Turn), ByClock)
	}
}

// seat gives a player a side; chance says who of the two begins.
func (f *Fours) seat(t *game.Tick, p game.Player) {
	switch {
	case p == f.First || p == f.Second:
		return
	case f.First == 0:
		f.First = p
	case f.Second == 0:
		f.Second = p
	default:
		return
	}
	if f.First == 0 || f.Second == 0 {
		return
	}
	if t.Rand.IntN(2) == 1 {
		f.First, f.Second = f.Second, f.First
	}
	f.turn(t, f.First)
}

// leave frees a seat before the start and loses the match after it.
func (f *Fours) leave(t *game.Tick, p game.Player) {
	switch {
	case p != f.First && p != f.Second:
	case f.Turn != 0:
		f.finish(t, f.other(p), ByLeave)
	case p == f.First:
		f.First = 0
	default:
		f.Second = 0
	}
}

// drop plays a column for p, or tells p why not.
func (f *Fours) drop(t *game.Tick, p game.Player, column int) {
	cell, open := f.Board.Landing(column)
	why := ""
	switch {
	case p != f.First && p != f.Second:
		why = WhyWatch
	case f.Turn == 0:
		why = WhyWaiting
	case p != f.Turn:
		why = WhyTurn
	case !open:
		why = WhyFull
	}
	if why != "" {
		t.Send(p, Refused{Column: uint8(column), Why: why})
		return
	}
	f.Board[cell] = f.disc(p)
	f.Last = int8(cell)
	t.Broadcast(Dropped{Player: p, Cell: uint8(cell)})
	if line, won := f.Board.Line(cell); won {
		f.Line = line
		f.finish(t, p, ByFour)
		return
	}
	if f.Board.Full() {
		f.finish(t, 0, ByBoard)
		return
	}
	f.turn(t, f.other(p))
}

// turn gives p the move and a fresh clock.
func (f *Fours) turn(t *game.Tick, p game.Player) {
	f.Turn = p
	f.Deadline = t.N + uint32(f.Settings.Seconds*t.Rate())
}

// finish ends the match; winner 0 is a draw.
func (f *Fours) finish(t *game.Tick, winner game.Player, how string) {
	f.Over, f.Turn, f.Winner = true, 0, winner
	t.Broadcast(Finished{Winner: winner, How: how})
	places := []game.Place{{Player: f.First, Rank: 1}, {Player: f.Second, Rank: 1}}
	for i := range places {
		switch winner {
		case 0:
		case places[i].Player:
			places[i].Score = 1
		default:
			places[i].Rank = 2
		}
	}
	t.End(game.Result{Places: places})
}

func (f *Fours) other(p game.Player) game.Player {
	if p == f.First {
		return f.Second
	}
	return f.First
}

func (f *Fours) disc(p game.Player) uint8 {
	if p == f.First {
		return 1
	}
	return 2
}
