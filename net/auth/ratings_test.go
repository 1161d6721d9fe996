package auth_test

import (
	"fmt"
	"maps"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sandlot-server/sandlot/net/auth"
)

// Points count only from an issuer that is believed about them; what it says
// badly refuses the token.
func TestRatingsClaim(t *testing.T) {
	believed, _ := newAuth(t, func(c *auth.Config) { c.External.Ratings = true })
	ignored, _ := newAuth(t, nil)
	many := map[string]any{}
	for i := range 33 {
		many[fmt.Sprint("mode", i)] = 1500
	}
	token := func(ratings any) string {
		return forge(t, jwt.SigningMethodHS256, shared, nil, good(map[string]any{
			"iss": "https://id.example", "aud": "sandlot-game", "use": nil, "ratings": ratings,
		}))
	}
	for name, c := range map[string]struct {
		claim any
		want  map[string]int
		err   *auth.Error
	}{
		"none":          {nil, nil, nil},
		"two":           {map[string]any{"arena/ranked": 1620, "duel": 0}, map[string]int{"arena/ranked": 1620, "duel": 0}, nil},
		"a number":      {1620, nil, auth.ErrBadRatings},
		"a text":        {map[string]any{"duel": "1620"}, nil, auth.ErrBadRatings},
		"a fraction":    {map[string]any{"duel": 1620.5}, nil, auth.ErrBadRatings},
		"negative":      {map[string]any{"duel": -1}, nil, auth.ErrBadRatings},
		"beyond all":    {map[string]any{"duel": 10_001}, nil, auth.ErrBadRatings},
		"without mode":  {map[string]any{"": 1500}, nil, auth.ErrBadRatings},
		"too many":      {many, nil, auth.ErrBadRatings},
		"nested deeply": {map[string]any{"arena": map[string]any{"ranked": 1}}, nil, auth.ErrBadRatings},
	} {
		t.Run(name, func(t *testing.T) {
			who, err := believed.Verify(token(c.claim))
			wants(t, err, c.err)
			if !maps.Equal(who.Ratings, c.want) {
				t.Errorf("got %v", who.Ratings)
			}
			if who, err := ignored.Verify(token(c.claim)); err != nil || who.Ratings != nil {
				t.Errorf("an issuer that is not believed: %v, %v", who.Ratings, err)
			}
		})
	}
	own := forge(t, jwt.SigningMethodHS256, secret, map[string]any{"kid": "new"}, good(map[string]any{"ratings": map[string]any{"duel": 3000}}))
	if who, err := believed.Verify(own); err != nil || who.Ratings != nil {
		t.Errorf("our own tokens have none: %v, %v", who.Ratings, err)
	}
}
