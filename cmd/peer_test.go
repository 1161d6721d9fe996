package cmd_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/sandlot-server/sandlot/cmd"
	"github.com/sandlot-server/sandlot/cmd/cmdtest"
	"github.com/sandlot-server/sandlot/net/auth"
	"github.com/sandlot-server/sandlot/net/client"
	"github.com/sandlot-server/sandlot/net/ws"
	"github.com/sandlot-server/sandlot/net/ws/dial"
)

// What another instance passes on counts for the client's address, as it says it;
// nobody else can say so, nor say it twice.
func TestPassedSocketsCountByTheirAddress(t *testing.T) {
	t.Parallel()
	s := cmdtest.Start(t, func(c *cmd.Config) { c.Instance, c.Limits.SocketsPerAddress = "home", 1 })
	ann := s.Guest("ann")
	made, err := ann.Create(t.Context(), client.CreateOptions{Game: "arena"})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := auth.New(auth.Config{Keys: []auth.Key{{Secret: []byte(cmdtest.Secret)}}})
	if err != nil {
		t.Fatal(err)
	}
	pass, err := keys.VerifyPass(made.Pass) // names the run
	if err != nil {
		t.Fatal(err)
	}
	word := func(to, boot, remote string) string {
		t.Helper()
		w, err := keys.IssuePeer(auth.Peer{From: "other", To: to, Boot: boot, Sum: ws.SocketSum, Remote: remote})
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	open := func(word string) (*dial.Conn, int) {
		t.Helper()
		c, err := dial.Dial(t.Context(), dial.Options{
			URL:       "ws" + strings.TrimPrefix(s.URL, "http") + "/v1/ws?lobby=" + made.Lobby.ID,
			Header:    http.Header{ws.PeerHeader: {word}, "Authorization": {"Bearer " + s.Guest("bob").Token}},
			Protocols: []string{ws.Subprotocol},
		})
		if no := new(dial.Refused); errors.As(err, &no) {
			return nil, no.Status
		}
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		go func() { defer cancel(); c.Run(func([]byte) {}) }()
		t.Cleanup(func() { c.Break(); <-ctx.Done() })
		return c, 101
	}
	first := word("home", pass.Boot, "203.0.113.9:1234")
	for _, test := range []struct {
		what, word string
		want       int
	}{
		{"from an address", first, 101},
		{"the same word again", first, 403},
		{"the same address again", word("home", pass.Boot, "203.0.113.9:1235"), 429},
		{"another address", word("home", pass.Boot, "203.0.113.10:1"), 101},
		{"a word for another instance", word("elsewhere", pass.Boot, "203.0.113.11:1"), 403},
		{"a word for an earlier run", word("home", "before", "203.0.113.12:1"), 503},
		{"no word", "x", 403},
	} {
		if _, got := open(test.word); got != test.want {
			t.Errorf("%s: status %d, want %d", test.what, got, test.want)
		}
	}
}
