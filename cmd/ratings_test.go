package cmd_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sandlot-server/sandlot/cmd"
	"github.com/sandlot-server/sandlot/cmd/cmdtest"
	"github.com/sandlot-server/sandlot/net/client"
)

// A ticket counts with the points that the issuer signed, never with what a
// request claims.
func TestRatingsAreSigned(t *testing.T) {
	key := strings.Repeat("shared ", 6)
	for name, believed := range map[string]bool{"believed": true, "not believed": false} {
		t.Run(name, func(t *testing.T) {
			s := cmdtest.Start(t, func(c *cmd.Config) {
				c.Auth.External = cmd.ExternalConfig{Issuer: "https://login.example", Audience: "games", Secret: key, Ratings: believed}
			})
			sign := func(ratings any) *client.API {
				token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
					"iss": "https://login.example", "aud": "games", "sub": "user-7", "name": "Zoe", "ratings": ratings,
					"iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix(),
				}).SignedString([]byte(key))
				if err != nil {
					t.Fatal(err)
				}
				return &client.API{URL: s.URL, Token: token, HTTP: cmdtest.HTTP(t)}
			}
			want := 1500
			if believed {
				want = 2210
			}
			zoe := sign(map[string]int{"arena/ranked": 2210, "ranked": 99})
			got, err := zoe.Queue(t.Context(), client.QueueOptions{Game: "arena", Mode: "ranked"})
			if err != nil || got.Rating != want {
				t.Errorf("a rating of %d, %v; want %d", got.Rating, err, want)
			}
			ask, body := ask(t, http.MethodPost, s.URL+"/v1/tickets", map[string]string{"Authorization": "Bearer " + s.Guest("mal").Token},
				`{"game":"arena","mode":"ranked","rating":9000,"ratings":{"arena/ranked":9000}}`)
			if ask.StatusCode != http.StatusUnprocessableEntity {
				t.Errorf("points in a request: %d %s", ask.StatusCode, body)
			}
			var p *client.Problem
			_, err = sign("very good").Queue(t.Context(), client.QueueOptions{Game: "arena", Mode: "ranked"})
			if refused := errors.As(err, &p) && p.Status == http.StatusUnauthorized; refused != believed {
				t.Errorf("ratings that are none: %v", err)
			}
		})
	}
}
