package lobby

import (
	"context"
	"errors"

	"github.com/sandlot-server/sandlot/lobby/match"
)

// quickFill is how many players quick play fills a new lobby to with bots, where
// the game takes so many.
const quickFill = 6

// QuickPlay puts who into a running or soon running public lobby of the game
// that has room, or into a new one that bots fill and that starts at once.
func (d *Directory) QuickPlay(ctx context.Context, who Who, o QuickPlayOptions) (Joined, error) {
	def, ok := d.games(o.Game)
	if !ok {
		return Joined{}, fail(CodeNoGame, "no game of that name is served here")
	}
	all := d.ofGame(o.Game)
	for _, l := range all { // back to where who plays already
		if l.Instant && l.Home == d.env.cfg.Instance && l.has(who.ID) {
			if j, err := d.Join(ctx, who, l.Info.ID, RolePlayer); err == nil {
				return j, nil
			}
		}
	}
	for len(all) > 0 {
		i := match.Choose(d.candidates(all))
		if i < 0 {
			break
		}
		j, err := d.Join(ctx, who, all[i].Info.ID, RolePlayer)
		if err == nil {
			return j, nil
		}
		if ctx.Err() != nil {
			return Joined{}, err
		}
		all = append(all[:i], all[i+1:]...) // filled or closed meanwhile
	}
	l, err := d.prepare(who, CreateOptions{
		Game: o.Game, Title: "Quick play", Bots: def.HasBots(),
		FillTo: min(max(quickFill, def.MinPlayers), def.MaxPlayers),
	})
	if err != nil {
		return Joined{}, err
	}
	l.instant = true
	l.publishInfo()
	j, err := d.open(ctx, who, l)
	if e := new(Error); errors.As(err, &e) && e.Code == CodeLimit {
		e.Message = "you have too many open lobbies to start another match"
	}
	return j, err
}

func (d *Directory) ofGame(name string) []*listing {
	all := d.answering()
	n := 0
	for _, l := range all {
		if l.Info.Game == name && l.Info.Mode == "" && (l.Home == d.env.cfg.Instance || l.URL != "") {
			all[n] = l
			n++
		}
	}
	return all[:n]
}

func (d *Directory) candidates(all []*listing) []match.Lobby {
	out := make([]match.Lobby, len(all))
	for i, l := range all {
		out[i] = match.Lobby{
			ID: l.Info.ID, Phase: matchPhase(l.Info.Phase), People: l.Info.Players, Max: l.Info.MaxPlayers,
			Late: l.Info.LateJoin, Instant: l.Instant, Near: l.Home == d.env.cfg.Instance, Created: l.Info.CreatedAt,
		}
	}
	return out
}

func matchPhase(p string) match.Phase {
	switch p {
	case "waiting":
		return match.Waiting
	case "countdown":
		return match.Countdown
	case "running":
		return match.Running
	}
	return match.Other
}
