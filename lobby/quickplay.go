package lobby

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/lobby/match"
)

// quickFill is how many players quick play fills a new lobby to with bots, where
// the game takes so many.
const quickFill = 6

// QuickPlay puts who into a running or soon running public lobby of the game
// that has room, or into a new one that bots fill and that starts at once.
func (d *Directory) QuickPlay(ctx context.Context, who Who, o QuickPlayOptions) (Joined, error) {
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
	if j, did, err := d.agreed(ctx, who, o); did {
		return j, err
	}
	return placed(ctx, d, o.Game, o.Region,
		func() (Joined, error) { return d.quickHere(ctx, who, o.Game) },
		func(to Instance) (Joined, error) { return ask[Joined](ctx, d, to, "quick", quickAsk{who, o.Game}) })
}

// agreed puts who into a lobby on the one instance on which all open one for quick
// plays that find none, as the first of them has said, until all know of the lobby: so
// those who come at the same moment by different instances meet. What is more than one
// lobby takes goes there as well meanwhile. One that takes nobody gives way to another,
// for all. It does not where instances cannot agree or none takes anybody.
func (d *Directory) agreed(ctx context.Context, who Who, o QuickPlayOptions) (j Joined, did bool, err error) {
	if d.env.store == nil || d.env.peers == nil || len(d.Ready()) > 0 {
		return Joined{}, false, nil
	}
	if !slices.Contains(d.Regions(), o.Region) {
		o.Region = ""
	}
	var not []string
	for range peerTries {
		name := d.agreeOn(ctx, o, not)
		if name == "" {
			break
		}
		j, err = d.quickAt(ctx, name, who, o.Game)
		if !passesOver(err) || ctx.Err() != nil {
			return j, true, err
		}
		not = append(not, name)
	}
	return Joined{}, false, nil
}

// agreeOn names the instance that all open a lobby for quick plays on now: the best one
// as seen from here, unless another was named before that is not among not; "" if none
// can be named.
func (d *Directory) agreeOn(ctx context.Context, o QuickPlayOptions, not []string) string {
	to, _, found := d.place(o.Game, o.Region, not)
	if !found {
		return ""
	}
	asked, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	best, beat := bus.Lease{ID: o.Game + "/" + o.Region, Value: []byte(to.Name)}, d.env.cfg.Beat
	name, err := d.env.store.First(asked, leaseQuick, best, beat+beat/2, not...)
	if ctx.Err() != nil || !d.noted(err, "quick") {
		return ""
	}
	return string(name)
}

// quickAt is quickHere at the instance of that name.
func (d *Directory) quickAt(ctx context.Context, name string, who Who, game string) (Joined, error) {
	if name == d.env.cfg.Instance {
		return d.quickHere(ctx, who, game)
	}
	to, known := d.instance(name)
	if !known {
		return Joined{}, d.unreached(nil)
	}
	defer d.onTheWay(name)()
	return ask[Joined](ctx, d, to, "quick", quickAsk{who, game})
}

// quickHere puts who into the lobby that somebody else's quick play has just made
// here, or makes one that bots fill and that starts at once. Those who come at the
// same moment do so one after the other, and so into the same.
func (d *Directory) quickHere(ctx context.Context, who Who, game string) (Joined, error) {
	def, ok := d.games(game)
	if !ok {
		return Joined{}, fail(CodeNoGame, "no game of that name is served here")
	}
	turn := d.turnOf(game)
	select {
	case turn.free <- struct{}{}:
	case <-ctx.Done():
		return Joined{}, &Error{
			Code: CodeUnavailable, Message: "too many start matches of that game at this moment", RetryAfter: time.Second, Err: ctx.Err(),
		}
	}
	defer func() { <-turn.free }()
	if l := turn.made; l != nil && l.soon() && !d.draining.Load() {
		if j, err := d.joinHere(ctx, who, l, RolePlayer); err == nil || ctx.Err() != nil {
			return j, err
		}
	}
	l, err := d.prepare(who, CreateOptions{
		Game: game, Title: "Quick play", Bots: def.HasBots(),
		FillTo: min(max(quickFill, def.MinPlayers), def.MaxPlayers),
	})
	if err != nil {
		return Joined{}, err
	}
	l.instant = true
	l.publishInfo()
	j, err := d.open(ctx, who, l)
	if err == nil {
		turn.made = l
	}
	if e := new(Error); errors.As(err, &e) && e.Code == CodeLimit {
		e.Message = "you have too many open lobbies to start another match"
	}
	return j, err
}

// turn lets quick plays of a game that find nothing make a lobby one at a time.
type turn struct {
	free chan struct{} // one: somebody is about it
	made *Loop         // the last one's, while free is held; nil: none yet
}

func (d *Directory) turnOf(game string) *turn {
	d.mu.Lock()
	defer d.mu.Unlock()
	t := d.turns[game]
	if t == nil {
		t = &turn{free: make(chan struct{}, 1)}
		d.turns[game] = t
	}
	return t
}

// soon says whether who joins l plays within moments, as far as its Loop has
// told: joining says the rest.
func (l *Loop) soon() bool {
	i := &l.info.Load().Info
	return i.Phase != "closed" && i.Phase != "results" && (i.Phase != "running" || i.LateJoin) && !i.Private && i.Players < i.MaxPlayers
}

func (d *Directory) ofGame(name string) []*listing {
	leads := d.leads()
	all := d.answering()
	n := 0
	for _, l := range all {
		if l.Info.Game == name && l.Info.Mode == "" && (l.Home == d.env.cfg.Instance && !d.draining.Load() || l.Home != d.env.cfg.Instance && leads[l.Home]) {
			all[n] = l
			n++
		}
	}
	return all[:n]
}

// leads is the instances elsewhere that players can be sent to or passed through
// to, and that are not about to stop.
func (d *Directory) leads() map[string]bool {
	out := map[string]bool{}
	for _, i := range d.Instances()[1:] {
		out[i.Name] = !i.Draining && (i.URL != "" || i.Peer != "" && d.env.peers != nil)
	}
	return out
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
