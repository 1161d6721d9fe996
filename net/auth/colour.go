package auth

import "strconv"

// MaxColour is the highest colour that a player may choose. A token that names
// a higher one chooses none.
const MaxColour = 16

func cleanColour(c uint8) uint8 {
	if c > MaxColour {
		return 0
	}
	return c
}

// colour is a claim that must not cost anyone their sign-in: other issuers may
// mean something else by the word.
type colour uint8

// UnmarshalJSON takes what is no number from 0 to 255 for 0.
func (c *colour) UnmarshalJSON(text []byte) error {
	n, err := strconv.ParseUint(string(text), 10, 8)
	if err != nil {
		n = 0
	}
	*c = colour(n)
	return nil
}
