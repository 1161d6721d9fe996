package gametest

import (
	"math"
	"math/rand/v2"
	"strings"

	"github.com/sandlot-server/sandlot/game/state"
)

// valid draws a message in range, often at its bounds.
func valid(chance *rand.Rand, m state.Message) []state.Value {
	var values []state.Value
	for _, f := range m.Fields {
		for range max(f.Len, 1) {
			values = append(values, validValue(chance, f))
		}
	}
	return values
}

func validValue(chance *rand.Rand, f state.MessageField) state.Value {
	if f.Kind == state.String {
		return state.Value{Str: text(chance, int(f.Max))}
	}
	switch chance.UintN(6) {
	case 0:
		return state.Value{Int: f.Min}
	case 1:
		return state.Value{Int: f.Max}
	case 2:
		return state.Value{Int: min(max(0, f.Min), f.Max)}
	}
	span := uint64(f.Max - f.Min)
	if span == math.MaxUint64 {
		return state.Value{Int: int64(chance.Uint64())}
	}
	return state.Value{Int: f.Min + int64(chance.Uint64N(span+1))}
}

// text draws a string of at most max bytes of UTF-8.
func text(chance *rand.Rand, max int) string {
	piece := []string{"a", "é", "𝄞", "\x00", "<script>", "\u202e", " "}[chance.IntN(7)]
	return strings.Repeat(piece, chance.IntN(max/len(piece)+1))
}

// invalid draws a message that must be refused: one value out of its range, or
// a value too few or too many.
func invalid(chance *rand.Rand, m state.Message) []state.Value {
	values := valid(chance, m)
	if len(values) == 0 || chance.UintN(6) == 0 {
		return append(values, state.Value{})
	}
	if chance.UintN(6) == 0 {
		return values[1:]
	}
	at, i := chance.IntN(len(values)), 0
	for _, f := range m.Fields {
		for range max(f.Len, 1) {
			if i == at {
				values[i] = invalidValue(chance, f)
			}
			i++
		}
	}
	return values
}

func invalidValue(chance *rand.Rand, f state.MessageField) state.Value {
	if f.Kind == state.String {
		return state.Value{Str: []string{"\xff", strings.Repeat("x", int(f.Max)+1)}[chance.IntN(2)]}
	}
	return state.Value{Int: []int64{f.Min - 1, f.Max + 1, math.MinInt64, math.MaxInt64}[chance.IntN(4)]}
}
