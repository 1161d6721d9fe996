package lobby

import (
	"slices"

	"github.com/sandlot-server/sandlot/net/wire"
)

// colourFor is the colour that somebody wishes for, or where that is none of the
// palette's the first that the fewest here have.
func (l *Loop) colourFor(wish uint8) uint8 {
	if wish >= 1 && wish <= wire.Colours {
		return wish
	}
	var have [wire.Colours]int
	for _, s := range l.seats {
		have[s.colour-1]++
	}
	return uint8(1 + slices.Index(have[:], slices.Min(have[:])))
}

// setColour changes s's own colour, in every phase; 0 is one that few have.
func (l *Loop) setColour(s *seat, value int64) error {
	if value < 0 || value > wire.Colours {
		return fail(CodeInvalid, "no such colour; there are 1 to 16, and 0 for one that few have")
	}
	s.who.Colour = uint8(value)
	if colour := l.colourFor(s.who.Colour); colour != s.colour {
		s.colour = colour
		l.sayMember(s)
	}
	return nil
}
