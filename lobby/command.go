package lobby

import (
	"errors"

	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/net/session"
	"github.com/sandlot-server/sandlot/net/wire"
)

// answersKept is how many refusals are remembered: as many as a client of ours has
// commands that wait for their answer.
const answersKept = 32

// answered is what became of a seat's commands, over all its connections and
// matches: one that is sent again gets the answer that was lost, and no other.
//
// Bound: the last 32 refusals. An older command counts as one that was not refused.
type answered struct {
	newest  uint32 // command number
	refused []wire.Done
}

func (a *answered) note(d wire.Done) {
	a.newest = max(a.newest, d.N)
	if d.Code == "" {
		return
	}
	if len(a.refused) == answersKept {
		a.refused = append(a.refused[:0], a.refused[1:]...)
	}
	a.refused = append(a.refused, d)
}

func (a *answered) of(n uint32) wire.Done {
	for _, d := range a.refused {
		if d.N == n {
			return d
		}
	}
	return wire.Done{N: n}
}

// command hands a command to the game, each number once, and says what became of it.
func (l *Loop) command(s *seat, in session.Incoming) {
	if in.N > s.commands.newest { // else it is sent again, after a reconnect
		s.commands.note(l.hand(s, in))
	}
	l.sayDone(s.commands.of(in.N), func(message []byte) { l.sayTo(s, message) })
}

// hand is command for one that is new.
func (l *Loop) hand(s *seat, in session.Incoming) wire.Done {
	var err error
	switch {
	case in.Refused != nil: // its session has told
		return wire.Done{N: in.N, Code: in.Refused.Code, Message: in.Refused.Message}
	case l.phase != wire.PhaseRunning || !s.in:
		err = fail(CodePhase, "you are in no running match")
	default:
		err = l.runner.Command(s.player, in.Index, in.Values)
	}
	if err == nil {
		return wire.Done{N: in.N}
	}
	e := &Error{Code: CodeRejected, Message: err.Error()}
	if own := new(game.Error); errors.As(err, &own) {
		e.Code = "command_" + own.Code
	} else if own := new(Error); errors.As(err, &own) {
		e.Code = own.Code
	}
	l.refuse(in.From, wire.TypeCommand, e)
	return wire.Done{N: in.N, Code: e.Code, Message: e.Message}
}

func (l *Loop) sayDone(d wire.Done, say func(message []byte)) {
	l.buf = wire.AppendDone(l.buf[:0], d)
	say(l.buf)
}
