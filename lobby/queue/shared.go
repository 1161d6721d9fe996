package queue

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/sandlot-server/sandlot/lobby/bus"
	"github.com/sandlot-server/sandlot/lobby/match"
)

// Bounds of ratings in a Store.
const (
	ratingTTL  = 180 * 24 * time.Hour // after a player's last ranked match
	ratingWait = time.Second          // a call takes no longer
)

// sharedRatings keeps ratings in a Store, for all instances and over restarts.
// While the Store cannot be asked, what this process knows counts.
type sharedRatings struct {
	store bus.Store
	own   Ratings
	fault func(error)
}

// NewSharedRatings makes Ratings that are kept in a Store; at most so many are
// remembered here for when it fails. Fault is told of each failure.
func NewSharedRatings(s bus.Store, most int, fault func(error)) Ratings {
	return &sharedRatings{store: s, own: NewRatings(most), fault: fault}
}

func ratingKind(game, mode string) string { return "rating:" + game + ":" + mode }

// Get implements Ratings.
func (s *sharedRatings) Get(ctx context.Context, game, mode, player string) match.Rating {
	ctx, cancel := context.WithTimeout(ctx, ratingWait)
	defer cancel()
	value, err := s.store.Get(ctx, ratingKind(game, mode), player)
	var r match.Rating
	switch {
	case errors.Is(err, bus.ErrNone):
		return match.NewRating()
	case err != nil:
		s.fault(err)
	case json.Unmarshal(value, &r) == nil && r.Valid():
		s.own.Set(ctx, game, mode, player, r)
		return r
	}
	return s.own.Get(ctx, game, mode, player)
}

// Set implements Ratings.
func (s *sharedRatings) Set(ctx context.Context, game, mode, player string, r match.Rating) {
	s.own.Set(ctx, game, mode, player, r)
	value, err := json.Marshal(r)
	if err != nil { // two numbers, both finite
		s.fault(err)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, ratingWait)
	defer cancel()
	if err := s.store.Put(ctx, ratingKind(game, mode), []bus.Lease{{ID: player, Value: value}}, ratingTTL); err != nil {
		s.fault(err)
	}
}
