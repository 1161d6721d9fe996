package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/lobby/match"
)

// Bounds of ratings in bus.Records.
const (
	ratingTTL  = 180 * 24 * time.Hour // after a player's last ranked match
	resultTTL  = 24 * time.Hour       // a result is known to be rated for so long
	maxRatings = 10_000_000           // of a mode
	maxRaces   = 10                   // two results of one player at the same time
)

// sharedRatings keeps ratings for all instances and over restarts.
type sharedRatings struct{ records bus.Records }

// NewSharedRatings makes Ratings that are kept in records.
func NewSharedRatings(records bus.Records) Ratings { return &sharedRatings{records} }

func ratingKind(game, mode string) string { return "ratings:" + game + ":" + mode }

// The ids of records: results stand beside the ratings that came of them, so
// that both are written or neither.
func ratingID(player string) string { return "player:" + player }
func resultID(result string) string { return "result:" + result }

// Get implements Ratings.
func (s *sharedRatings) Get(ctx context.Context, game, mode string, players ...string) ([]match.Rating, error) {
	out, _, _, err := s.get(ctx, game, mode, "", players)
	return out, err
}

// get returns ratings with the versions of their records, and whether a result
// is rated.
func (s *sharedRatings) get(ctx context.Context, game, mode, result string, players []string) (out []match.Rating, versions []uint64, done bool, err error) {
	ids := []string{resultID(result)}
	for _, p := range players {
		ids = append(ids, ratingID(p))
	}
	all, err := s.records.Read(ctx, ratingKind(game, mode), ids...)
	if err != nil {
		return nil, nil, false, err
	}
	byID := map[string]bus.Record{}
	for _, r := range all {
		byID[r.ID] = r
	}
	out, versions = make([]match.Rating, len(players)), make([]uint64, len(players))
	for i, p := range players {
		r, known := byID[ratingID(p)]
		if !known || json.Unmarshal(r.Value, &out[i]) != nil || !out[i].Valid() {
			out[i] = match.NewRating()
		}
		versions[i] = r.Version
	}
	_, done = byID[resultID(result)]
	return out, versions, done, nil
}

// Rate implements Ratings.
func (s *sharedRatings) Rate(ctx context.Context, game, mode, result string, players []string, f func([]match.Rating) []match.Rating) error {
	for range maxRaces {
		was, versions, done, err := s.get(ctx, game, mode, result, players)
		if err != nil || done {
			return err
		}
		c := bus.Change{Most: maxRatings, Records: []bus.Record{{ID: resultID(result), Version: 1, TTL: resultTTL}}}
		for i, r := range f(was) {
			if !r.Valid() {
				continue
			}
			value, err := json.Marshal(r)
			if err != nil {
				return fmt.Errorf("write rating: %w", err)
			}
			c.Records = append(c.Records, bus.Record{ID: ratingID(players[i]), Version: versions[i] + 1, Value: value, TTL: ratingTTL})
		}
		if err = s.records.Write(ctx, ratingKind(game, mode), c); !errors.Is(err, bus.ErrStale) {
			return err
		}
	}
	return bus.ErrStale
}
