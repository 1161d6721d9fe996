package auth_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/sandlot-server/sandlot/net/auth"
)

func TestCleanName(t *testing.T) {
	for in, want := range map[string]string{
		"Ann":                             "Ann",
		"  Ann   of\tthe\nhill  ":         "Ann of the hill",
		"\u202eevil\u202c":                "evil",
		"a\u200bb\u2066c\x00d\x7f":        "abcd",
		"\u0416\u0435\u043d\u044f":        "\u0416\u0435\u043d\u044f",
		strings.Repeat("x", 100):          strings.Repeat("x", 24),
		"a\xff\xfeb":                      "ab",
		"Z" + strings.Repeat("\u0301", 9): "Z\u0301\u0301",
		"\u3164":                          auth.CleanName("", "id"),
		"":                                auth.CleanName(" ", "id"),
	} {
		if got := auth.CleanName(in, "id"); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
	if a, b := auth.CleanName("", "1"), auth.CleanName("", "2"); a == b {
		t.Errorf("two nameless players are both %q", a)
	}
}

func TestCleanNameHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := auth.CleanName(rapid.String().Draw(t, "name"), "id")
		if n := utf8.RuneCountInString(name); n < 1 || n > 24 || !utf8.ValidString(name) || strings.TrimSpace(name) != name {
			t.Fatalf("%q", name)
		}
		for _, r := range name {
			if unicode.In(r, unicode.Cc, unicode.Cf) {
				t.Fatalf("%q holds %U", name, r)
			}
		}
		if again := auth.CleanName(name, "id"); again != name {
			t.Fatalf("%q becomes %q when cleaned again", name, again)
		}
	})
}
