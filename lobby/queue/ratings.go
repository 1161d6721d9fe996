package queue

import (
	"context"
	"sync"

	"github.com/sandlot-server/sandlot/lobby/match"
)

// Ratings is what the server knows of players' skill, by game, mode and player
// id. Its methods are called from many goroutines and wait at most as long as ctx
// allows.
type Ratings interface {
	// Get returns ratings in the order of players, that of a new player for those
	// who have none.
	Get(ctx context.Context, game, mode string, players ...string) ([]match.Rating, error)
	// Rate replaces the ratings of players by what f makes of them, once for each
	// result, however often it is called; f may be called more than once.
	Rate(ctx context.Context, game, mode, result string, players []string, f func([]match.Rating) []match.Rating) error
}

// memoryRatings keeps ratings as long as the process runs.
type memoryRatings struct {
	most int
	mu   sync.Mutex
	of   map[[3]string]match.Rating
	done map[string]bool
	last []string // results, the newest maxDone of them
}

// maxDone is how many results are remembered.
const maxDone = 4096

// NewRatings makes Ratings within this process that keep at most so many; beyond
// that some other player's is forgotten.
func NewRatings(most int) Ratings {
	return &memoryRatings{most: most, of: map[[3]string]match.Rating{}, done: map[string]bool{}}
}

// Get implements Ratings.
func (m *memoryRatings) Get(_ context.Context, game, mode string, players ...string) ([]match.Rating, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.get(game, mode, players), nil
}

func (m *memoryRatings) get(game, mode string, players []string) []match.Rating {
	out := make([]match.Rating, len(players))
	for i, p := range players {
		r, known := m.of[[3]string{game, mode, p}]
		if !known {
			r = match.NewRating()
		}
		out[i] = r
	}
	return out
}

// Rate implements Ratings.
func (m *memoryRatings) Rate(_ context.Context, game, mode, result string, players []string, f func([]match.Rating) []match.Rating) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.done[result] {
		return nil
	}
	m.done[result] = true
	if m.last = append(m.last, result); len(m.last) > maxDone {
		delete(m.done, m.last[0])
		m.last = m.last[1:]
	}
	for i, r := range f(m.get(game, mode, players)) {
		if r.Valid() {
			m.set([3]string{game, mode, players[i]}, r)
		}
	}
	return nil
}

func (m *memoryRatings) set(key [3]string, r match.Rating) {
	if _, have := m.of[key]; !have && len(m.of) >= m.most {
		for k := range m.of {
			delete(m.of, k)
			break
		}
	}
	m.of[key] = r
}
