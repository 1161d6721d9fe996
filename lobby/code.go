package lobby

import (
	"crypto/rand"
	"strings"
)

// crockford is the alphabet of Douglas Crockford's base 32, without I, L, O and
// U (https://www.crockford.com/base32.html).
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const (
	codeLen = 8  // of a code: 40 bits
	idLen   = 12 // of an id: 60 bits; at most 16 bytes on the wire
)

// secret returns n random characters.
func secret(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails: it ends the program instead
	for i := range b {
		b[i] = crockford[b[i]&31]
	}
	return string(b)
}

// newID returns a lobby's id: lower case, so that it is never taken for a code.
func newID() string { return strings.ToLower(secret(idLen)) }

// IsID says whether name can only be a lobby's id, which is not secret, and not
// somebody's try at a code.
func IsID(name string) bool { return len(name) == idLen && normalCode(name) == "" }

// normalCode undoes what people do to codes: lower case, spaces and dashes, and
// the letters that look like digits. "" if that is no code.
func normalCode(s string) string {
	if len(s) > 2*codeLen {
		return ""
	}
	s = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-':
			return -1
		case 'o', 'O':
			return '0'
		case 'i', 'I', 'l', 'L':
			return '1'
		}
		return r
	}, s)
	s = strings.ToUpper(s)
	if len(s) != codeLen || strings.Trim(s, crockford) != "" {
		return ""
	}
	return s
}
