package queue

import (
	"context"
	"sync"

	"github.com/sandlot-server/sandlot/lobby"
	"github.com/sandlot-server/sandlot/lobby/match"
)

// Ratings is what the server knows of players' skill, by game, mode and player
// id. Its methods are called from many goroutines and should answer at once.
type Ratings interface {
	// Get returns a player's rating, that of a new player if there is none.
	Get(ctx context.Context, game, mode, player string) match.Rating
	// Set keeps it.
	Set(ctx context.Context, game, mode, player string, r match.Rating)
}

// memoryRatings keeps ratings as long as the process runs.
type memoryRatings struct {
	most int
	mu   sync.Mutex
	of   map[[3]string]match.Rating
}

// NewRatings makes Ratings within this process that keep at most so many; beyond
// that some other player's is forgotten.
func NewRatings(most int) Ratings {
	return &memoryRatings{most: most, of: map[[3]string]match.Rating{}}
}

// Get implements Ratings.
func (m *memoryRatings) Get(_ context.Context, game, mode, player string) match.Rating {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r, known := m.of[[3]string{game, mode, player}]; known {
		return r
	}
	return match.NewRating()
}

// Set implements Ratings.
func (m *memoryRatings) Set(_ context.Context, game, mode, player string, r match.Rating) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.of) >= m.most {
		for k := range m.of {
			delete(m.of, k)
			break
		}
	}
	m.of[[3]string{game, mode, player}] = r
}

// maxResults is how many results wait to be rated.
const maxResults = 1024

// rate makes of a result what it says of its players' skill.
func (q *Queue) rate(ctx context.Context, r lobby.MatchEnd) {
	// Of a team everyone has the team's best rank; without teams everyone is one.
	var teams [][]match.Rating
	var ids [][]string
	var ranks []int
	index := map[uint8]int{}
	for _, p := range r.Players {
		i, known := index[p.Team]
		if p.Team == 0 || !known {
			i = len(teams)
			index[p.Team] = i
			teams, ids, ranks = append(teams, nil), append(ids, nil), append(ranks, p.Rank)
		}
		teams[i] = append(teams[i], q.ratings.Get(ctx, r.Game, r.Mode, p.ID))
		ids[i] = append(ids[i], p.ID)
		ranks[i] = min(ranks[i], p.Rank)
	}
	for i, team := range match.Rate(teams, ranks) {
		for j, rating := range team {
			if rating.Valid() {
				q.ratings.Set(ctx, r.Game, r.Mode, ids[i][j], rating)
			}
		}
	}
}
