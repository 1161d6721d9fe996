package game

import (
	"cmp"
	"slices"
)

// maxCommands is how many commands of one player wait for a step; further ones
// are refused with CodeBusy. maxPending is how many events of all players wait:
// joins and commands are refused then, leaves never are.
const (
	maxCommands = 32
	maxPending  = 4096
)

// seat is one player of a running match.
type seat struct {
	Join
	commands int // waiting for the next step
	inputs   inputs
	eyes     eyes // for games with Sight
}

// seat returns p's seat, or nil.
func (r *Runner) seat(p Player) *seat {
	if int(p) < len(r.numbered) {
		return r.numbered[p]
	}
	return nil
}

func bySeat(s *seat, p Player) int { return cmp.Compare(s.Player, p) }

// Join gives p a seat; the game hears of it in the next Step. Refusals are an
// *Error with CodeFull, CodeStarted (the game takes no late joiners), CodeOver,
// CodeSeated, CodeBusy, CodeInvalid (player 0, no such team, or
// a name above 256 bytes) or CodeRefused
// (the game's Admitter said no).
func (r *Runner) Join(p Player, name string, bot bool, team uint8) error {
	switch {
	case r.over:
		return refuse(CodeOver, "the match has ended")
	case p == 0 || int(team) > r.d.Teams || len(name) > maxName:
		return refuse(CodeInvalid, "no such player, name or team")
	case r.seat(p) != nil:
		return refuse(CodeSeated, "already in the match")
	case r.started && !r.d.LateJoin:
		return refuse(CodeStarted, "the match has begun")
	case len(r.seats) >= r.d.MaxPlayers:
		return refuse(CodeFull, "the match is full")
	case r.crowded():
		return refuse(CodeBusy, "too much waits for the next tick")
	}
	j := Join{Player: p, Name: name, Bot: bot, Team: team}
	if a, ok := r.game.(Admitter); ok {
		if err := a.Admit(j); err != nil {
			return refuse(CodeRefused, err.Error())
		}
	}
	r.take(j)
	r.pending = append(r.pending, Event{Kind: Joined, Player: p, Name: name, Bot: bot, Team: team})
	return nil
}

// take puts in a seat.
func (r *Runner) take(j Join) *seat {
	s := &seat{Join: j}
	if r.d.input != nil {
		s.inputs.init(r.d.input)
	}
	i, _ := slices.BinarySearchFunc(r.seats, j.Player, bySeat)
	r.seats = slices.Insert(r.seats, i, s)
	if more := int(j.Player) + 1 - len(r.numbered); more > 0 {
		r.numbered = append(r.numbered, make([]*seat, more)...)
	}
	r.numbered[j.Player] = s
	return s
}

// Leave takes p's seat away; the game hears of it in the next Step. It does
// nothing if p has none.
func (r *Runner) Leave(p Player) {
	i, ok := slices.BinarySearchFunc(r.seats, p, bySeat)
	if !ok {
		return
	}
	s := r.seats[i]
	r.seats = slices.Delete(r.seats, i, i+1)
	r.numbered[p] = nil
	r.pending = append(r.pending, Event{Kind: Left, Player: p, Name: s.Name, Bot: s.Bot, Team: s.Team})
}

// crowded keeps room for everyone's leave.
func (r *Runner) crowded() bool { return len(r.pending)+len(r.seats) >= maxPending }
