package state

import (
	"fmt"
	"strconv"
	"strings"
)

// Bounds of what tags declare.
const (
	maxRows     = 65536 // rows a table, here and in a Mirror
	maxText     = 255   // bytes of a synced string
	defaultText = 64
	maxArray    = 1024 // elements of a synced array
	maxFields   = 31   // public fields a table, and as many for its owner: a mask's bits
	maxTables   = 64
	maxWords    = 1 << 22 // words of 8 bytes that a Mirror holds: 32 MiB
)

// syncTag is a parsed sync tag.
type syncTag struct {
	step                           int64 // 0: not given
	max                            int   // 0: not given
	lerp, angle, predict, forOwner bool
	pos                            bool // one of the two that say where the row is
	rewind                         bool // of a table: its past is kept
}

// parseSync parses the part of a sync tag between its quotes.
func parseSync(tag string) (syncTag, error) {
	var t syncTag
	if tag == "" {
		return t, nil
	}
	for word := range strings.SplitSeq(tag, ",") {
		key, value, has := strings.Cut(strings.TrimSpace(word), "=")
		switch {
		case key == "step" && has:
			n, err := strconv.ParseInt(value, 10, 32)
			if err != nil || n < 1 {
				return t, fmt.Errorf("step=%s is not a whole number from 1 to %d", value, 1<<31-1)
			}
			t.step = n
		case key == "max" && has:
			n, err := strconv.Atoi(value)
			if err != nil || n < 1 || n > maxRows {
				return t, fmt.Errorf("max=%s is not a whole number from 1 to %d", value, maxRows)
			}
			t.max = n
		case key == "lerp" && !has:
			t.lerp = true
		case key == "lerp" && value == "angle":
			t.angle = true
		case key == "predict" && !has:
			t.predict = true
		case key == "owner" && !has:
			t.forOwner = true
		case key == "pos" && !has:
			t.pos = true
		case key == "rewind" && !has:
			t.rewind = true
		default:
			return t, fmt.Errorf("sync tag has %q; it knows step=N, lerp, lerp=angle, predict, owner, pos and max=N, of a table max=N and rewind", word)
		}
	}
	return t, nil
}
