package arena

import (
	"cmp"
	"slices"

	"github.com/sandlot-server/sandlot/game"
)

// Points.
const (
	KillPoints   = 10
	BountyPoints = 5 // more for one who was on a streak
	BountyStreak = 3 // kills without dying that make a streak
)

// destroy removes a ship and settles the scores.
func (a *Arena) destroy(t *game.Tick, id game.ID, by game.Player) {
	s, victim := a.Ships.Get(id), a.Ships.Owner(id)
	points := uint16(KillPoints)
	if _, v := a.score(victim); v != nil {
		if v.Streak >= BountyStreak {
			points += BountyPoints
		}
		v.Deaths++
		v.Streak = 0
		v.RespawnAt = t.N + RespawnTicks
	}
	e := Killed{Victim: victim, X: s.X, Y: s.Y}
	if _, k := a.score(by); k != nil {
		k.Kills++
		k.Streak++
		k.Score += points
		e.Killer, e.Points = by, points
	}
	a.Ships.Remove(id)
	t.Broadcast(e)
}

// judge ends the round when time is up or someone has the kills that win.
func (a *Arena) judge(t *game.Tick) {
	over := t.N >= a.EndsAt
	for _, s := range a.Scores.All() {
		over = over || a.Kills > 0 && s.Kills >= a.Kills
	}
	if over {
		a.Over = true
		t.End(a.result())
	}
}

// result ranks the players by score; of equal scores fewer deaths rank better,
// and what is still equal shares its rank.
func (a *Arena) result() game.Result {
	type standing struct {
		player        game.Player
		score, deaths uint16
	}
	var all []standing
	for id, s := range a.Scores.All() {
		all = append(all, standing{a.Scores.Owner(id), s.Score, s.Deaths})
	}
	slices.SortStableFunc(all, func(x, y standing) int {
		return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(x.deaths, y.deaths))
	})
	var r game.Result
	for i, s := range all {
		rank := i + 1
		if i > 0 && s.score == all[i-1].score && s.deaths == all[i-1].deaths {
			rank = r.Places[i-1].Rank
		}
		r.Places = append(r.Places, game.Place{Player: s.player, Rank: rank, Score: int64(s.score)})
	}
	return r
}
