package queue

import (
	"context"
	"time"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/match"
)

// Bounds of results.
const (
	maxResults  = 1024            // wait to be rated
	resultRetry = 2 * time.Second // between two tries while the records cannot be asked
)

// Ended takes a result from a lobby's Loop, and does not block.
func (q *Queue) Ended(e lobby.MatchEnd) {
	if !e.Ranked || e.CalledOff || len(e.Players) < 2 {
		return // it says nothing of skill
	}
	select {
	case q.results <- e:
	default:
		q.log.Warn("a result is not rated: too many wait", "lobby", e.Lobby)
	}
}

// rateAll rates results until ctx is done, each until it is written down. At the
// end the one in hand is the first of the last.
func (q *Queue) rateAll(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			q.rateLast(ctx)
			return
		case r := <-q.results:
			for tries := 0; ; tries++ {
				err := q.rate(ctx, r)
				if err == nil {
					break
				}
				if tries == 0 {
					q.log.Warn("a result waits to be rated", "lobby", r.Lobby, "err", err)
				}
				select {
				case <-ctx.Done():
					q.rateLast(ctx, r)
					return
				case <-time.After(resultRetry):
				}
			}
		}
	}
}

// rateLast rates what is in hand and what still waits when all ends, if that can be
// done at once.
func (q *Queue) rateLast(ctx context.Context, inHand ...lobby.MatchEnd) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callWait)
	defer cancel()
	last := func(r lobby.MatchEnd) {
		if err := q.rate(ctx, r); err != nil {
			q.log.Warn("a result is not rated", "lobby", r.Lobby, "err", err)
		}
	}
	for _, r := range inHand {
		last(r)
	}
	for {
		select {
		case r := <-q.results:
			last(r)
		default:
			return
		}
	}
}

// rate makes of a result what it says of its players' skill. A lobby has one.
func (q *Queue) rate(ctx context.Context, r lobby.MatchEnd) error {
	// Of a team everyone has the team's best rank; without teams everyone is one.
	var sizes, ranks []int
	var players []string
	of := map[uint8][]string{}
	var order []uint8
	best := map[uint8]int{}
	for _, p := range r.Players {
		if p.Team == 0 {
			players, sizes, ranks = append(players, p.ID), append(sizes, 1), append(ranks, p.Rank)
			continue
		}
		if rank, known := best[p.Team]; !known {
			order = append(order, p.Team)
			best[p.Team] = p.Rank
		} else {
			best[p.Team] = min(rank, p.Rank)
		}
		of[p.Team] = append(of[p.Team], p.ID)
	}
	for _, team := range order {
		players, sizes, ranks = append(players, of[team]...), append(sizes, len(of[team])), append(ranks, best[team])
	}
	return q.ratings.Rate(ctx, r.Game, r.Mode, r.Lobby, players, func(was []match.Rating) (now []match.Rating) {
		teams := make([][]match.Rating, len(sizes))
		for i, n := range sizes {
			teams[i], was = was[:n:n], was[n:]
		}
		for _, team := range match.Rate(teams, ranks) {
			now = append(now, team...)
		}
		return now
	})
}

// rated gives players the points that they have.
func (q *Queue) rated(ctx context.Context, game, mode string, players []Player) error {
	ids := make([]string, len(players))
	for i, p := range players {
		ids[i] = p.ID
	}
	all, err := q.ratings.Get(ctx, game, mode, ids...)
	if err != nil {
		return err
	}
	for i := range players {
		players[i].Points = all[i].Points()
		if signed, ok := signedRating(players[i].Who, game, mode); ok {
			players[i].Points = signed
		}
		players[i].Ratings = nil // of no more use
	}
	return nil
}

// signedRating is the points that the issuer of who's token signed for a mode.
func signedRating(who lobby.Who, game, mode string) (points int, ok bool) {
	if points, ok = who.Ratings[game+"/"+mode]; ok {
		return points, true
	}
	points, ok = who.Ratings[mode]
	return points, ok
}
