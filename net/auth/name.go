package auth

import (
	"hash/fnv"
	"strconv"
	"strings"
	"unicode"
)

// maxName is the longest display name in runes.
const maxName = 24

// CleanName makes any text a display name of 1 to 24 runes: control, format
// and bidirectional characters are stripped, white space is squeezed, marks do
// not pile up. Where nothing is left, a name is made from id.
func CleanName(name, id string) string {
	var b strings.Builder
	runes, marks, space := 0, 0, false
	for _, r := range name {
		switch {
		case r == unicode.ReplacementChar:
			continue
		case unicode.IsSpace(r):
			space = runes > 0
			continue
		case hidden(r):
			continue
		case unicode.Is(unicode.M, r):
			if marks++; marks > 2 || runes == 0 {
				continue
			}
		default:
			marks = 0
		}
		if space && runes+2 <= maxName {
			b.WriteByte(' ')
			runes++
		}
		space = false
		if runes == maxName {
			break
		}
		b.WriteRune(r)
		runes++
	}
	if runes > 0 {
		return b.String()
	}
	h := fnv.New32a()
	h.Write([]byte(id))
	return "Player " + strconv.Itoa(int(h.Sum32()%9000)+1000)
}

// hidden says whether r shows nothing of its own: controls, format characters
// (the bidirectional ones among them), private use, and fillers that look like
// an empty name.
func hidden(r rune) bool {
	switch r {
	case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800:
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp)
}
