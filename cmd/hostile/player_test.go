package hostile

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sandlot-server/sandlot/net/wire"
)

// secret signs the victims' tokens: attackers here know it where a test says so.
const secret = "hostile: a secret of no worth, but long enough"

// client calls without keeping connections, as many clients do.
var httpClient = &http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}

// answer is what an HTTP call gave.
type answer struct {
	status int
	header http.Header
	body   string
}

// code is the problem's code.
func (a answer) code() string {
	var p struct{ Code string }
	_ = json.Unmarshal([]byte(a.body), &p)
	return p.Code
}

// call makes a request; body is sent as JSON if it is there. Header lines are
// "Name: value".
func (s *server) call(t *testing.T, method, path, token string, body any, header ...string) answer {
	t.Helper()
	return call(t, method, "http://"+s.addr+path, token, body, header...)
}

func call(t *testing.T, method, url, token string, body any, header ...string) answer {
	t.Helper()
	var in io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		in = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, url, in)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range header {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	resp, err := httpClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, string(b)}
}

// guest signs in and gives the token.
func (s *server) guest(t *testing.T, name string, header ...string) string {
	t.Helper()
	a := s.call(t, "POST", "/v1/guests", "", map[string]any{"name": name}, header...)
	var got struct{ Token string }
	if err := json.Unmarshal([]byte(a.body), &got); err != nil || got.Token == "" {
		t.Fatalf("sign in: %d %s", a.status, a.body)
	}
	return got.Token
}

// joined is the way into a lobby.
type joined struct {
	Lobby struct{ ID, Code, Phase string }
	Pass  string
}

// lobby makes one and gives the way in.
func (s *server) lobby(t *testing.T, token, game string, more map[string]any, header ...string) joined {
	t.Helper()
	in := map[string]any{"game": game}
	maps.Copy(in, more)
	return s.joined(t, s.call(t, "POST", "/v1/lobbies", token, in, header...))
}

// join gives a way into a lobby.
func (s *server) join(t *testing.T, token, lobby string) joined {
	t.Helper()
	return s.joined(t, s.call(t, "POST", "/v1/lobbies/"+lobby+"/join", token, nil))
}

func (s *server) joined(t *testing.T, a answer) (j joined) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), &j); err != nil || j.Pass == "" {
		t.Fatalf("join: %d %s", a.status, a.body)
	}
	return j
}

// enter opens the socket of a pass and reads its welcome.
func (s *server) enter(t *testing.T, pass string) (*socket, *wire.Welcome) {
	t.Helper()
	so := upgrade(t, s.addr, "", bearer(pass))
	if so.resp.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("open the socket: %d %s", so.resp.StatusCode, so.body())
	}
	m, err := so.message(wire.TypeWelcome)
	if err != nil {
		t.Fatal(err)
	}
	return so, &m.Welcome
}

// player is a guest alone in a new lobby of a game, connected.
func (s *server) player(t *testing.T, game string) (*socket, *wire.Welcome, joined) {
	t.Helper()
	j := s.lobby(t, s.guest(t, "mallory"), game, map[string]any{"private": true})
	so, w := s.enter(t, j.Pass)
	return so, w, j
}

// playing is player with the match running.
func (s *server) playing(t *testing.T, game string) (*socket, *wire.Welcome, joined) {
	t.Helper()
	so, w, j := s.player(t, game)
	if err := so.say(wire.AppendStart(nil)); err != nil {
		t.Fatal(err)
	}
	if _, err := so.message(wire.TypeMatch); err != nil {
		t.Fatal(err)
	}
	return so, w, j
}

// claims are those of a good player's token, changed by change.
func claims(change jwt.MapClaims) jwt.MapClaims {
	now := time.Now()
	c := jwt.MapClaims{
		"iss": "sandlot", "aud": "sandlot/player", "use": "player", "sub": "mallory", "name": "mallory", "jti": "1",
		"iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}
	for k, v := range change {
		if v == nil {
			delete(c, k)
			continue
		}
		c[k] = v
	}
	return c
}
