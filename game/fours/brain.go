package fours

import (
	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/game/bot"
	"github.com/sandlot-server/sandlot/game/state"
)

// brain plays a seat with what its client knows.
type brain struct {
	player *bot.Fours
	mirror *state.Mirror
	match  bot.Table
	turn   uint32 // the deadline of the move it is thinking about, 0 if none
	at     uint32 // the tick at which it drops
}

// Fields of the match row, in the order in which brain names them.
const (
	fieldBoard = iota
	fieldFirst
	fieldTurn
	fieldDeadline
)

// NewBrain returns a bot for one match.
func NewBrain(seed uint64) game.Brain { return &brain{player: bot.NewFours(seed)} }

var _ game.Leveled = (*brain)(nil)

// SetLevel implements game.Leveled.
func (b *brain) SetLevel(level int) { b.player.Ease(level) }

// Think waits a human moment when its turn comes, searches once and drops.
func (b *brain) Think(v *game.View, _ any) any {
	if b.mirror != v.Mirror {
		b.mirror = v.Mirror
		b.match = bot.Open(v.Mirror, "match", "board", "first", "turn", "deadline")
	}
	if b.match.Len() == 0 || game.Player(b.match.Int(0, fieldTurn)) != v.Me {
		b.turn = 0
		return nil
	}
	if deadline := uint32(b.match.Int(0, fieldDeadline)); b.turn != deadline {
		b.turn = deadline
		b.at = v.Tick + b.wait()
		if last := deadline - min(deadline, rate); b.at > last {
			b.at = last // better soon than late
		}
	}
	if v.Tick < b.at {
		return nil
	}
	b.at = v.Tick + 2*rate // in case the drop gets lost on the way
	board, disc := b.read(), uint8(2)
	if game.Player(b.match.Int(0, fieldFirst)) == v.Me {
		disc = 1
	}
	column := b.player.Choose(&board, disc)
	if column < 0 {
		return nil
	}
	return Drop{Column: uint8(column)}
}

// wait is how many ticks it thinks.
func (b *brain) wait() uint32 {
	discs := 0
	for _, v := range b.read() {
		if v != 0 {
			discs++
		}
	}
	return uint32(b.player.Think(discs) * rate / 10)
}

func (b *brain) read() (board [Cells]uint8) {
	for i := range board {
		board[i] = uint8(b.match.Elem(0, fieldBoard, i))
	}
	return board
}
