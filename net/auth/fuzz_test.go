package auth_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sandlot-server/sandlot/net/auth"
)

// FuzzTokens shows a token as it comes, or claims that were signed with a good key,
// to all that take tokens: each takes it or says why not by an *Error, and a token
// that one takes no other does.
func FuzzTokens(f *testing.F) {
	a, err := auth.New(auth.Config{
		Keys: []auth.Key{{ID: "new", Secret: secret}}, Guests: true, Now: func() time.Time { return start },
		External: &auth.External{Issuer: "https://id.example", Audience: "sandlot-game", Secret: shared, Ratings: true},
	})
	if err != nil {
		f.Fatal(err)
	}
	pass, _, err := a.IssuePass(auth.Pass{Player: "p", Name: "ann", Lobby: "l", Home: "h", Boot: "b"})
	if err != nil {
		f.Fatal(err)
	}
	resume, err := a.IssueResume(auth.Resume{Player: "p", Name: "ann", Lobby: "l", Home: "h", Boot: "b", Seat: "1", Serial: 1})
	if err != nil {
		f.Fatal(err)
	}
	peer, err := a.IssuePeer(auth.Peer{From: "a", To: "b", Boot: "c", Sum: "s"})
	if err != nil {
		f.Fatal(err)
	}
	for _, token := range []string{pass, resume, peer, "", "..", "e30.e30.", "a.b.c", "eyJhbGciOiJub25lIn0.e30."} {
		f.Add(byte(0), []byte(token))
	}
	for _, claims := range []string{
		`{"iss":"sandlot","aud":"sandlot/player","use":"player","sub":"p","name":"ann","iat":1893553445,"exp":1893557045,"colour":-1}`,
		`{"iss":"sandlot","aud":["sandlot/resume",""],"use":"resume","sub":"p","lobby":"l","iat":1e18,"exp":1e300,"serial":1}`,
		`{"iss":"https://id.example","aud":"sandlot-game","sub":"p","exp":1893557045,"ratings":{"arena/ranked":1e9,"":[]},"colour":"x"}`,
		`{"iss":null,"exp":{},"nbf":"now","until":-1}`,
	} {
		f.Add(byte(1), []byte(claims))
		f.Add(byte(2), []byte(claims))
	}
	f.Fuzz(func(t *testing.T, how byte, b []byte) {
		token := string(b)
		if key := map[byte][]byte{1: secret, 2: shared}[how%3]; key != nil {
			token = sign(t, b, key)
		}
		taken := 0
		for _, take := range []func() error{
			func() error { _, err := a.Verify(token); return err },
			func() error { _, err := a.VerifyPass(token); return err },
			func() error { _, err := a.VerifyResume(token); return err },
			func() error { _, err := a.TakePeer(token, "b", "c"); return err },
		} {
			err := take()
			if err == nil {
				taken++
			} else if own := new(auth.Error); !errors.As(err, &own) || own.Code == "" {
				t.Errorf("%v has no code", err)
			}
		}
		if _, err := auth.UseOf(token); taken > 1 || taken == 1 && err != nil {
			t.Errorf("%d take it, and it is for %v", taken, err)
		}
	})
}

// sign is a token with these claims, whatever they are; b itself where they are none.
func sign(t *testing.T, b, key []byte) string {
	var c jwt.MapClaims
	if json.Unmarshal(b, &c) != nil || c == nil {
		return string(b)
	}
	made := jwt.NewWithClaims(jwt.SigningMethodHS256, c)
	if made.Header["kid"] = "new"; string(key) != string(secret) {
		delete(made.Header, "kid")
	}
	token, err := made.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return token
}
