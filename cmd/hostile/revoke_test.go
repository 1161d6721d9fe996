package hostile

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sandlot-server/sandlot/lobby/bus/bustest"
	"github.com/sandlot-server/sandlot/net/wire"
)

// subject is the player's id, which a token says to whoever reads it.
func subject(t *testing.T, token string) string {
	t.Helper()
	c := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(token, c); err != nil {
		t.Fatal(err)
	}
	return c["sub"].(string)
}

func (s *server) revoke(t *testing.T, body map[string]any) answer {
	t.Helper()
	return call(t, "POST", "http://"+s.admin+"/v1/revocations", "", body)
}

func TestRevocations(t *testing.T) {
	t.Parallel()
	s := shared.get(t, "SANDLOT_LOBBY_HOLD=1m")
	lobby := s.lobby(t, s.guest(t, "ann"), "traps", nil).Lobby
	mallory := s.guest(t, "mallory")
	spare := s.join(t, mallory, lobby.ID)
	so, w := s.enter(t, s.join(t, mallory, lobby.ID).Pass)
	bob := s.guest(t, "bob")
	honest, _ := s.enter(t, s.join(t, bob, lobby.ID).Pass)

	a := s.revoke(t, map[string]any{"player": subject(t, mallory)})
	var got struct{ Sessions int }
	_ = json.Unmarshal([]byte(a.body), &got)
	check(t, "revoked", "POST /v1/revocations", "201, 1 session ended", fmt.Sprintf("%d, %d session ended", a.status, got.Sessions))
	check(t, "revoked", "the player's socket", "1008 refused;revoked", so.end())
	try := func(query, credential string) string {
		so := upgrade(t, s.addr, query, bearer(credential))
		return fmt.Sprint(so.resp.StatusCode, " ", answer{body: so.body()}.code())
	}
	check(t, "revoked", "the token at the socket's door", "403 revoked", try("?lobby="+lobby.ID, mallory))
	check(t, "revoked", "an unspent pass", "403 revoked", try("", spare.Pass))
	check(t, "revoked", "the resume token", "403 revoked", try("", w.Resume))
	a = s.call(t, "POST", "/v1/lobbies", mallory, map[string]any{"game": "traps"})
	check(t, "revoked", "the token over HTTP", "403 revoked", fmt.Sprint(a.status, " ", a.code()))
	browser := upgrade(t, s.addr, "?lobby="+lobby.ID, bearer(mallory), "Origin: http://"+s.addr)
	check(t, "revoked", "a browser", "1008 refused;revoked", browser.end())
	_ = honest.say(wire.AppendPing(nil, wire.Ping{ClientTime: 1}))
	_, err := honest.message(wire.TypePong)
	check(t, "revoked", "somebody else", nil, err)

	a = s.revoke(t, map[string]any{"player": subject(t, bob), "renew": true})
	check(t, "revoked", "signed out: what was issued so far", "201, then 4010 expired;revoked", fmt.Sprint(a.status, ", then ", honest.end()))
	check(t, "revoked", "…the old token", "403 revoked", try("?lobby="+lobby.ID, bob))
	renewed := signed(t, jwt.SigningMethodHS256, nil, nil, claims(jwt.MapClaims{"sub": subject(t, bob), "iat": time.Now().Add(2 * time.Second).Unix()}))
	check(t, "revoked", "…a token issued later", "101 ", try("?lobby="+lobby.ID, renewed))
	s.revoke(t, map[string]any{"player": subject(t, mallory), "for": "0s"})
	check(t, "revoked", "lifted", "101 ", try("?lobby="+lobby.ID, mallory))

	for _, tc := range []struct {
		input string
		body  map[string]any
	}{
		{"nobody", map[string]any{}}, {"an unknown key", map[string]any{"player": "x", "colour": 1}},
		{"a time that is none", map[string]any{"player": "x", "for": "long"}}, {"a player of 5 KiB", map[string]any{"player": strings.Repeat("x", 5<<10)}},
	} {
		check(t, "revoked", "a revocation of "+tc.input, 400, s.revoke(t, tc.body).status)
	}
}

// Two instances over a Redis: a word at one's admin port holds at the other, and
// at one that starts later, within 5 s.
func TestRevocationsSpread(t *testing.T) {
	t.Parallel()
	redis := bustest.StartRedis(t)
	env := func(name string) []string {
		return []string{"SANDLOT_REDIS_URL=" + redis.URL, "SANDLOT_INSTANCE=" + name}
	}
	a, b := start(t, options{env: env("a")}), start(t, options{env: env("b")})
	mallory := b.guest(t, "mallory")
	so, _ := b.enter(t, b.lobby(t, mallory, "traps", nil).Pass)
	began := time.Now()
	if r := a.revoke(t, map[string]any{"player": subject(t, mallory)}); r.status != 201 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	how := so.end()
	took := time.Since(began)
	holds(t, "revoked", "at another instance: the socket", "1008 refused;revoked within 5 s", fmt.Sprintf("%s after %d ms", how, took.Milliseconds()), how == "1008 refused;revoked" && took < 5*time.Second)
	try := func(s *server) int {
		return s.call(t, "POST", "/v1/lobbies", mallory, map[string]any{"game": "traps"}).status
	}
	check(t, "revoked", "at another instance: the token", 403, try(b))
	c := start(t, options{env: env("c")})
	began = time.Now()
	eventually(t, "an instance that starts later refuses too", func() bool { return try(c) == 403 })
	holds(t, "revoked", "at an instance that starts later", "403 within 5 s", fmt.Sprintf("403 after %d ms", time.Since(began).Milliseconds()), time.Since(began) < 5*time.Second)
}

// Revocations of an instance that is alone outlive it.
func TestRevocationsLast(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := launch(dir, options{})
	if err != nil {
		t.Fatal(err)
	}
	mallory := first.guest(t, "mallory")
	first.revoke(t, map[string]any{"player": subject(t, mallory)})
	if err := first.stop(); err != nil {
		t.Fatal(err)
	}
	second, err := launch(dir, options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := second.stop(); err != nil {
			t.Error(err)
		}
	}()
	check(t, "revoked", "after a restart", 403, second.call(t, "POST", "/v1/lobbies", mallory, map[string]any{"game": "traps"}).status)
}
