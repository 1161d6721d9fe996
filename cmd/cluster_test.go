package cmd_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/cmd/cmdtest"
	"github.com/sandlot-server/sandlot/lobby/bus/bustest"
	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/wire"
)

// instance starts one of several processes that share a Redis.
func instance(t *testing.T, redis, name string, flags ...string) *process {
	at := freeAddress(t)
	return launch(t, []string{asProgram + "=1", "SANDLOT_REDIS_URL=" + redis, "SANDLOT_AUTH_SECRET=" + cmdtest.Secret}, os.Args[0], append([]string{
		"serve", "--config", write(t, ""), "--listen", at, "--admin-listen", "127.0.0.1:0", "--instance", name,
		"--advertise-url", "http://" + at, "--data-dir", t.TempDir(),
		"--lobby-countdown", "50ms", "--lobby-results", "200ms",
		"--redis-beat", "700ms", "--redis-lease", "2100ms", "--redis-heartbeat", "100ms", "--redis-silent", "500ms", "--redis-timeout", "500ms",
	}, flags...)...)
}

func said(m *wire.ServerMessage) (wire.ChatOut, bool) { return m.Chat, m.Type == wire.TypeChatOut }

func saying(text string) func(wire.ChatOut) bool {
	return func(c wire.ChatOut) bool { return c.Text == text }
}

func TestTwoInstances(t *testing.T) {
	t.Parallel()
	redis := bustest.StartRedis(t)
	a, b := instance(t, redis.URL, "one"), instance(t, redis.URL, "two")

	// Ann makes a lobby at one; two lists it.
	ann := cmdtest.Guest(t, a.URL, "ann")
	made, err := ann.Create(t.Context(), client.CreateOptions{Game: "arena", Title: "shared", Settings: map[string]int64{"seconds": 900, "kills": 0}})
	if err != nil {
		t.Fatal(err)
	}
	bob := cmdtest.Guest(t, b.URL, "bob")
	lists := func(api *client.API) bool {
		page, err := api.List(t.Context(), client.ListOptions{})
		return err == nil && len(page.Lobbies) == 1 && page.Lobbies[0].ID == made.Lobby.ID && page.Lobbies[0].Instance == "one"
	}
	until(t, "two lists the lobby of one", func() bool { return lists(bob) })

	// Bob joins by way of two and is told to go to one.
	joined, err := bob.Join(t.Context(), made.Lobby.Code, "")
	if err != nil {
		t.Fatal(err)
	}
	if host := "ws" + strings.TrimPrefix(a.URL, "http"); !strings.HasPrefix(joined.URL, strings.Replace(host, "localhost", "127.0.0.1", 1)) {
		t.Errorf("joining at two answers with %s, and the home is %s", joined.URL, host)
	}
	ticks := make(chan uint32, 1)
	annC, annHears := watch(t, client.Options{URL: a.URL, Token: ann.Token, Joined: made}, said)
	bobC, bobHears := watch(t, client.Options{URL: b.URL, Token: bob.Token, Joined: joined, OnState: func(c *client.Client) {
		select {
		case ticks <- c.Tick():
		default:
		}
	}}, said)

	// Cat only talks, and is served where she is.
	cat := cmdtest.Guest(t, b.URL, "cat")
	talk, err := cat.Join(t.Context(), made.Lobby.ID, "chat")
	if err != nil {
		t.Fatal(err)
	}
	if host := "ws" + strings.TrimPrefix(b.URL, "http"); !strings.HasPrefix(talk.URL, host) && !strings.HasPrefix(talk.URL, strings.Replace(host, "localhost", "127.0.0.1", 1)) {
		t.Errorf("who only talks is sent to %s from %s", talk.URL, host)
	}
	catC, catHears := watch(t, client.Options{URL: b.URL, Token: cat.Token, Joined: talk}, said)
	tell := func(from *client.Client, text string) {
		t.Helper()
		if err := from.Chat(0, text); err != nil {
			t.Fatal(err)
		}
	}
	tell(annC, "hello from one")
	wait(t, "one's word at two", catHears, saying("hello from one"))
	tell(catC, "hello from two")
	for _, hears := range []<-chan wire.ChatOut{annHears, bobHears, catHears} {
		if got := wait(t, "two's word", hears, saying("hello from two")); got.Name != "cat" {
			t.Errorf("it is said to come from %q", got.Name)
		}
	}

	// They play.
	for _, c := range []*client.Client{annC, bobC} {
		if err := c.Ready(true); err != nil {
			t.Fatal(err)
		}
	}
	first := wait(t, "a match", ticks, func(n uint32) bool { return n > 0 })

	// Redis is gone: play and chat at home go on, and what needs it says so at once.
	redis.Kill()
	status := func(p *process, want string) func() bool {
		return func() bool {
			resp, body := ask(t, "GET", p.AdminURL+"/readyz", nil, "")
			return resp.StatusCode == 200 && strings.Contains(body, fmt.Sprintf("%q:%q", "status", want))
		}
	}
	until(t, "one is degraded", status(a, "degraded"))
	until(t, "two is degraded", status(b, "degraded"))
	wait(t, "ticks without Redis", ticks, func(n uint32) bool { return n > first+30 })
	tell(annC, "still here")
	wait(t, "a word at home without Redis", bobHears, saying("still here"))
	if _, err := ann.Create(t.Context(), client.CreateOptions{Game: "arena"}); err != nil {
		t.Errorf("a lobby of one's own without Redis: %v", err)
	}
	var p *client.Problem
	if _, err := bob.Join(t.Context(), "NOSUCHCD", ""); !errors.As(err, &p) || p.Status != 503 || p.RetryAfter == 0 {
		t.Errorf("a lobby that only Redis may know: %v", err)
	}

	// It comes back empty: all heals by itself.
	redis.Start()
	until(t, "one is ready", status(a, "ready"))
	until(t, "two is ready", status(b, "ready"))
	until(t, "two lists the lobby again", func() bool {
		page, err := bob.List(t.Context(), client.ListOptions{})
		return err == nil && len(page.Lobbies) == 2
	})
	until(t, "one's word is heard at two again", func() bool {
		_ = annC.Chat(0, "back again") // may come too early, or too often
		select {
		case c := <-catHears:
			return c.Text == "back again"
		case <-time.After(time.Second):
			return false
		}
	})
}
