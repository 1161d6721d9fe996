package state

import "unicode"

// maxName bounds the names of fields and tables, in bytes.
const maxName = 64

// WireName is a Go name as clients know it: lowerCamel, so that HP is hp, VX is
// vx, EndsAt is endsAt and URLPath is urlPath.
func WireName(goName string) string {
	r := []rune(goName)
	upper := 0
	for upper < len(r) && unicode.IsUpper(r[upper]) {
		upper++
	}
	if upper > 1 && upper < len(r) && unicode.IsLower(r[upper]) {
		upper-- // the last capital begins the next word
	}
	for i := range r[:upper] {
		r[i] = unicode.ToLower(r[i])
	}
	return string(r)
}
