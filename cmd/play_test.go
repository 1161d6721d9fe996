package cmd_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/sandlot-server/sandlot/cmd/cmdtest"
	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/wire"
)

// patience is how long a test waits for what must come.
const patience = 2 * time.Minute

// watch takes part in a lobby and hands on each message of a kind.
func watch[T any](t *testing.T, o client.Options, pick func(*wire.ServerMessage) (T, bool)) (*client.Client, <-chan T) {
	t.Helper()
	seen := make(chan T, 256)
	o.HTTP = cmdtest.HTTP(t)
	o.OnMessage = func(_ *client.Client, m *wire.ServerMessage) {
		if v, ok := pick(m); ok {
			select {
			case seen <- v:
			default: // the test has what it wants
			}
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c, err := client.Dial(ctx, o)
	if err != nil {
		t.Fatalf("join: %v", err)
	}
	t.Cleanup(func() {
		c.Close()
		<-c.Done()
	})
	return c, seen
}

func wait[T any](t *testing.T, what string, seen <-chan T, enough func(T) bool) T {
	t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for {
		select {
		case v := <-seen:
			if enough(v) {
				return v
			}
		case <-limit.C:
			t.Fatalf("%s did not come", what)
		}
	}
}

func result(m *wire.ServerMessage) (wire.Result, bool) {
	r := m.Result
	r.Places = append(r.Places[:0:0], r.Places...)
	return r, m.Type == wire.TypeResult
}

func anyResult(wire.Result) bool { return true }

func TestBotsPlayToAResult(t *testing.T) {
	for _, tc := range []struct {
		game     string
		settings map[string]int64
	}{
		{"arena", map[string]int64{"kills": 1, "seconds": 30}},
		{"fours", map[string]int64{"seconds": 5}},
	} {
		t.Run(tc.game, func(t *testing.T) {
			t.Parallel()
			s := cmdtest.Start(t, nil)
			ann := s.Guest("ann")
			made, err := ann.Create(t.Context(), client.CreateOptions{Game: tc.game, Settings: tc.settings})
			if err != nil {
				t.Fatal(err)
			}
			// Only the bots play; ann gives her seat up and watches.
			if err := ann.Leave(t.Context(), made.Lobby.ID); err != nil {
				t.Fatal(err)
			}
			_, results := watch(t, client.Options{URL: s.URL, Token: ann.Token, Lobby: made.Lobby.ID, Role: "spectator"}, result)

			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			type ended struct {
				code        int
				out, errOut string
			}
			bots := make(chan ended, 1)
			go func() {
				code, out, errOut := runWith(ctx, "bots", "--url", s.URL, "--lobby", made.Lobby.Code, "--game", tc.game, "--count", "2", "--duration", "5m", "--json")
				bots <- ended{code, out, errOut}
			}()
			r := wait(t, "a result", results, anyResult)
			if len(r.Places) != 2 {
				t.Errorf("the result has %d places: %+v", len(r.Places), r)
			}
			cancel()
			end := <-bots
			var got struct {
				Connected int
				Matches   int
				Errors    int
				States    int
			}
			if err := json.Unmarshal([]byte(end.out), &got); err != nil {
				t.Fatalf("%v\n%s\n%s", err, end.out, end.errOut)
			}
			if end.code != 0 || got.Connected != 2 || got.Errors != 0 || got.Matches < 1 || got.States == 0 {
				t.Errorf("exit code %d\n%s", end.code, end.out)
			}
		})
	}
}

func TestGuestIsInARunningMatchByQuickPlay(t *testing.T) {
	s := cmdtest.Start(t, nil)
	states := make(chan int, 64)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c, err := client.Dial(ctx, client.Options{URL: s.URL, Name: "ann", Game: "arena", HTTP: cmdtest.HTTP(t), OnState: func(c *client.Client) {
		select {
		case states <- c.Mirror().Table("ships").Len():
		default:
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { c.Close(); <-c.Done() }()
	wait(t, "a match with others", states, func(ships int) bool { return ships >= 2 })
}

func TestChatGoesRound(t *testing.T) {
	s := cmdtest.Start(t, nil)
	ann := s.Guest("ann")
	made, err := ann.Create(t.Context(), client.CreateOptions{Game: "fours"})
	if err != nil {
		t.Fatal(err)
	}
	chat := func(m *wire.ServerMessage) (wire.ChatOut, bool) { return m.Chat, m.Type == wire.TypeChatOut }
	a, heardA := watch(t, client.Options{URL: s.URL, Token: ann.Token, Joined: made}, chat)
	b, heardB := watch(t, client.Options{URL: s.URL, Name: "bob", Lobby: made.Lobby.Code}, chat)
	if err := a.Chat(0, "hello"); err != nil {
		t.Fatal(err)
	}
	got := wait(t, "ann's word at bob's", heardB, func(c wire.ChatOut) bool { return c.Text == "hello" })
	if got.Name != "ann" {
		t.Errorf("from %q", got.Name)
	}
	if err := b.Chat(0, "welcome"); err != nil {
		t.Fatal(err)
	}
	wait(t, "bob's word at ann's", heardA, func(c wire.ChatOut) bool { return c.Text == "welcome" })
}
