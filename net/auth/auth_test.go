package auth_test

import (
	"encoding/base64"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sandlot-server/sandlot/net/auth"
)

var (
	secret = []byte("0123456789abcdef0123456789abcdef")
	older  = []byte("fedcba9876543210fedcba9876543210")
	shared = []byte("a secret shared with the issuer!!")
	start  = time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
)

// clock is a time that tests move.
type clock struct{ now time.Time }

func (c *clock) time() time.Time { return c.now }

func newAuth(t *testing.T, change func(*auth.Config)) (*auth.Auth, *clock) {
	t.Helper()
	c := &clock{start}
	cfg := auth.Config{
		Keys:     []auth.Key{{ID: "new", Secret: secret}, {ID: "old", Secret: older}},
		Guests:   true,
		External: &auth.External{Issuer: "https://id.example", Audience: "sandlot-game", Secret: shared},
		Now:      c.time,
	}
	if change != nil {
		change(&cfg)
	}
	a, err := auth.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return a, c
}

// wants checks an error by its code; nil is none.
func wants(t *testing.T, got error, want *auth.Error) {
	t.Helper()
	if want == nil {
		if got != nil {
			t.Errorf("got %v", got)
		}
		return
	}
	if !errors.Is(got, want) {
		t.Errorf("got %v, want code %s", got, want.Code)
	}
}

// forge signs any claims with any header.
func forge(t *testing.T, method jwt.SigningMethod, key any, header, claims map[string]any) string {
	t.Helper()
	token := jwt.NewWithClaims(method, jwt.MapClaims(claims))
	for k, v := range header {
		token.Header[k] = v
	}
	s, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// good are the claims of a player token of ours.
func good(change map[string]any) map[string]any {
	c := map[string]any{
		"iss": "sandlot", "aud": "sandlot/player", "sub": "ann", "use": "player", "name": "Ann",
		"iat": start.Unix(), "exp": start.Add(time.Hour).Unix(),
	}
	for k, v := range change {
		if c[k] = v; v == nil {
			delete(c, k)
		}
	}
	return c
}

func TestPlayerTokens(t *testing.T) {
	a, _ := newAuth(t, nil)
	at := func(d time.Duration) int64 { return start.Add(d).Unix() }
	hs := jwt.SigningMethodHS256
	kid := map[string]any{"kid": "new"}
	external := func(change map[string]any) map[string]any {
		c := map[string]any{"iss": "https://id.example", "aud": "sandlot-game", "use": nil}
		for k, v := range change {
			c[k] = v
		}
		return good(c)
	}
	bits := strings.Split(forge(t, hs, secret, kid, good(nil)), ".")
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + bits[1] + "."
	for _, c := range []struct {
		name  string
		token string
		want  *auth.Error
	}{
		{"good", forge(t, hs, secret, kid, good(nil)), nil},
		{"older key", forge(t, hs, older, map[string]any{"kid": "old"}, good(nil)), nil},
		{"missing", "", auth.ErrMissing},
		{"garbage", "x", auth.ErrMalformed},
		{"garbage with dots", "a.b.c", auth.ErrMalformed},
		{"10,000 dots", strings.Repeat(".", 10_000), auth.ErrTooLong},
		{"2,000 dots", strings.Repeat(".", 2000), auth.ErrMalformed},
		{"above 2 KiB", forge(t, hs, secret, kid, good(map[string]any{"x": strings.Repeat("x", 2048)})), auth.ErrTooLong},
		{"no signature", bits[0] + "." + bits[1] + ".", auth.ErrBadSignature},
		{"alg none", none, auth.ErrBadMethod},
		{"alg unknown", base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"XX"}`)) + "." + bits[1] + ".", auth.ErrBadMethod},
		{"alg HS512", forge(t, jwt.SigningMethodHS512, secret, kid, good(nil)), auth.ErrBadMethod},
		{"another's key", forge(t, hs, shared, kid, good(nil)), auth.ErrBadSignature},
		{"empty key", forge(t, hs, []byte{}, kid, good(nil)), auth.ErrBadSignature},
		{"unknown kid", forge(t, hs, secret, map[string]any{"kid": "x"}, good(nil)), auth.ErrUnknownKey},
		{"kid of another kind", forge(t, hs, secret, map[string]any{"kid": 7}, good(nil)), auth.ErrUnknownKey},
		{"no kid", forge(t, hs, secret, nil, good(nil)), auth.ErrUnknownKey},
		{"crit", forge(t, hs, secret, map[string]any{"kid": "new", "crit": []string{"exp"}}, good(nil)), auth.ErrCritical},
		{"empty crit", forge(t, hs, secret, map[string]any{"kid": "new", "crit": nil}, good(nil)), auth.ErrCritical},
		{"padded", bits[0] + "=." + bits[1] + "." + bits[2], auth.ErrMalformed},
		{"loose bits in base64", bits[0] + "." + bits[1] + "." + loosen(bits[2]), auth.ErrMalformed},
		{"no exp", forge(t, hs, secret, kid, good(map[string]any{"exp": nil})), auth.ErrNoExpiry},
		{"expired", forge(t, hs, secret, kid, good(map[string]any{"exp": at(-6 * time.Second), "iat": at(-time.Hour)})), auth.ErrExpired},
		{"expired within the leeway", forge(t, hs, secret, kid, good(map[string]any{"exp": at(-4 * time.Second), "iat": at(-time.Hour)})), nil},
		{"future nbf", forge(t, hs, secret, kid, good(map[string]any{"nbf": at(6 * time.Second)})), auth.ErrNotYetValid},
		{"future iat", forge(t, hs, secret, kid, good(map[string]any{"iat": at(6 * time.Second)})), auth.ErrNotYetValid},
		{"lives too long", forge(t, hs, secret, kid, good(map[string]any{"exp": at(25 * time.Hour)})), auth.ErrTooLongLived},
		{"lives too long, no iat", forge(t, hs, secret, kid, good(map[string]any{"exp": at(25 * time.Hour), "iat": nil})), auth.ErrTooLongLived},
		{"no issuer", forge(t, hs, secret, kid, good(map[string]any{"iss": nil})), auth.ErrWrongIssuer},
		{"wrong issuer", forge(t, hs, secret, kid, good(map[string]any{"iss": "x"})), auth.ErrWrongIssuer},
		{"no audience", forge(t, hs, secret, kid, good(map[string]any{"aud": nil})), auth.ErrWrongAudience},
		{"wrong audience", forge(t, hs, secret, kid, good(map[string]any{"aud": "sandlot/pass"})), auth.ErrWrongAudience},
		{"both audiences, use pass", forge(t, hs, secret, kid, good(map[string]any{"aud": []string{"sandlot/pass", "sandlot/player"}, "use": "pass"})), auth.ErrWrongUse},
		{"no use", forge(t, hs, secret, kid, good(map[string]any{"use": nil})), auth.ErrWrongUse},
		{"no player", forge(t, hs, secret, kid, good(map[string]any{"sub": nil})), auth.ErrIncomplete},
		{"player with a control character", forge(t, hs, secret, kid, good(map[string]any{"sub": "a\nb"})), auth.ErrIncomplete},
		{"player too long", forge(t, hs, secret, kid, good(map[string]any{"sub": strings.Repeat("x", 129)})), auth.ErrIncomplete},
		{"times of another kind", forge(t, hs, secret, kid, good(map[string]any{"exp": "soon"})), auth.ErrMalformed},
		{"external", forge(t, hs, shared, nil, external(nil)), nil},
		{"external signed by us", forge(t, hs, secret, kid, external(nil)), auth.ErrBadSignature},
		{"external, our audience", forge(t, hs, shared, nil, external(map[string]any{"aud": "sandlot/player"})), auth.ErrWrongAudience},
		{"external, another kind of colour", forge(t, hs, shared, nil, external(map[string]any{"colour": []string{"red"}})), nil},
		{"external, a colour beyond all", forge(t, hs, shared, nil, external(map[string]any{"colour": 300})), nil},
		{"external pass", forge(t, hs, shared, nil, external(map[string]any{"use": "pass"})), auth.ErrWrongUse},
	} {
		t.Run(c.name, func(t *testing.T) {
			who, err := a.Verify(c.token)
			wants(t, err, c.want)
			if err == nil && (who.ID != "ann" || who.Name != "Ann" || who.Colour != 0) || err != nil && !reflect.DeepEqual(who, auth.Identity{}) {
				t.Errorf("got %+v", who)
			}
			if err != nil && len(c.token) > 20 && strings.Contains(err.Error(), c.token[:20]) {
				t.Error("the error holds the token")
			}
		})
	}
}

// loosen sets bits of the last character that no byte needs.
func loosen(s string) string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	i := strings.IndexByte(digits, s[len(s)-1])
	return s[:len(s)-1] + string(digits[i|1])
}

func TestGuest(t *testing.T) {
	a, clock := newAuth(t, nil)
	token, who, err := a.Guest("  Bob\u202e\x00 ", 7)
	if err != nil || who.Name != "Bob" || !who.Guest || !strings.HasPrefix(who.ID, "guest-") {
		t.Fatalf("%+v, %v", who, err)
	}
	got, err := a.Verify(token)
	if err != nil || !got.Expires.Equal(who.Expires) || got.ID != who.ID || !got.Guest || got.Load || got.Colour != 7 {
		t.Fatalf("%+v, %v", got, err)
	}
	clock.now = who.Expires.Add(6 * time.Second)
	_, err = a.Verify(token)
	wants(t, err, auth.ErrExpired)

	off, _ := newAuth(t, func(c *auth.Config) { c.Guests = false })
	_, _, err = off.Guest("x", 0)
	wants(t, err, auth.ErrGuestsOff)
}

// A guest's next token is of the same player; nobody else gets one.
func TestRenew(t *testing.T) {
	a, clock := newAuth(t, nil)
	token, who, err := a.Guest("Bob", 7)
	if err != nil {
		t.Fatal(err)
	}
	clock.now = clock.now.Add(time.Hour)
	next, renewed, err := a.Renew(token, "Bobby", 0)
	if err != nil || renewed.ID != who.ID || renewed.Name != "Bobby" || renewed.Colour != 0 || !renewed.Expires.Equal(who.Expires.Add(time.Hour)) {
		t.Fatalf("%+v, %v", renewed, err)
	}
	if got, err := a.Verify(next); err != nil || got.ID != who.ID || !got.Guest {
		t.Errorf("%+v, %v", got, err)
	}
	player, _, err := a.Issue(auth.Identity{ID: "someone"}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = a.Renew(player, "Bob", 0)
	wants(t, err, auth.ErrWrongUse)
	clock.now = who.Expires.Add(6 * time.Second)
	_, _, err = a.Renew(token, "Bob", 0)
	wants(t, err, auth.ErrExpired)
	off, _ := newAuth(t, func(c *auth.Config) { c.Guests = false })
	_, _, err = off.Renew(token, "Bob", 0)
	wants(t, err, auth.ErrGuestsOff)
}

// Only tokens of ours may say that they are for load.
func TestLoadClaim(t *testing.T) {
	a, _ := newAuth(t, nil)
	token, _, err := a.Issue(auth.Identity{ID: "load-1", Load: true}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if who, err := a.Verify(token); err != nil || !who.Load {
		t.Errorf("%+v, %v", who, err)
	}
	token = forge(t, jwt.SigningMethodHS256, shared, nil, good(map[string]any{"iss": "https://id.example", "aud": "sandlot-game", "use": nil, "load": true}))
	if who, err := a.Verify(token); err != nil || who.Load {
		t.Errorf("%+v, %v", who, err)
	}
	_, _, err = a.Issue(auth.Identity{ID: "x"}, 25*time.Hour)
	wants(t, err, auth.ErrTooLongLived)
}

// A token of one use is never taken for another.
func TestUsesAreApart(t *testing.T) {
	a, _ := newAuth(t, nil)
	player, _, err := a.Guest("Ann", 0)
	if err != nil {
		t.Fatal(err)
	}
	pass, _, err := a.IssuePass(auth.Pass{Player: "ann", Lobby: "L", Home: "h", Boot: "b"})
	if err != nil {
		t.Fatal(err)
	}
	resume, err := a.IssueResume(auth.Resume{Player: "ann", Lobby: "L", Home: "h", Boot: "b", Seat: "1"})
	if err != nil {
		t.Fatal(err)
	}
	verify := map[string]func(string) error{
		"player": func(s string) error { _, err := a.Verify(s); return err },
		"pass":   func(s string) error { _, err := a.VerifyPass(s); return err },
		"resume": func(s string) error { _, err := a.VerifyResume(s); return err },
	}
	for is, token := range map[string]string{"player": player, "pass": pass, "resume": resume} {
		if use, err := auth.UseOf(token); use != is || err != nil {
			t.Errorf("a %s token claims to be a %q, %v", is, use, err)
		}
		for as, f := range verify {
			if is == as {
				wants(t, f(token), nil)
			} else {
				wants(t, f(token), auth.ErrWrongAudience)
			}
		}
	}
}
