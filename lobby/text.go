package lobby

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of text in characters.
const (
	maxTitle = 60
	maxSaid  = 300
)

// clean makes text from outside fit to show: valid UTF-8 without control,
// bidirectional, invisible and private characters, runs of white space as one
// space, at most max characters.
func clean(s string, max int) string {
	var b strings.Builder
	n, gap := 0, false
	for _, r := range s {
		if unicode.IsSpace(r) {
			gap = n > 0
			continue
		}
		if r == utf8.RuneError || hidden(r) {
			continue
		}
		if gap {
			if n+2 > max {
				break
			}
			b.WriteByte(' ')
			n, gap = n+1, false
		}
		if n == max {
			break
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// hidden says whether r shows nothing or changes how others are shown. The
// joiner that emoji are made of is kept.
func hidden(r rune) bool {
	const joiner = '\u200d'
	if r == joiner {
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp)
}
