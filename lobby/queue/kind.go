package queue

import (
	"github.com/sandlot-server/sandlot/game"
	"github.com/sandlot-server/sandlot/lobby/match"
)

// kind is what the matcher must know of a mode of a game. Shared tickets carry
// it: the matcher may be an instance of an older version, or without that game.
type kind struct {
	game.Mode
	Game string
	Bots bool
}

// kindOf is that of tickets of one mode: as it is here, if the mode is known
// here.
func (q *Queue) kindOf(tickets []*Record) (k kind, ok bool) {
	if d, known := q.games(tickets[0].Game); known {
		if m, known := d.Mode(tickets[0].Mode); known {
			return kind{m, d.Name, d.HasBots()}, true
		}
	}
	for _, r := range tickets {
		if r.Kind != nil && q.rule(*r.Kind).Validate() == nil {
			return *r.Kind, true
		}
	}
	return kind{}, false
}

// rule is how tickets of a kind are paired.
func (q *Queue) rule(k kind) match.Rule {
	r := match.NewRule(k.Teams, k.Size)
	r.Min = k.Min
	if k.Bots && !k.Ranked {
		r.BotsAfter = q.cfg.BotsAfter
	}
	return r
}
