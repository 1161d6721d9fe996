package auth

import (
	"encoding/json"
	"fmt"
)

// Bounds of the claim ratings: so many entries, each with so many points at most.
const (
	maxRatings = 32
	maxPoints  = 10_000
	maxMode    = 128 // bytes
)

// ratingsOf reads the claim ratings, an object from "mode" or "game/mode" to
// points. An issuer that is believed about them must say them well: guessing
// what it meant would seat players wrongly.
func ratingsOf(claim json.RawMessage) (map[string]int, error) {
	if len(claim) == 0 || string(claim) == "null" {
		return nil, nil
	}
	var all map[string]int
	if err := json.Unmarshal(claim, &all); err != nil {
		return nil, ErrBadRatings.because(err)
	}
	if len(all) > maxRatings {
		return nil, ErrBadRatings.because(fmt.Errorf("%d entries", len(all)))
	}
	for mode, points := range all {
		if mode == "" || len(mode) > maxMode || points < 0 || points > maxPoints {
			return nil, ErrBadRatings.because(fmt.Errorf("%q: %d", mode, points))
		}
	}
	return all, nil
}
