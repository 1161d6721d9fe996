package hostile

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sandlot-server/sandlot/net/wire"
)

// signed makes a token with these claims, with the server's own key unless key
// is another.
func signed(t *testing.T, method jwt.SigningMethod, key any, header map[string]any, c jwt.MapClaims) string {
	t.Helper()
	token := jwt.NewWithClaims(method, c)
	token.Header["kid"] = kid()
	for k, v := range header {
		token.Header[k] = v
	}
	if key == nil {
		key = []byte(secret)
	}
	text, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// kid is the key's name, which tokens carry: known to whoever has one.
func kid() string {
	sum := sha256.Sum256([]byte("sandlot key id\x00" + secret))
	return hex.EncodeToString(sum[:6])
}

// Whoever holds the server's own key can make each of these but for what it is
// that is wrong with it: so it is that alone which is refused.
func TestTokens(t *testing.T) {
	t.Parallel()
	s := ordinary(t)
	lobby := s.lobby(t, s.guest(t, "host"), "traps", nil).Lobby
	hs := jwt.SigningMethodHS256
	own := func(change jwt.MapClaims) string { return signed(t, hs, nil, nil, claims(change)) }
	now := time.Now()
	good := own(nil)
	parts := strings.Split(good, ".")
	for _, tc := range []struct {
		input, token string
		want         string
	}{
		{"a good token", good, "101 "},
		{"none", "", "401 missing"},
		{"garbage", "garbage", "401 malformed"},
		{"three parts of garbage", "a.b.c", "401 malformed"},
		{"2,049 bytes", good + strings.Repeat("A", 2049-len(good)), "401 too_long"},
		{"8,000 bytes", strings.Repeat("A", 8000-400), "401 too_long"}, // with the other headers below 8 KiB
		{"2,000 dots", strings.Repeat(".", 2000), "401 malformed"},
		{"alg none", signed(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil, claims(nil)), "401 bad_method"},
		{"alg none in capitals", base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"NONE","typ":"JWT"}`)) + "." + parts[1] + ".", "401 bad_method"},
		{"HS384 by the right key", signed(t, jwt.SigningMethodHS384, nil, nil, claims(nil)), "401 bad_method"},
		{"signature cut off", parts[0] + "." + parts[1] + ".", "401 bad_signature"},
		{"signature changed", good[:len(good)-4] + "AAAA", "401 bad_signature"},
		{"claims changed", parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"sandlot","aud":"sandlot/player","use":"player","sub":"admin","exp":9999999999}`)) + "." + parts[2], "401 bad_signature"},
		{"another key", signed(t, hs, []byte(strings.Repeat("another ", 5)), nil, claims(nil)), "401 bad_signature"},
		{"no kid", signed(t, hs, nil, map[string]any{"kid": nil}, claims(nil)), "401 unknown_key"},
		{"wrong kid", signed(t, hs, nil, map[string]any{"kid": "nobody"}, claims(nil)), "401 unknown_key"},
		{"kid that is a path", signed(t, hs, []byte{}, map[string]any{"kid": "../../../dev/null"}, claims(nil)), "401 unknown_key"},
		{"any crit", signed(t, hs, nil, map[string]any{"crit": []string{"exp"}}, claims(nil)), "401 critical_header"},
		{"no exp", own(jwt.MapClaims{"exp": nil}), "401 no_expiry"},
		{"expired", own(jwt.MapClaims{"iat": now.Add(-2 * time.Hour).Unix(), "exp": now.Add(-time.Hour).Unix()}), "401 expired"},
		{"lives for ever", own(jwt.MapClaims{"exp": now.AddDate(100, 0, 0).Unix()}), "401 too_long_lived"},
		{"exp beyond any calendar", own(jwt.MapClaims{"exp": 1e300}), "401 "},
		{"exp that is text", own(jwt.MapClaims{"exp": "tomorrow"}), "401 malformed"},
		{"nbf in the future", own(jwt.MapClaims{"nbf": now.Add(time.Minute).Unix()}), "401 not_yet_valid"},
		{"iat in the future", own(jwt.MapClaims{"iat": now.Add(time.Minute).Unix()}), "401 not_yet_valid"},
		{"wrong iss", own(jwt.MapClaims{"iss": "https://evil.example"}), "401 wrong_issuer"},
		{"no iss", own(jwt.MapClaims{"iss": nil}), "401 wrong_issuer"},
		{"wrong aud", own(jwt.MapClaims{"aud": "sandlot/pass"}), "401 wrong_audience"},
		{"no aud", own(jwt.MapClaims{"aud": nil}), "401 wrong_audience"},
		{"no sub", own(jwt.MapClaims{"sub": nil}), "401 incomplete"},
		{"sub with a line break", own(jwt.MapClaims{"sub": "a\nb"}), "401 incomplete"},
		{"a pass without its claims", own(jwt.MapClaims{"use": "pass", "aud": "sandlot/pass", "exp": now.Add(20 * time.Second).Unix()}), "401 incomplete"},
		{"a player's token as a pass", own(jwt.MapClaims{"use": "pass"}), "401 wrong_audience"},
		{"a player's token as a resume token", own(jwt.MapClaims{"use": "resume"}), "401 wrong_audience"},
	} {
		var header []string
		if tc.token != "" {
			header = append(header, bearer(tc.token))
		}
		so := upgrade(t, s.addr, "?lobby="+lobby.ID, header...)
		got := fmt.Sprint(so.resp.StatusCode, " ")
		if so.resp.StatusCode != http.StatusSwitchingProtocols {
			a := answer{body: so.body()}
			got += a.code()
			if tc.want == "401 " {
				got = "401 "
			}
		}
		check(t, "token", tc.input, tc.want, got)
		if tc.token != "" && tc.token != good && strings.Contains(s.log.String(), tc.token) {
			t.Errorf("%s: the log has the token", tc.input)
		}
	}
	check(t, "token", "any of them in the log", false, strings.Contains(s.log.String(), parts[2]))

	// 10,000 dots do not fit the headers at all.
	c := dial(t, s.addr)
	so, err := tryUpgrade(c, "", bearer(strings.Repeat(".", 10_000)))
	if err != nil {
		t.Fatal(err)
	}
	check(t, "token", "10,000 dots", 431, so.resp.StatusCode)
}

// With the public key of another issuer for a secret, HS256 must not be taken
// where that issuer signs with RS256.
func TestKeyConfusion(t *testing.T) {
	t.Parallel()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&private.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	file := filepath.Join(t.TempDir(), "public.pem")
	if err := os.WriteFile(file, public, 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, options{env: []string{
		"SANDLOT_AUTH_EXTERNAL_ISSUER=https://login.example", "SANDLOT_AUTH_EXTERNAL_AUDIENCE=games", "SANDLOT_AUTH_EXTERNAL_KEY_FILE=" + file,
	}})
	lobby := s.lobby(t, s.guest(t, "host"), "traps", nil).Lobby
	theirs := claims(jwt.MapClaims{"iss": "https://login.example", "aud": "games", "use": nil, "load": true})
	rs := jwt.SigningMethodRS256
	for _, tc := range []struct {
		input, token string
		want         int
	}{
		{"RS256 by the issuer's key", signed(t, rs, private, nil, theirs), 101},
		{"HS256 with its public key as PEM", signed(t, jwt.SigningMethodHS256, public, nil, theirs), 401},
		{"HS256 with its public key as DER", signed(t, jwt.SigningMethodHS256, der, nil, theirs), 401},
		{"HS256 by our key in its name", signed(t, jwt.SigningMethodHS256, nil, nil, theirs), 401},
		{"RS256 by its key in our name", signed(t, rs, private, nil, claims(nil)), 401},
		{"RS256, our pass by its key", signed(t, rs, private, nil, claims(jwt.MapClaims{"use": "pass", "aud": "sandlot/pass"})), 401},
	} {
		so := upgrade(t, s.addr, "?lobby="+lobby.ID, bearer(tc.token))
		check(t, "token", tc.input, tc.want, so.resp.StatusCode)
	}
}

func TestPasses(t *testing.T) {
	t.Parallel()
	s := ordinary(t)
	token := s.guest(t, "host")
	a, b := s.lobby(t, token, "traps", nil), s.lobby(t, token, "traps", nil)
	try := func(query, token string) int { return upgrade(t, s.addr, query, bearer(token)).resp.StatusCode }

	check(t, "pass", "for another lobby", 401, try("?lobby="+b.Lobby.ID, a.Pass))
	check(t, "pass", "without an Origin, as bots come", 101, try("", a.Pass))
	check(t, "pass", "used twice", 401, try("", a.Pass))
	check(t, "pass", "for calls over HTTP", 401, s.call(t, "POST", "/v1/lobbies", b.Pass, map[string]any{"game": "traps"}).status)

	var wg sync.WaitGroup
	codes := make([]int, 16)
	for i := range codes {
		c := dial(t, s.addr)
		wg.Go(func() {
			if so, err := tryUpgrade(c, "", bearer(b.Pass)); err == nil {
				codes[i] = so.resp.StatusCode
			}
		})
	}
	wg.Wait()
	n := map[int]int{}
	for _, c := range codes {
		n[c]++
	}
	check(t, "pass", "used by 16 at once", "map[101:1 401:15]", fmt.Sprint(n))
}

func TestResumeTokens(t *testing.T) {
	t.Parallel()
	s := ordinary(t)
	so, w, _ := s.player(t, "traps")
	first := w.Resume
	try := func(token string) *socket { return upgrade(t, s.addr, "?seen=0", bearer(token)) }

	two := try(first)
	check(t, "resume", "good token", 101, two.resp.StatusCode)
	check(t, "resume", "the older connection", "4500 replaced", so.end())
	m, err := two.message(wire.TypeWelcome)
	if err != nil {
		t.Fatal(err)
	}
	if err := two.say(wire.AppendPing(nil, wire.Ping{ClientTime: 1})); err != nil {
		t.Fatal(err)
	}
	if _, err := two.message(wire.TypePong); err != nil {
		t.Fatal(err)
	}
	check(t, "resume", "token that was followed by a newer one, proven", 401, try(first).resp.StatusCode)
	if err := two.say(wire.AppendLeave(nil)); err != nil {
		t.Fatal(err)
	}
	check(t, "resume", "leave", "1000 bye", two.end())
	check(t, "resume", "seat given up", 401, try(m.Welcome.Resume).resp.StatusCode)
}
